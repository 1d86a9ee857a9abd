"""Queries whose SQL is made once answer each call for its own values."""

import pytest

from classroom import exceptions
from classroom.models import Classroom, KeptOut
from classroom.models.compiled import compiled
from joins.models import JoinCode, entry
from joins.models.entry import as_it_is_now
from tests.clock import time_passes

pytestmark = pytest.mark.django_db


def test_every_call_is_answered_for_its_own_person(biology, biology_code, amara, leo, ms_okafor):
    KeptOut.objects.create(classroom=biology, user=leo, by=ms_okafor)
    asked = biology.join_url.ask(by=amara)

    assert as_it_is_now(biology_code().code, amara).knock == asked.pk
    assert as_it_is_now(biology_code().code, leo).knock is None
    biology.demand_door(amara)
    with pytest.raises(exceptions.KeptOut):
        biology.demand_door(leo)


def test_a_call_that_finds_nothing_returns_none(biology, amara):
    assert as_it_is_now("BDKRTWXZM", amara) is None


def test_the_clock_is_asked_anew_at_every_call(biology_code, amara):
    code = biology_code().code
    before = as_it_is_now(code, amara)
    time_passes(weeks=2)
    after = as_it_is_now(code, amara)

    assert [(found.is_unlocked, found.is_due) for found in (before, after)] == [(True, False), (False, True)]


def test_no_caller_keeps_a_filter_for_everybody(biology, biology_code, mr_brandt, amara, monkeypatch):
    """In a fresh process the first question may come by way of one class; the next is answered for its own."""
    chess = Classroom.objects.open_new(by=mr_brandt, name="Chess club", kind="group")
    monkeypatch.setattr(entry, "_deciding", compiled(entry._deciding.__wrapped__))

    assert not hasattr(biology.join_codes, "as_it_is_now")
    assert as_it_is_now(biology_code().code, amara).pk == biology_code().pk
    assert JoinCode.objects.redeem(JoinCode.objects.of(chess).code, by=amara) == chess


def test_a_method_is_refused():
    with pytest.raises(TypeError, match="is a method"):

        class Codes:
            @compiled
            def found(self, code):
                return []
