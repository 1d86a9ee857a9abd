"""A session comes with its user in one statement, and whose it is depends on what Django would check (ADR 28)."""

from contextlib import suppress

import pytest
from django.contrib.sessions.backends import db
from django.core.signals import request_started
from django.db import OperationalError, connection

from accounts.models import Session, User, session
from tests.log_in import is_in

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T60")]


def name_in(browser):
    return browser.get("/").context["user"].username


@pytest.fixture
def written_before(amaras_browser):
    """The row of Amara's session is as the previous release has written it."""
    Session.objects.update(user=None)
    return amaras_browser


def test_session_and_user_take_one_statement(amaras_browser, count_queries):
    with count_queries(1):
        amaras_browser.get("/accounts/login/")  # leads home at once


def test_a_key_that_a_row_has_already_is_drawn_again(amaras_browser, monkeypatch):
    taken = amaras_browser.session.session_key
    keys = iter([taken, "another-key"])
    monkeypatch.setattr(session, "get_random_string", lambda *_: next(keys))
    fresh = session.SessionStore()

    fresh.create()

    assert fresh.session_key == "another-key"
    assert Session.objects.get(pk=taken).user is not None


@pytest.fixture
def next_request(amaras_browser):
    """next_request() -> the answer to Amara's next request, which begins as a web server begins it."""

    def get():
        request_started.send(None)
        return amaras_browser.get("/notifications/")

    return get


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_reading_the_session_shows_whether_the_connection_works(next_request, monkeypatch):
    """Otherwise each request would begin with a SELECT 1."""
    monkeypatch.setattr(connection, "is_usable", lambda: pytest.fail("PostgreSQL was asked."))

    assert next_request().status_code == 200


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.fault("F13")
def test_a_lost_connection_is_replaced_before_anybody_notices(next_request):
    with connection.cursor() as cursor, suppress(OperationalError):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    assert next_request().status_code == 200


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_fails_on_a_working_connection_is_not_tried_again(next_request, monkeypatch):
    tried = []

    def fail(key):
        tried.append(key)
        raise OperationalError

    monkeypatch.setattr("accounts.models.session._session_with_user.first", fail)

    with pytest.raises(OperationalError):
        next_request()
    assert len(tried) == 1


@pytest.mark.fault("F27")
def test_a_session_of_the_previous_release_goes_on(written_before, amara):
    assert name_in(written_before) == "amara"

    written_before.session.save()
    assert Session.objects.get().user == amara


@pytest.mark.fault("F27")
def test_the_previous_release_goes_on_with_a_session_of_this_one(amaras_browser, amara):
    before = db.SessionStore(amaras_browser.cookies["sessionid"].value)
    assert before["_auth_user_id"] == str(amara.pk)

    before["seen"] = 1
    before.save()
    assert name_in(amaras_browser) == "amara"


@pytest.mark.fault("F27")
def test_a_session_of_the_previous_release_ends_like_any_other(written_before, amara):
    User.objects.filter(pk=amara.pk).log_out_everywhere()

    assert not is_in(written_before)


def test_only_what_is_signed_says_whose_session_it_is(amaras_browser, leo):
    Session.objects.update(user=leo)

    assert name_in(amaras_browser) == "amara"


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "another"}, {"log_outs": 1}])
def test_each_of_these_alone_ends_the_session(amaras_browser, amara, change):
    User.objects.filter(pk=amara.pk).update(**change)

    assert not is_in(amaras_browser)


def test_another_way_to_log_in_ends_the_session(amaras_browser, settings):
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]

    assert not is_in(amaras_browser)


def test_a_log_out_and_another_log_in_leave_nobody_behind(amaras_browser, sign_in, leo):
    amaras_browser.force_login(leo)

    assert name_in(amaras_browser) == "leo"
    assert Session.objects.get().user == leo
    amaras_browser.logout()
    assert not Session.objects.exists()
