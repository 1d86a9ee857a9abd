"""Each try to log in is a row until the password has been right. What is left are the failures."""

from functools import partial

import pytest
from django.test import Client

from accounts.models import LogInTry, log_in_try
from privacy.models.retention import outdated
from tests.clock import time_passes
from tests.joins.races import run_together
from tests.log_in import log_in

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T55")]
WRONG = "wrong password"


@pytest.mark.parametrize(("login", "statements"), [("amara", 9), ("okafor", 9), ("okafor@school.example", 9)])
def test_a_log_in_takes_so_many_statements(client, amara, ms_okafor, count_queries, login, statements):
    """Two of them are the SAVEPOINT and RELEASE of the session, which a test has instead of BEGIN and COMMIT."""
    with count_queries(statements):
        log_in(client, login)


def test_the_right_password_leaves_nothing_behind(client, amara):
    log_in(client, "amara")

    assert not LogInTry.objects.exists()


def test_nor_does_a_try_that_is_refused(client, amara):
    for _ in range(7):
        log_in(client, "amara", WRONG)

    assert LogInTry.objects.count() == 5


def test_the_right_password_leaves_the_failures_of_the_last_five_minutes(client, amara):
    """Somebody in the same network who guesses gets no more tries because the owner logs in."""
    for _ in range(4):
        log_in(Client(), "amara", WRONG)
    log_in(client, "amara")

    assert [log_in(Client(), "amara", WRONG).status_code for _ in range(2)] == [422, 429]


def test_the_oldest_failure_makes_room_after_five_minutes(client, amara):
    log_in(client, "amara", WRONG)
    time_passes(minutes=3)
    for _ in range(4):
        log_in(client, "amara", WRONG)
    assert log_in(client, "amara", WRONG).status_code == 429

    time_passes(minutes=3)

    assert [log_in(client, "amara", WRONG).status_code for _ in range(2)] == [422, 429]


@pytest.mark.threat("T93")
def test_a_row_names_nobody(client, amara):
    log_in(client, "amara", WRONG)

    row = str(LogInTry.objects.values_list().get())

    assert "amara" not in row
    assert "127.0.0.1" not in row


@pytest.mark.threat("T92")
def test_a_failure_is_kept_for_a_day(client, amara):
    log_in(client, "amara", WRONG)
    assert not outdated()["tries to log in"].exists()

    time_passes(days=1)

    assert outdated()["tries to log in"].exists()


@pytest.mark.django_db(transaction=True)
def test_of_eight_tries_at_once_five_at_most_are_checked(amara):
    answers = run_together(*[partial(log_in, Client(), "amara", f"{WRONG} {number}") for number in range(8)])

    assert [answer.status_code for answer in answers].count(422) <= 5
    assert {answer.status_code for answer in answers} <= {422, 429}


@pytest.mark.django_db(transaction=True)
def test_nor_are_more_in_a_session_that_is_open(sign_in, amara):
    """The page that changes the password is one transaction, which doesn't see what another one has counted."""
    session = sign_in(amara).cookies["sessionid"].value
    for _ in range(4):
        log_in(Client(), "amara", WRONG)

    def press(number):
        browser = Client()
        browser.cookies["sessionid"] = session
        new = {"password1": "violet-harbour-lantern", "password2": "violet-harbour-lantern"}
        return browser.post("/accounts/password/change/", new | {"oldpassword": f"{WRONG} {number}"})

    answers = run_together(*[partial(press, number) for number in range(5)])

    assert sorted(answer.status_code for answer in answers) == [422] + [429] * 4


@pytest.mark.parametrize("meanwhile", ["another press logs in", "a new password"])
def test_what_happens_to_the_row_before_it_is_counted_fails_no_log_in(client, amara, monkeypatch, meanwhile):
    """Two presses at once: one was a 500, because the other had broken the row of failures in between."""
    insert_together = log_in_try.insert_together

    def inserted_and_then(tried):
        insert_together(tried)
        if meanwhile == "a new password":
            LogInTry.objects.all().delete()
        else:
            LogInTry.objects.update(in_a_row="")

    monkeypatch.setattr(log_in_try, "insert_together", inserted_and_then)

    assert log_in(client, "amara").status_code == 302
    assert not LogInTry.objects.exists()
