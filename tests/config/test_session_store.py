"""F12: the database goes away in the very moment in which a session is written."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

# As PostgreSQL says when an operator stops it.
STOPPED = """
CREATE OR REPLACE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'stopped' USING ERRCODE = '57P01'; END $$;
CREATE TRIGGER stop BEFORE UPDATE ON django_session FOR EACH ROW EXECUTE FUNCTION stop();
"""


@pytest.fixture
def session(client, amara):
    """As a request has it that changes something in it."""
    client.force_login(amara)
    session = client.session
    session["something"] = "new"
    return session


@pytest.fixture
def _stopped(session):
    with connection.cursor() as cursor:
        cursor.execute(STOPPED)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER stop ON django_session; DROP FUNCTION stop")


@pytest.mark.usefixtures("_stopped")
def test_the_error_is_the_databases_own_which_answers_503(session):
    with pytest.raises(OperationalError):
        session.save()


def test_a_session_that_is_gone_is_another_matter(session):
    """Somebody has logged out in another window: there is nothing to try again, so Django answers 400."""
    Session.objects.all().delete()

    with pytest.raises(UpdateError):
        session.save()
