"""What operators may do to accounts, and what they may not."""

import pytest
from django.contrib.auth import get_user
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Digest, Notification, User
from tests.clock import time_passes
from tests.hooks import page_text
from tests.log_in import log_in

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T59")]


def test_a_teacher_is_no_operator(sign_in, ms_okafor):
    assert sign_in(ms_okafor).get("/admin/", follow=True).status_code == 403


def test_an_operator_closes_and_reopens_an_account(operators_browser, amara):
    def press(action):
        operators_browser.post("/admin/accounts/user/", {"action": action, "_selected_action": [amara.pk]})
        amara.refresh_from_db()
        return amara.is_active

    assert press("close_accounts") is False
    assert press("reopen_accounts") is True


@pytest.mark.rule("J10")
def test_accounts_closed_twice_are_counted_both_times(operators_browser, amara, leo):
    """Even on the list of open accounts, where they no longer appear."""
    ticked = {"_selected_action": [amara.pk, leo.pk]}
    pages = [
        operators_browser.post(f"/admin/accounts/user/{chosen}", ticked | {"action": action}, follow=True)
        for action, chosen in [("close_accounts", "?is_active__exact=1"), ("close_accounts", "")]
        + [("reopen_accounts", "?is_active__exact=0"), ("reopen_accounts", "")]
    ]

    told = ["2 closed", "2 closed", "2 reopened", "2 reopened"]
    assert [sentence in page_text(page) for sentence, page in zip(told, pages, strict=True)] == [True] * 4


def test_an_operator_raises_nobody(operators_browser, amara):
    # A role never changes (A1).
    operators_browser.post(f"/admin/accounts/user/{amara.pk}/change/", {"kind": "teacher", "is_staff": "on"})

    amara.refresh_from_db()
    assert (amara.kind, amara.is_staff) == ("student", False)


@pytest.fixture
def give(operators_browser, amara):
    """give("plain words") sets Amara's password and returns the browser in which she has typed it."""

    def given(password):
        fields = {"password1": password, "password2": password, "usable_password": "true"}
        operators_browser.post(f"/admin/accounts/user/{amara.pk}/password/", fields)
        browser = Client()
        log_in(browser, "amara", password)
        return browser

    return given


@pytest.mark.threat("T15")
def test_an_operator_gives_a_student_without_an_address_a_new_password(give):
    """Two people know that password, so she has to choose her own."""
    browser = give("plain words")

    assert get_user(browser).username == "amara"
    assert browser.get("/")["Location"] == "/accounts/password/change/"


@pytest.mark.threat("T15")
def test_it_works_although_a_teachers_one_time_password_is_over(give, amara):
    amara.give_one_time_password()
    time_passes(days=2)

    assert get_user(give("plain words")).username == "amara"


@pytest.mark.threat("T15")
def test_the_person_is_told(give, amara):
    """So a stolen operator's account can't take over another account in silence."""
    give("plain words")

    assert "An administrator of this site" in amara.notifications.get().text


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

    page = operators_browser.get("/admin/accounts/digest/?state=given-up")

    assert list(page.context["cl"].queryset) == [given_up]
    assert operators_browser.get(f"/admin/accounts/digest/{given_up.pk}/change/").status_code == 200
    assert operators_browser.get(f"/admin/accounts/digest/{given_up.pk}/delete/").status_code == 403


def test_notifications_are_read_only(operators_browser, ms_okafor):
    [told] = Notification.objects.notify([ms_okafor], text="Hello.", link="/")

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


def test_no_operators_account_is_made_without_a_name():
    with pytest.raises(CommandError, match="--first_name"):
        call_command("createsuperuser", interactive=False, username="head", email="head@school.example")
