"""Queries whose SQL is made once answer each call for its own values."""

import pytest

from classroom import exceptions
from classroom.models import KeptOut
from joins.models import JoinCode
from tests.clock import time_passes

pytestmark = pytest.mark.django_db


def test_every_call_is_answered_for_its_own_person(biology, biology_code, amara, leo, ms_okafor):
    KeptOut.objects.create(classroom=biology, user=leo, by=ms_okafor)
    asked = biology.join_url.ask(by=amara)

    assert JoinCode.objects.as_it_is_now(biology_code().code, amara).knock == asked.pk
    assert JoinCode.objects.as_it_is_now(biology_code().code, leo).knock is None
    biology.demand_door(amara)
    with pytest.raises(exceptions.KeptOut):
        biology.demand_door(leo)


def test_a_call_that_finds_nothing_returns_none(biology, amara):
    assert JoinCode.objects.as_it_is_now("BDKRTWXZM", amara) is None


def test_the_clock_is_asked_anew_at_every_call(biology_code, amara):
    code = biology_code().code
    before = JoinCode.objects.as_it_is_now(code, amara)
    time_passes(weeks=2)
    after = JoinCode.objects.as_it_is_now(code, amara)

    assert [(found.is_unlocked, found.is_due) for found in (before, after)] == [(True, False), (False, True)]
