"""The database aborts a statement in the middle of an act."""

from threading import Event

import pytest
from django.db import OperationalError, connection, transaction

from classroom.models import Classroom
from joins.acts.join_result import JoinResult
from tests.deployed.school import AT_MOST, until
from tests.joins.races import run_together, will_use_code
from tests.joins.test_sign_up_with_code import GRACE
from tests.log_in import log_in

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.fault("F17")]

# Another transaction raises the given error. A sequence counts, because no rollback sets it back.
BREAKING = """
CREATE SEQUENCE IF NOT EXISTS broken;
SELECT setval('broken', 1, false);
CREATE OR REPLACE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF nextval('broken') <= {times} THEN
    RAISE EXCEPTION 'broken off' USING ERRCODE = '{state}';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER break BEFORE INSERT ON classroom_event FOR EACH ROW EXECUTE FUNCTION break();
"""


@pytest.fixture
def breaks():
    """breaks("40001", times=2) -> the first two writes to the history fail with this error. The result counts the
    attempts."""

    def begin(state, times):
        with connection.cursor() as cursor:
            cursor.execute(BREAKING.format(state=state, times=times))

    yield begin
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS break ON classroom_event")
        cursor.execute("DROP FUNCTION break; DROP SEQUENCE broken")


def tries():
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM broken")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_join_that_is_undone_is_run_again_up_to_three_times(breaks, state, biology, biology_code, amara):
    code = biology_code()
    breaks(state, times=3)

    assert will_use_code(code, amara)().is_member
    assert biology.memberships.filter(user=amara).count() == 1
    assert biology.events.filter(kind="join").count() == 1


def test_a_fourth_time_is_one_too_many(breaks, biology, biology_code, amara):
    code = biology_code()
    breaks("40001", times=9)

    with pytest.raises(OperationalError):
        will_use_code(code, amara)()

    assert tries() == 4
    assert not biology.memberships.filter(user=amara).exists()


def test_within_an_outer_transaction_nothing_is_run_again(breaks, biology_code, amara):
    code = biology_code()
    breaks("40001", times=1)

    with pytest.raises(OperationalError), transaction.atomic():
        will_use_code(code, amara)()

    assert tries() == 1


@pytest.mark.rule("J6")
def test_what_a_log_in_does_by_itself_is_run_again(breaks, client, join_url, biology, amara):
    """The log-in and the request to join share one transaction."""
    client.post(join_url.path)
    breaks("40P01", times=2)

    answer = log_in(client, "amara")

    assert answer.status_code == 302
    assert (tries(), biology.join_requests.filter(user=amara).count()) == (3, 1)


def test_an_act_of_a_manager_is_run_again_too(breaks, url, biology, biology_code, ms_okafor, okafors_browser):
    breaks("40P01", times=2)

    assert okafors_browser.post(url("code/lock/")).status_code == 302
    assert biology_code().locked_by == ms_okafor
    assert biology.events.filter(kind="lock_code").count() == 1


@pytest.mark.threat("T85")
def test_signing_up_is_run_again_as_a_whole(breaks, client, biology, biology_code):
    code = biology_code().code
    breaks("40001", times=2)

    assert client.post("/accounts/signup/student/", GRACE | {"code": code}).status_code == 302
    assert [place.user.username for place in biology.memberships.filter(role="member")] == ["grace"]


@pytest.mark.fault("F13")
def test_a_join_whose_session_is_killed_is_run_again_once(biology, biology_code, amara):
    join = will_use_code(biology_code(), amara)
    killed, is_held = [], Event()

    def kill_who_waits():
        with transaction.atomic():
            Classroom.objects.select_for_update().get(pk=biology.pk)
            is_held.set()
            killed.extend(until(_killed))

    outcomes = run_together(kill_who_waits, lambda: is_held.wait(AT_MOST) and join())

    assert (outcomes, len(killed)) == ([None, JoinResult(biology)], 1)
    assert biology.memberships.filter(user=amara).count() == 1


def _killed():
    """Ends the connections to this database that wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchall()
