"""What operators may do to accounts, and what they may not."""

import io
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Digest, Notification, User
from classroom.models import Event
from tests.clock import time_passes
from tests.hooks import page_text
from tests.log_in import log_in
from tests.notifications import saying

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T59")]


def test_many_accounts_are_logged_in_one_statement_as_on_their_own_pages(operators_browser, amara, leo):
    """Also from the list of open accounts, in which they no longer are afterwards."""
    ticked = {"_selected_action": [amara.pk, leo.pk], "sure": f"2-{amara.pk + leo.pk}"}
    for action, state, logged in [
        ("close_accounts", "open", "Account closed"),
        ("reopen_accounts", "closed", "Account reopened"),
    ]:
        with CaptureQueriesContext(connection) as queries:
            operators_browser.post(f"/admin/accounts/user/?account={state}", ticked | {"action": action})

        assert sum('INSERT INTO "django_admin_log"' in query["sql"] for query in queries) == 1
        assert set(User.objects.filter(kind="student").values_list("is_active", flat=True)) == {
            action == "reopen_accounts"
        }
        entries = LogEntry.objects.filter(change_message=logged)
        assert sorted(entries.values_list("object_id", flat=True)) == sorted([str(amara.pk), str(leo.pk)])


def test_an_operator_raises_nobody(operators_browser, amara):
    # A role never changes (A1).
    operators_browser.post(f"/admin/accounts/user/{amara.pk}/change/", {"kind": "teacher", "is_staff": "on"})

    amara.refresh_from_db()
    assert (amara.kind, amara.is_staff) == ("student", False)


def shown_password(page):
    return re.search(r"data-one-time>(\w+)<", page.content.decode())[1]


@pytest.fixture
def give(operators_browser, amara):
    """give() gives Amara a one-time password and returns the browser in which she has typed it."""

    def given():
        page = operators_browser.post(f"/admin/accounts/user/{amara.pk}/password/")
        browser = Client()
        log_in(browser, "amara", shown_password(page))
        return browser

    return given


@pytest.mark.threat("T15")
def test_an_operator_gives_a_student_without_an_address_a_new_password(give):
    """Two people know that password, so she has to choose her own."""
    browser = give()

    assert get_user(browser).username == "amara"
    assert browser.get("/")["Location"] == "/accounts/password/change/"


@pytest.mark.threat("T15")
def test_it_works_although_a_teachers_one_time_password_is_over(give, amara):
    amara.give_one_time_password()
    time_passes(days=2)

    assert get_user(give()).username == "amara"


@pytest.mark.threat("T15")
def test_the_person_is_told(give, amara):
    """So a stolen operator's account can't take over another account in silence."""
    give()

    assert "An administrator of this site" in amara.notifications.get().sentence


@pytest.mark.rule("J10")
@pytest.mark.threat("T15")
def test_a_second_press_shows_the_same_password_and_tells_nobody_again(operators_browser, amara):
    page = f"/admin/accounts/user/{amara.pk}/password/"
    key = {"form_key": operators_browser.get(page).context["form"]["form_key"].value()}

    first, second = (shown_password(operators_browser.post(page, key)) for _ in range(2))

    assert first == second
    assert amara.notifications.count() == 1
    assert [entry.change_message for entry in LogEntry.objects.all()] == ["One-time password given"]
    time_passes(minutes=5)
    assert shown_password(operators_browser.post(page, key)) != first


@pytest.mark.threat("T15")
def test_a_closed_account_gets_no_password(operators_browser, amara):
    page = f"/admin/accounts/user/{amara.pk}/password/"
    User.objects.filter(pk=amara.pk).close()

    assert operators_browser.get(page).status_code == 404
    answer = operators_browser.post(page)

    assert (answer.status_code, "Reopen it first." in page_text(answer)) == (422, True)
    assert amara.notifications.count() == 0


def test_moments_are_written_with_24_hours(operators_browser, amara, biology):
    event = biology.events.get()
    biology.events.update(at="2026-11-27T16:04Z")
    page = page_text(operators_browser.get(f"/admin/classroom/event/{event.pk}/change/"))
    assert "Ngozi Okafor created the class (27 Nov 2026, 16:04)" in page
    User.objects.filter(pk=amara.pk).update(date_joined="2026-11-28T17:53Z", last_login="2026-11-29T18:05Z")

    page = page_text(operators_browser.get(f"/admin/accounts/user/{amara.pk}/change/"))

    assert "28 Nov 2026, 17:53" in page
    assert "29 Nov 2026, 18:05" in page
    assert "29 Nov 2026, 18:05" in page_text(operators_browser.get("/admin/accounts/user/?q=amara"))


def test_an_entry_of_the_history_has_its_sentence_for_a_title(operators_browser, biology, ms_okafor, amara):
    """It names three people and names at most, and takes no statement for any of them."""
    amara.rename(by=ms_okafor, first_name="Amára", last_name="Touré")
    rename = amara.renames.get()
    biology.record(Event.Kind.CORRECT_NAME, ms_okafor, user=amara, rename=rename)
    given = biology.events.latest("pk")
    created = biology.events.earliest("pk")
    operators_browser.get(f"/admin/classroom/event/{given.pk}/change/")

    with CaptureQueriesContext(connection) as plain:
        operators_browser.get(f"/admin/classroom/event/{created.pk}/change/")
    with CaptureQueriesContext(connection) as renamed:
        page = page_text(operators_browser.get(f"/admin/classroom/event/{given.pk}/change/"))

    assert "Ngozi Okafor corrected the name of Amára Touré from “Amara Toure” to “Amára Touré” (" in page
    assert len(renamed) == len(plain)


@pytest.mark.threat("T53")
def test_an_operator_proves_no_address_in_somebodys_place(operators_browser, ms_okafor):
    address = ms_okafor.emailaddress_set.get()
    for page in ("add/", f"{address.pk}/change/"):
        path = f"/admin/account/emailaddress/{page}"
        fields = {"user": ms_okafor.pk, "email": "thief@elsewhere.example", "verified": "on"}
        assert operators_browser.post(path, fields).status_code == 403
    action = {"action": "make_verified", "_selected_action": [address.pk]}
    type(address).objects.update(verified=False)

    operators_browser.post("/admin/account/emailaddress/", action)

    assert list(ms_okafor.emailaddress_set.values_list("email", "verified")) == [(address.email, False)]


@pytest.mark.threat("T53")
def test_an_operator_changes_their_own_password_where_everybody_does(operators_browser):
    assert operators_browser.get("/admin/password_change/")["Location"] == "/accounts/password/change/"


def test_given_up_digests_are_found(operators_browser, ms_okafor):
    Digest.objects.create(user=ms_okafor, topic="waits")
    given_up = Digest.objects.create(user=ms_okafor, topic="given up", given_up_at="2026-11-23T08:00Z")

    assert "Emails that couldn't be sent: 1 about notifications" in page_text(
        operators_browser.get("/admin/")
    )
    page = operators_browser.get("/admin/accounts/digest/?state=given-up")

    assert list(page.context["cl"].queryset) == [given_up]
    assert operators_browser.get(f"/admin/accounts/digest/{given_up.pk}/change/").status_code == 200
    assert operators_browser.get(f"/admin/accounts/digest/{given_up.pk}/delete/").status_code == 403


def test_the_list_of_mails_says_what_each_is_about(operators_browser, ms_okafor):
    digest = Digest.objects.create(user=ms_okafor, topic="h6ym16xlvc4c")
    text = "People asked to join Biology 9B."
    Notification.objects.create(user=ms_okafor, **saying(text), link="/", digest=digest)

    for page in ("/admin/accounts/digest/", f"/admin/accounts/digest/{digest.pk}/change/"):
        shown = page_text(operators_browser.get(page))
        assert "People asked to join Biology 9B." in shown, page
        assert "h6ym16xlvc4c" not in shown, page


def test_notifications_are_read_only(operators_browser, ms_okafor):
    [told] = Notification.objects.notify([ms_okafor], **saying("Hello."), link="/")

    path = f"/admin/accounts/notification/{told.pk}/change/"
    assert operators_browser.get(path).status_code == 200
    assert operators_browser.post(path, {"text": "x"}).status_code == 403
    assert operators_browser.get("/admin/accounts/notification/add/").status_code == 403


@pytest.mark.rule("A1", "Q8")
@pytest.mark.threat("T85")
def test_an_operators_account_is_made_at_the_command_line_and_is_a_teachers(monkeypatch):
    """It has a name too, because the name appears in the history of a class."""
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct horse battery")
    asked = {"username": "Head", "email": "head@school.example", "first_name": "Ada", "last_name": "Head"}

    call_command("createsuperuser", interactive=False, **asked)

    operator = User.objects.get()
    assert (operator.username, operator.full_name, operator.kind) == ("head", "Ada Head", "teacher")


@pytest.mark.parametrize(
    "taken", [{"username": "Okafor"}, {"email": "OKAFOR@school.example"}], ids=["username", "address"]
)
def test_no_operators_account_is_made_with_what_another_one_has(ms_okafor, monkeypatch, taken):
    """Such as by somebody who has signed up as a teacher before. It was a traceback that didn't say what is wrong."""
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct horse battery")
    asked = {"username": "head", "email": "head@school.example", "first_name": "Ada", "last_name": "Head"}

    with pytest.raises(CommandError, match="taken|Another account has this"):
        call_command("createsuperuser", interactive=False, **asked | taken)

    assert User.objects.get() == ms_okafor


def test_what_is_taken_is_asked_for_again(ms_okafor, monkeypatch, capsys):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    typed = iter(["OKAFOR", "head", "okafor@school.example", "head@school.example", "Ada", "Head"])
    monkeypatch.setattr("builtins.input", lambda question: next(typed))
    monkeypatch.setattr("getpass.getpass", lambda *question: "correct horse battery")

    call_command("createsuperuser", stdin=terminal)

    said = capsys.readouterr().err
    assert "That username is already taken." in said
    assert "Another account has this email address." in said
    assert User.objects.get(email="head@school.example").username == "head"


def test_no_operators_account_is_made_without_a_name():
    with pytest.raises(CommandError, match="--first_name"):
        call_command("createsuperuser", interactive=False, username="head", email="head@school.example")
