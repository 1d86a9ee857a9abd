"""Who wants to join, on a shared computer, with a slow mail or a forgotten password."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone
from django.utils.http import urlencode

from classroom.models import Membership
from joins.acts.ask import ask_by_join_url
from joins.models import JoinRequest
from tests.accounts.test_sign_up_teacher import ADA
from tests.factories import MembershipFactory
from tests.hooks import alerts, hooks, page_text, pop_ups
from tests.joins.test_sign_up_with_code import GRACE
from tests.log_in import LOG_IN, log_in
from tests.mailbox import code_in_the_mail, letters

CONFIRM, RESET = "/accounts/confirm-email/", "/accounts/password/reset/"
STUDENT, TEACHER = "/accounts/signup/student/", "/accounts/signup/teacher/"
NEW = "another plain phrase"
pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]


def asked_by():
    return list(JoinRequest.objects.order_by("pk").values_list("user__username", "door", "status"))


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span))


def choose_new_password(client):
    """Opens the link in the last mail, saves a new password, and presses "Log in" on the last page. Returns its
    address."""
    link = re.search(r"http\S+", letters()[-1].body)[0]
    form = client.get(link, follow=True)
    done = client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW}, follow=True)
    return [address for address in hooks(done, "href") if address.startswith("/accounts/login/")][-1]


@pytest.mark.rule("J11")
@pytest.mark.threat("T49")
def test_a_code_typed_by_one_pupil_is_not_used_by_the_log_in_of_the_next(
    client, code_typed, biology, amara, biology_code
):
    """A page names the person before anybody joins."""
    page = log_in(client, "amara", follow=True)

    assert page.redirect_chain == [("/join/", 302)]
    assert "Join as Amara Toure (amara). Not you? Log out ." in page_text(page)
    assert hooks(page, "data-joins-as") == ["amara"]
    assert biology_code().in_threes in hooks(page, "value")
    assert not Membership.objects.filter(user=amara).exists()


@pytest.mark.rule("J6", "J11")
@pytest.mark.threat("T49")
def test_who_logs_in_after_another_pupil_pressed_ask_to_join_sees_who_asked_and_cancels(
    client, biology, amara
):
    """The request is made by itself, as nobody can tell whether the same person logs in. One press takes it back."""
    client.post(biology.join_url.path)
    page = log_in(client, "amara", follow=True)
    assert "You asked as Amara Toure (amara)." in page_text(page)
    [join_request] = JoinRequest.objects.all()
    cancel = f"/requests/{join_request.pk}/withdraw/"
    assert cancel in hooks(page, "action")

    page = client.post(cancel, follow=True)

    assert "You have cancelled your request to join Biology 9B." in page_text(page)
    assert asked_by() == [("amara", "join-url", "withdrawn")]


@pytest.mark.rule("J11", "A5")
def test_one_press_there_joins_and_ends_the_wish(client, code_typed, biology, amara, biology_code):
    log_in(client, "amara", follow=True)

    page = client.post("/join/", {"code": biology_code().code}, follow=True)

    assert page.redirect_chain == [(biology.path, 302)]
    assert Membership.objects.get(user=amara).door == "code"
    assert "wish" not in client.session


@pytest.mark.rule("J11")
@pytest.mark.threat("T49")
def test_not_you_drops_the_code_and_leads_back_to_the_door(client, code_typed, amara):
    log_in(client, "amara", follow=True)

    page = client.post("/accounts/logout/", {"next": "/join/"}, follow=True)

    assert page.redirect_chain == [("/join/", 302)]
    assert "wish" not in client.session


@pytest.mark.threat("T49")
def test_a_code_also_waits_where_the_person_was_to_go_elsewhere(client, code_typed, amara, biology):
    """The page that names the person comes before `next`."""
    answer = log_in(client, "amara", next="/accounts/profile/")

    assert answer["Location"] == "/join/"


@pytest.mark.rule("J6")
@pytest.mark.threat("T49")
def test_a_code_left_for_half_an_hour_is_gone_and_the_page_says_so(client, code_typed, amara, biology_code):
    with later(minutes=31):
        page = log_in(client, "amara", follow=True)

    assert "A Code was typed on this computer a while ago." in page_text(page)
    assert biology_code().in_threes not in hooks(page, "value")


@pytest.mark.rule("J6", "J11")
@pytest.mark.threat("T49")
def test_a_press_left_for_half_an_hour_is_asked_about_where_it_says_who_joins(
    client, asked_at_join_url, join_url, amara
):
    with later(minutes=31):
        page = log_in(client, "amara", follow=True)

    assert page.redirect_chain == [(join_url.path, 302)]
    assert "was pressed on this computer a while ago" in page_text(page)
    assert (hooks(page, "data-joins-as"), asked_by()) == (["amara"], [])


@pytest.mark.rule("J6", "J8")
@pytest.mark.parametrize("state", ["is in", "waits"])
def test_a_press_left_for_half_an_hour_asks_for_no_other_where_there_is_no_button(
    client, asked_at_join_url, join_url, biology, amara, state
):
    """It said "Press it again" beside "You're in this class"."""
    if state == "is in":
        MembershipFactory(classroom=biology, user=amara)
    else:
        ask_by_join_url(join_url, by=amara)
    with later(minutes=31):
        page = log_in(client, "amara", follow=True)

    assert page.redirect_chain == [(join_url.path, 302)]
    assert ("You're in this class." if state == "is in" else "You have asked to join") in page_text(page)
    assert "Press it again" not in page_text(page)


@pytest.mark.threat("T49")
@pytest.mark.parametrize("newest", ["code", "join url"])
def test_the_newest_wish_counts(client, code_typed, newest, biology_code, physics, amara):
    client.post(physics.join_url.path)
    if newest == "code":
        client.post("/join/", {"code": biology_code().code})

    page = log_in(client, "amara", follow=True)

    if newest == "code":
        assert (page.redirect_chain, asked_by()) == ([("/join/", 302)], [])
    else:
        assert asked_by() == [("amara", "join-url", "pending")]
        assert JoinRequest.objects.get().classroom == physics
        assert not Membership.objects.filter(user=amara).exists()
        assert hooks(client.get("/join/"), "value")[-1:] != [biology_code().in_threes]
        assert "wish" not in client.session


@pytest.mark.threat("T49")
def test_another_accounts_log_in_drops_it_even_if_nobody_stopped_the_first(
    client, asked_at_join_url, mail_server, amara
):
    """The first pupil closed the tab in the middle of the sign-up."""
    client.post(TEACHER, ADA)
    session = client.session
    del session["account_login"]
    session.save()

    log_in(client, "amara")

    assert get_user(client) == amara
    assert asked_by() == []


@pytest.mark.threat("T49")
def test_whoever_stops_in_the_middle_of_a_sign_up_leaves_no_wish(client, asked_at_join_url, mail_server):
    client.post(TEACHER, ADA)
    client.post("/accounts/logout/")

    assert "wish" not in client.session


@pytest.mark.rule("J6")
@pytest.mark.parametrize("minutes", [16, 32, 8 * 60, 23 * 60])
@pytest.mark.parametrize("code_is", ["the first", "a fresh one"])
def test_a_slow_mail_loses_neither_the_sign_up_nor_the_wish(
    client, asked_at_join_url, mail_server, minutes, code_is
):
    client.post(TEACHER, ADA)

    with later(minutes=minutes):
        if code_is == "a fresh one":
            client.post(CONFIRM, {"action": "resend"})
        page = client.post(CONFIRM, {"code": code_in_the_mail()}, follow=True)

    assert len(pop_ups(page)) == len(asked_by()) == 1


@pytest.mark.rule("J6", "J11")
@pytest.mark.parametrize("minutes", [16, 32])
def test_a_slow_mail_loses_no_code(client, code_typed, mail_server, minutes, biology):
    client.post(TEACHER, ADA)
    code = code_in_the_mail()

    with later(minutes=minutes):
        page = client.post(CONFIRM, {"code": code}, follow=True)

    assert page.redirect_chain[-1] == (biology.path, 302)
    assert Membership.objects.filter(user__email=ADA["email"]).exists()


@pytest.mark.rule("J6")
@pytest.mark.threat("T49")
def test_a_newer_wish_typed_while_the_mail_is_slow_counts_alone(
    client, asked_at_join_url, mail_server, physics
):
    client.post(TEACHER, ADA)
    client.post(physics.join_url.path)

    client.post(CONFIRM, {"code": code_in_the_mail()}, follow=True)

    assert [request.classroom for request in JoinRequest.objects.all()] == [physics]


@pytest.mark.rule("J6")
@pytest.mark.parametrize("next_page", ["", "/accounts/profile/"])
def test_a_mailed_code_whose_session_has_ended_says_so_and_keeps_where_the_person_wanted_to_go(
    client, mail_server, next_page
):
    """The browser was closed meanwhile, or the mail was opened in another one."""
    page = client.post(TEACHER, ADA | {"next": next_page})
    assert page["Location"] == CONFIRM + (f"?{urlencode({'next': next_page})}" if next_page else "")
    code, client = code_in_the_mail(), Client()

    answer = client.post(page["Location"], {"code": code})
    page = client.get(answer["Location"])

    assert alerts(page) == [
        "This browser doesn't know your sign-up any more. Log in with your email and password, and we'll send you "
        "a new code."
    ]
    client.post(answer["Location"], {"login": ADA["email"], "password": ADA["password1"]})
    answer = client.post(CONFIRM, {"code": code_in_the_mail()})
    assert answer["Location"] == (next_page or "/")


@pytest.mark.rule("J6")
def test_a_code_from_the_mail_typed_too_late_says_so_and_a_fresh_one_keeps_the_wish(
    client, asked_at_join_url, mail_server
):
    client.post(TEACHER, ADA)
    code = code_in_the_mail()

    with later(hours=25):
        page = client.post(CONFIRM, {"code": code}, follow=True)
        assert alerts(page) == [
            "The code in the email is too old, because it works for one day. Log in with your email and password, and "
            "we'll send you a new code."
        ]
        log_in(client, ADA["email"], ADA["password1"])
        page = client.post(CONFIRM, {"code": code_in_the_mail()}, follow=True)

    assert len(pop_ups(page)) == len(asked_by()) == 1


@pytest.mark.rule("J11")
def test_a_code_typed_at_a_sign_up_that_fails_is_kept_for_the_log_in(client, biology_code, amara):
    """The username is taken because the account exists already."""
    answer = client.post(STUDENT, GRACE | {"code": biology_code().code, "username": "amara"})
    assert answer.status_code == 422

    page = log_in(client, "amara", follow=True)

    assert page.redirect_chain == [("/join/", 302)]
    assert biology_code().in_threes in hooks(page, "value")


@pytest.mark.rule("J7", "J11")
def test_a_press_and_then_the_code_of_a_failed_sign_up_are_both_kept(
    client, asked_at_join_url, physics_code, amara
):
    client.post(STUDENT, GRACE | {"code": physics_code().code, "username": "amara"})

    page = log_in(client, "amara", follow=True)

    assert asked_by() == [("amara", "join-url", "pending")]
    assert physics_code().in_threes in hooks(page, "value")


@pytest.mark.rule("J6")
@pytest.mark.parametrize("minutes", [5, 120])
def test_a_forgotten_password_keeps_the_press_however_slow_the_mail(
    client, asked_at_join_url, amara_has_address, minutes
):
    client.post("/accounts/password/reset/", {"email": amara_has_address.email})
    with later(minutes=minutes):
        login = choose_new_password(client)
        page = client.post(login, {"login": "amara", "password": NEW}, follow=True)

    assert len(pop_ups(page)) == len(asked_by()) == 1


@pytest.mark.rule("J11")
def test_a_forgotten_password_keeps_the_code_however_slow_the_mail(
    client, code_typed, amara_has_address, biology_code
):
    client.post("/accounts/password/reset/", {"email": amara_has_address.email})
    with later(hours=2):
        login = choose_new_password(client)
        page = client.post(login, {"login": "amara", "password": NEW}, follow=True)

    assert biology_code().in_threes in hooks(page, "value")


@pytest.mark.threat("T49")
def test_the_next_pupil_does_not_ask_by_the_press_of_one_who_waits_for_a_mail(
    client, asked_at_join_url, amara_has_address, join_url, leo
):
    client.post("/accounts/password/reset/", {"email": amara_has_address.email})
    with later(hours=2):
        page = log_in(client, "leo", follow=True)

    assert (asked_by(), page.redirect_chain) == ([], [(join_url.path, 302)])


def test_a_forgotten_password_leads_on_to_where_the_person_wanted_to_go(client, amara_has_address):
    """People don't have to begin again because they forgot a password."""
    page = client.get("/accounts/login/?next=/accounts/profile/")
    reset = [address for address in hooks(page, "href") if "password/reset" in address][-1]
    assert "next" in client.get(reset).content.decode()
    answer = client.post(reset, {"email": amara_has_address.email, "next": "/accounts/profile/"})
    assert answer["Location"].startswith("/accounts/password/reset/done/")

    login = choose_new_password(client)
    hidden = dict(
        re.findall(r'type="hidden" name="(next)" value="([^"]*)"', client.get(login).content.decode())
    )
    page = log_in(client, "amara", NEW, **hidden, follow=True)

    assert page.redirect_chain[-1] == ("/accounts/profile/", 302)
    assert "forgotten" not in client.session


def test_who_remembers_the_password_meanwhile_gets_there_too(client):
    answer = client.post(
        "/accounts/password/reset/", {"email": "x@school.example", "next": "/accounts/profile/"}
    )

    assert "/accounts/login/?next=/accounts/profile/" in hooks(client.get(answer["Location"]), "href")


@pytest.mark.rule("J11")
@pytest.mark.threat("T15")
def test_a_code_is_shown_again_after_a_one_time_password_has_been_changed(
    client, code_typed, biology_code, leo
):
    """The page with the Code comes after the page for choosing a password."""
    given = leo.give_one_time_password()
    page = client.post(LOG_IN, {"login": "leo", "password": given}, follow=True)
    assert page.redirect_chain[-1] == ("/accounts/password/change/?next=/join/", 302)
    assert 'name="next" value="/join/"' in page.content.decode()

    fields = {"oldpassword": given, "password1": NEW, "password2": NEW, "next": "/join/"}
    page = client.post("/accounts/password/change/", fields, follow=True)

    assert page.redirect_chain == [("/join/", 302)]
    assert hooks(page, "data-joins-as") == ["leo"]
    assert biology_code().in_threes in hooks(page, "value")


@pytest.mark.rule("J11")
@pytest.mark.parametrize("door", ["/", "/join/", "join url"])
def test_every_door_names_who_joins_and_logging_out_leads_back_to_it(sign_in, client, join_url, door, amara):
    door = join_url.path if door == "join url" else door
    assert hooks(client.get(door), "data-joins-as") == []
    browser = sign_in(amara)

    page = browser.get(door)

    assert hooks(page, "data-joins-as") == ["amara"]
    assert "Join as Amara Toure (amara). Not you? Log out ." in page_text(page)
    next_page = re.search(r'data-joins-as.*?name="next" value="([^"]*)"', page.content.decode(), re.DOTALL)[1]
    assert browser.post("/accounts/logout/", {"next": next_page})["Location"] == door
