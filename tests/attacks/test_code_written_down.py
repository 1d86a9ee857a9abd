"""In how many places a Code is stored once everything that can be done with it has been done."""

import json

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.tasks import deliver_digests
from joins.acts import clock, leak
from joins.acts.by_code import use_code
from joins.models import JoinCode
from joins.tasks import lock_due_codes, warn_before_lock
from tests.clock import time_passes
from tests.factories import StudentFactory
from tests.joins.test_sign_up_with_code import GRACE
from tests.log_in import log_in
from tests.tables import tables


@pytest.fixture
def used(client, biology, biology_code, amara, leo, ms_okafor, sign_in):
    """The Code of Biology 9B after it was used to join, kept through log-in, used to sign up, warned of, locked and
    reported as leaked."""
    code = biology_code().code
    sign_in(amara).post("/join/", {"code": code})
    client.post("/join/", {"code": code})
    log_in(client, "leo")
    client.post("/join/", {"code": code})
    Client().post("/accounts/signup/student/", GRACE | {"code": code})
    for days in (12, 2):
        time_passes(days=days)
        warn_before_lock()
        lock_due_codes()
        deliver_digests()
    teacher = sign_in(ms_okafor)
    teacher.post(f"{biology.path}edit/", {"name": "Biology 9B", "kind": "class", "expected_size": "1"})
    teacher.post(f"{biology.path}code/unlock/")
    # The crowd joined after the Code was unlocked.
    JoinCode.objects.filter(code=code).update(crowd_limit=None)
    assert not use_code(code, by=StudentFactory()).is_member
    leak.report_leak(biology_code(), by=ms_okafor)
    clock.lock_all()
    deliver_digests()
    assert {"lock_crowded_code", "report_leak", "set_aside"} < set(
        biology.events.values_list("kind", flat=True)
    )
    assert biology_code().code != code
    return code


@pytest.mark.threat("T26", "T27")
def test_it_is_written_where_the_history_is_and_nowhere_else(used):
    """Only managers see the history. The Code is in no notification, mail or counter."""
    holding = {label for label, rows in tables().items() if used in str(rows)}

    assert holding == {"joins.JoinCode", "classroom.Membership", "classroom.Event"}


@pytest.mark.threat("T26", "T49")
def test_no_session_still_holds_it(used):
    """What was kept through log-in is deleted once it has been used."""
    sessions = [json.dumps(session.get_decoded()) for session in Session.objects.all()]

    assert [session for session in sessions if used in session] == []
