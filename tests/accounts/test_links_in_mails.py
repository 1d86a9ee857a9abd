"""Opening a link from a mail changes nothing. Only its button does (J5)."""

import re

import pytest
from allauth.account.models import EmailAddress, get_emailconfirmation_model

from accounts.models import User
from tests.accounts.presses import username_in
from tests.factories import PASSWORD
from tests.mailbox import letters

NEW = "another four plain words"
SENTENCE = "This link is for another account. If you continue, you'll be logged out here."
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.rule("J5"),
    pytest.mark.threat("T37"),
    pytest.mark.engine_free,
]


def reset_link(client, person):
    """The link that chooses a new password."""
    client.post("/accounts/password/reset/", {"email": person.email})
    return re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", letters()[-1].body)[1]


def confirmation_link(client, person):
    """The link that confirms an address, where there is no mail server."""
    address = EmailAddress.objects.create(user=person, email="lind@new.example")
    return f"/accounts/confirm-email/{get_emailconfirmation_model().create(address).key}/"


@pytest.mark.parametrize("make", [reset_link, confirmation_link])
@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_another_persons_link_logs_nobody_out(client, sign_in, ms_okafor, mr_lind, make, method):
    okafor_here, link = sign_in(ms_okafor), make(client, mr_lind)

    page = getattr(okafor_here, method)(link, follow=True)

    assert page.status_code == 200
    assert username_in(okafor_here) == "okafor"
    if method == "get":
        assert SENTENCE in page.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("make", [reset_link, confirmation_link])
def test_opening_ones_own_link_says_nothing_of_another_account(client, sign_in, ms_okafor, make):
    page = sign_in(ms_okafor).get(make(client, ms_okafor), follow=True)

    assert "another account" not in page.content.decode()


@pytest.mark.parametrize("make", [reset_link, confirmation_link])
def test_its_button_logs_the_other_person_out(client, sign_in, ms_okafor, mr_lind, make):
    okafor_here = sign_in(ms_okafor)
    page = okafor_here.get(make(client, mr_lind), follow=True).request["PATH_INFO"]

    okafor_here.post(page, {"password1": NEW, "password2": NEW})

    assert username_in(okafor_here) is None
    mr_lind.refresh_from_db()
    assert mr_lind.check_password(NEW) or mr_lind.email == "lind@new.example"


@pytest.mark.threat("T88")
def test_the_link_of_an_account_closed_meanwhile_no_longer_works(client, mr_lind):
    page = client.get(reset_link(client, mr_lind), follow=True).request["PATH_INFO"]
    User.objects.filter(pk=mr_lind.pk).close()

    answer = client.post(page, {"password1": NEW, "password2": NEW})

    assert "This link no longer works" in answer.content.decode()
    mr_lind.refresh_from_db()
    assert mr_lind.check_password(PASSWORD)
