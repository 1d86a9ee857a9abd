"""With a one-time password, people can only go on to choose their own password."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from tests.factories import MembershipFactory
from tests.hooks import alerts, hooks
from tests.log_in import log_in_elsewhere

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T15")]
CHANGE = "/accounts/password/change/"
OWN = "three plain words"


@pytest.fixture
def given(amara):
    return amara.give_one_time_password()


def choose(browser, new=OWN):
    return browser.post(CHANGE, {"password1": new})


def test_the_alphabet_has_no_vowels_and_no_twins(given):
    assert len(given) == 8
    assert set(given) <= set("cdhjmrtvwxz2346789")


@pytest.mark.parametrize(
    "address", ["/", "/join/", "/accounts/profile/", "/accounts/email/", "/notifications/"]
)
def test_nothing_can_be_done_before_a_password_of_ones_own(given, address, biology_code, biology):
    """Afterwards they get the page that they wanted to open."""
    browser = log_in_elsewhere("amara", given)

    assert browser.get(address)["Location"] == (CHANGE if address == "/" else f"{CHANGE}?next={address}")
    assert browser.post(address, {"code": biology_code().code})["Location"] == CHANGE
    assert browser.get(biology.path)["Location"] == f"{CHANGE}?next={biology.path}"
    assert browser.get(address, headers={"hx-request": "true"})["HX-Redirect"] == CHANGE


def test_the_pages_own_poll_takes_away_nothing_that_is_being_typed(given):
    here = {"hx-request": "true", "hx-current-url": f"http://testserver{CHANGE}"}

    answer = log_in_elsewhere("amara", given).get("/waiting/?v=1", headers=here)

    assert (answer.status_code, answer.content) == (204, b"")


def test_a_password_of_ones_own_ends_it(given, amara):
    browser = log_in_elsewhere("amara", given)
    assert "Choose your own password" in browser.get(CHANGE).content.decode()

    choose(browser)

    assert browser.get("/").status_code == 200
    assert get_user(log_in_elsewhere("amara", OWN)).username == "amara"
    assert not get_user(log_in_elsewhere("amara", given)).is_authenticated


def fields_of(answer):
    return re.findall(r'<input type="\w+" name="(\w+)"', answer.content.decode())


@pytest.mark.rule("M2")
def test_it_asks_only_for_the_new_password_and_leads_to_the_class(given, biology, amara):
    MembershipFactory(classroom=biology, user=amara)
    browser = log_in_elsewhere("amara", given)
    page = browser.get(browser.answer["Location"], follow=True)
    assert [name for name in fields_of(page) if "password" in name] == ["password1"]

    answer = browser.post(CHANGE, {"password1": OWN, "next": biology.path})

    assert hooks(page, "value").count(biology.path) == 1
    assert answer["Location"] == biology.path


def test_somebody_in_no_class_comes_to_their_home_page(given):
    browser = log_in_elsewhere("amara", given)

    page = browser.get(browser.answer["Location"], follow=True)

    assert (page.request["PATH_INFO"], hooks(page, "value").count("/")) == (CHANGE, 1)


def test_whoever_was_on_their_way_elsewhere_comes_there(given, biology, amara, client):
    MembershipFactory(classroom=biology, user=amara)

    page = client.post(
        "/accounts/login/", {"login": "amara", "password": given, "next": "/join/"}, follow=True
    )

    assert page.redirect_chain[-1] == (f"{CHANGE}?next=/join/", 302)


def test_without_a_one_time_password_the_old_one_is_asked_for(amara, sign_in):
    browser = sign_in(amara)

    assert "oldpassword" in fields_of(browser.get(CHANGE))
    assert choose(browser).status_code == 422


@pytest.mark.rule("J10")
def test_in_a_second_tab_where_it_was_still_open_a_sentence_says_so(given, amara):
    """The page has three fields by then. It said that two of them, which nobody had seen before, weren't filled in."""
    browser = log_in_elsewhere("amara", given)
    choose(browser)

    answer = choose(browser, "another three plain words")

    assert answer.status_code == 422
    assert alerts(answer) == [
        "You have chosen your own password already, so this one isn't saved. To change it, fill in all three fields."
    ]
    assert get_user(log_in_elsewhere("amara", OWN)).username == "amara"


@pytest.mark.parametrize("drawn", ["7t8x9z2c", "23467892"])
def test_the_same_again_is_none_of_ones_own(amara, drawn):
    """The page says so even if the new password has other faults as well."""
    amara.give_one_time_password(drawn)
    browser = log_in_elsewhere("amara", drawn)

    answer = choose(browser, drawn)

    assert answer.status_code == 422
    assert "Choose one of your own." in answer.content.decode()
    assert browser.get("/")["Location"] == CHANGE


def test_logging_out_is_always_possible(given):
    browser = log_in_elsewhere("amara", given)

    browser.post("/accounts/logout/")

    assert not get_user(browser).is_authenticated


@pytest.mark.parametrize(("hours", "is_in"), [(23, True), (25, False)])
def test_it_works_for_a_day(given, amara, hours, is_in):
    """Measured by the database's clock."""
    amara.refresh_from_db()
    assert abs(amara.one_time_until - timezone.now() - timedelta(hours=24)) < timedelta(minutes=1)
    User.objects.filter(pk=amara.pk).update(one_time_until=amara.one_time_until - timedelta(hours=hours))

    browser = log_in_elsewhere("amara", given)

    assert get_user(browser).is_authenticated == is_in
    assert is_in or "Ask your teacher for a new one." in browser.answer.content.decode()


@pytest.mark.rule("J10")
def test_it_holds_rows_in_the_order_of_a_new_password_so_that_neither_breaks_the_other_off(amara):
    """In another order, PostgreSQL ended one of the two, and the student read that Homeroom was too busy."""

    def written_by(act):
        with CaptureQueriesContext(connection) as queries:
            act()
        writes = [re.match(r'(?:UPDATE|DELETE FROM) "(\w+)"', query["sql"]) for query in queries]
        return list(dict.fromkeys(write[1] for write in writes if write))

    def choose_password():
        amara.replace_password(OWN)
        amara.clear_failures()

    assert written_by(choose_password) == ["accounts_user", "accounts_logintry"]
    assert written_by(amara.give_one_time_password)[:2] == ["accounts_user", "accounts_logintry"]
