"""How long a log-in lasts."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from accounts.sessions import MOST_PROOFS
from joins.acts.ask import ask_by_join_url
from tests.accounts.presses import username_in
from tests.factories import PASSWORD
from tests.joins.test_sign_up_with_code import GRACE
from tests.log_in import is_in, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T60"), pytest.mark.engine_free]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def later():
    """later(HOUR) moves the clock on, for the rest of the test."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock.shift


@pytest.fixture
def log_in_with_tick(client):
    """log_in_with_tick(user) logs in through the form, with "keep me logged in" ticked."""

    def post(user):
        log_in(client, user.username, remember="on")
        return client

    return post


@pytest.mark.threat("T62")
@pytest.mark.parametrize(("person", "hours"), [("amara", 1), ("ms_okafor", 2), ("operator", 1)])
def test_who_does_nothing_is_logged_out(request, sign_in, later, person, hours):
    browser = sign_in(request.getfixturevalue(person))

    later(hours * HOUR - MINUTE)
    assert is_in(browser)
    later(hours * HOUR)
    ended = browser.get("/notifications/")
    assert (ended.status_code, ended.headers["Clear-Site-Data"]) == (302, '"cache", "storage"')
    assert not is_in(browser)


@pytest.mark.threat("T59", "T62")
@pytest.mark.parametrize(("person", "hours"), [("amara", 12), ("ms_okafor", 12), ("operator", 8)])
def test_who_never_rests_is_logged_out_in_the_end(request, sign_in, later, person, hours):
    browser = sign_in(request.getfixturevalue(person))

    for _ in range(hours * 2 - 1):
        later(HOUR / 2)
        assert is_in(browser)
    later(HOUR / 2)
    assert not is_in(browser)


@pytest.mark.threat("T62")
def test_a_page_that_asks_by_itself_keeps_nobody_logged_in(sign_in, later, amara, biology):
    """This concerns the poll, and the parts of a page that reload themselves after it."""
    ask_by_join_url(biology.join_url, by=amara)
    browser = sign_in(amara)
    by_itself = {"hx-request": "true", "hx-current-url": "http://testserver/"}

    for _ in range(5):
        later(10 * MINUTE)
        assert browser.get("/waiting/?v=1", headers=by_itself).status_code == 200
        assert browser.get("/", headers=by_itself).status_code == 200
    later(10 * MINUTE)

    answer = browser.get("/waiting/?v=1", headers=by_itself)
    assert answer["HX-Redirect"] == "/accounts/login/?next=/"
    assert 'role="alert"' not in answer.content.decode()


@pytest.mark.threat("T62")
def test_an_ended_session_is_gone_from_the_server(later, amaras_browser):
    """A stolen copy of the cookie opens nothing."""
    cookie = amaras_browser.cookies["sessionid"].value
    later(HOUR)

    amaras_browser.get("/")

    assert not Session.objects.filter(session_key=cookie).exists()


@pytest.mark.threat("T92")
@pytest.mark.parametrize(("fields", "days"), [({}, 3), ({"remember": "on"}, 14)])
def test_a_row_that_nobody_writes_any_more_is_kept_for_days(client, ms_okafor, fields, days):
    """If the log-in ends with the browser, the row doesn't stay for two weeks."""
    log_in(client, "okafor", **fields)

    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(days=days) - MINUTE < left <= timedelta(days=days)


@pytest.mark.threat("T62")
@pytest.mark.fault("F18")
def test_looking_writes_to_the_session_every_five_minutes_at_most(later, amaras_browser):
    def seen():
        return Session.objects.get().get_decoded()["log_in_seen"]

    first = seen()

    later(4 * MINUTE)
    amaras_browser.get("/notifications/")
    assert seen() == first
    later(MINUTE)
    amaras_browser.get("/notifications/")
    assert seen() == first + 300


def test_a_session_without_a_beginning_has_ended(amaras_browser):
    session = amaras_browser.session
    del session["log_in_began"]
    session.save()

    assert not is_in(amaras_browser)


def test_a_teacher_may_stay_logged_in_for_two_weeks(log_in_with_tick, later, ms_okafor):
    browser = log_in_with_tick(ms_okafor)
    assert browser.cookies["sessionid"]["max-age"] == 14 * 24 * 3600

    later(timedelta(days=13, hours=23))
    assert is_in(browser)
    later(HOUR)
    assert not is_in(browser)


@pytest.mark.threat("T59", "T62")
@pytest.mark.parametrize("person", ["amara", "operator"])
def test_students_and_operators_cannot(request, log_in_with_tick, later, person):
    """Their cookie ends with the browser, whatever they ticked, and their session after some hours."""
    browser = log_in_with_tick(request.getfixturevalue(person))
    assert username_in(browser) == person
    assert browser.cookies["sessionid"]["max-age"] == ""

    later(HOUR)
    assert not is_in(browser)


@pytest.mark.threat("T62")
def test_nor_by_a_cookie_of_their_own_making(later, amaras_browser):
    """If they kept the cookie anyway, the session would still end after those hours."""
    session = amaras_browser.session
    session.set_expiry(timedelta(weeks=2))
    session.save()
    later(HOUR)

    assert not is_in(amaras_browser)


@pytest.mark.threat("T59")
def test_who_becomes_an_operator_is_held_to_the_shorter_hours_at_once(log_in_with_tick, later, ms_okafor):
    browser = log_in_with_tick(ms_okafor)
    User.objects.update(is_staff=True)
    later(HOUR)

    assert not is_in(browser)


@pytest.mark.threat("T62")
def test_a_new_account_has_a_session_of_a_students_length(client, biology_code, later):
    client.post("/accounts/signup/student/", GRACE | {"code": biology_code().code})

    assert (username_in(client), client.cookies["sessionid"]["max-age"]) == ("grace", "")
    later(HOUR)
    assert not is_in(client)


@pytest.mark.threat("T68")
def test_who_types_the_password_again_and_again_does_not_make_the_session_grow(okafors_browser):
    """allauth records each time, and each request reads the whole session."""
    for number in range(MOST_PROOFS + 5):
        okafors_browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": f"/?{number}"})

    records = okafors_browser.session["account_authentication_methods"]
    assert len(records) == MOST_PROOFS
    assert records[-1]["at"] > records[0]["at"]
    assert okafors_browser.get("/accounts/email/").status_code == 200
