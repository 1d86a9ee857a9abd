"""The worker sends each code and link once. No page waits for a mail server, and no fault of a server loses a mail."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Digest, Letter, Notification
from accounts.tasks import deliver_digests, deliver_letters
from tests.accounts.mail_servers import WELL, faulty
from tests.accounts.presses import username_in
from tests.accounts.test_sign_up_teacher import ADA, URL
from tests.clock import time_passes
from tests.factories import TeacherFactory
from tests.mailbox import code_in_the_mail, letters
from tests.notifications import saying

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada_waits(client, mail_server):
    """Ada has signed up and looks at the page that asks for the code from the mail."""
    client.post(URL, ADA)
    return client


@pytest.mark.fault("F22", "F23")
@pytest.mark.parametrize("fault", ["Away", "Silent", "Locked"])
def test_no_page_asks_the_mail_server_and_the_code_comes_when_it_is_back(
    client, mail_server, settings, fault
):
    faulty(settings, fault)
    page = client.post(URL, ADA, follow=True)
    assert "We sent an email with a code to" in page.content.decode()
    deliver_letters()
    assert Letter.objects.get().tries == 1

    settings.EMAIL_BACKEND = WELL
    time_passes(minutes=1)
    client.post("/accounts/confirm-email/", {"code": code_in_the_mail()})

    assert username_in(client).startswith("teacher-")


@pytest.mark.threat("T26")
@pytest.mark.fault("F04")
def test_it_is_mailed_once_and_nothing_of_it_is_kept(ada_waits):
    """A code is a secret."""
    deliver_letters()
    deliver_letters()

    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["ada@school.example"], "Confirm your email address")
    assert not Letter.objects.exists()


@pytest.mark.fault("F05", "F25")
def test_a_second_copy_after_a_crash_is_known_to_be_one(ada_waits):
    """The worker was killed after the server's yes and before it was written down."""
    [letter] = Letter.objects.all()
    deliver_letters()
    letter.save()

    first, second = (sent.extra_headers["Message-ID"] for sent in letters())

    assert first == second == f"<letter-{letter.pk}@localhost>"


def test_a_code_that_has_ended_is_not_mailed(ada_waits):
    time_passes(days=1)

    assert letters() == []
    assert not Letter.objects.exists()


@pytest.mark.fault("F22")
def test_what_has_no_end_is_given_up_after_three_days_without_its_text(client, settings, ms_okafor):
    """Operators can see that the mail was given up, but not the link in it."""
    client.post("/accounts/password/reset/", {"email": ms_okafor.email})
    faulty(settings, "Away")
    time_passes(days=3)

    deliver_letters()

    given_up = Letter.objects.given_up().get()
    assert (given_up.to, given_up.kind, given_up.text) == (ms_okafor.email, "password_reset_key", "")


@pytest.mark.fault("F24")
def test_one_refused_for_good_is_given_up_and_the_rest_go_out(client, settings, ms_okafor, mr_lind, caplog):
    faulty(settings, "Picky")
    for person in (mr_lind, ms_okafor):
        client.post("/accounts/password/reset/", {"email": person.email})

    assert [sent.to for sent in letters()] == [[ms_okafor.email]]
    assert Letter.objects.get().given_up_at
    assert "@school.example" not in caplog.text


def test_a_code_goes_before_the_digests(ada_waits, ms_okafor):
    """Somebody waits for a code, but nobody waits for a digest."""
    fields = {"link": "/", "topic": "bio", "mail_after": timedelta(0)}
    Notification.objects.notify([ms_okafor], **saying("Amara asks."), **fields)
    Digest.objects.gather()
    Digest.objects.update(due_at=Now() - timedelta(hours=1))

    deliver_digests()

    assert [sent.to for sent in mail.outbox] == [["ada@school.example"], [ms_okafor.email]]


@pytest.mark.threat("T26")
def test_no_operator_and_no_log_line_tells_a_code(ada_waits, sign_in, caplog):
    caplog.set_level("INFO")
    letter = Letter.objects.get()
    browser = sign_in(TeacherFactory(username="operator", is_staff=True, is_superuser=True))
    pages = [
        browser.get(reverse("admin:accounts_letter_changelist")),
        browser.get(reverse("admin:accounts_letter_change", args=[letter.pk])),
    ]
    code = code_in_the_mail()

    assert [page.status_code for page in pages] == [200, 200]
    assert [page for page in pages if code in page.content.decode()] == []
    assert code not in caplog.text
