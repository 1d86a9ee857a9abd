"""Queries whose SQL is compiled once still use the values of each call."""

import pytest

from classroom import exceptions
from classroom.models import Classroom, KeptOut
from classroom.models.compiled import compiled
from joins.acts import by_code
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import CodeInUse, code_in_use, use_code
from joins.models import JoinCode
from tests.clock import time_passes

pytestmark = pytest.mark.django_db


def test_every_call_is_answered_for_its_own_person(biology, biology_code, amara, leo, ms_okafor):
    KeptOut.objects.create(classroom=biology, user=leo, by=ms_okafor)
    asked = ask_by_join_url(biology.join_url, by=amara)

    assert code_in_use(biology_code().code, amara.pk).pending_request == asked.pk
    assert code_in_use(biology_code().code, leo.pk).pending_request is None
    biology.check_can_join(amara)
    with pytest.raises(exceptions.IsKeptOut):
        biology.check_can_join(leo)


def test_a_call_that_finds_nothing_returns_none(biology, amara):
    assert code_in_use("BDKRTWXZM", amara.pk) is None


def test_the_clock_is_asked_anew_at_every_call(biology_code, amara):
    code = biology_code().code
    before = code_in_use(code, amara.pk)
    time_passes(weeks=2)
    after = code_in_use(code, amara.pk)

    assert [(found.is_unlocked, found.is_due) for found in (before, after)] == [(True, False), (False, True)]


def test_no_caller_keeps_a_filter_for_everybody(biology, biology_code, mr_brandt, amara, monkeypatch):
    """The first call in a fresh process may concern one class. The next call must not keep its filter."""
    chess = Classroom.objects.open_new(by=mr_brandt, name="Chess club", kind="group")
    monkeypatch.setattr(by_code, "code_in_use", compiled(CodeInUse)(code_in_use.build))

    assert not hasattr(biology.join_codes, "code_in_use")
    assert by_code.code_in_use(biology_code().code, amara.pk).pk == biology_code().pk
    assert use_code(JoinCode.objects.current_of(chess).code, by=amara) == chess


def test_a_method_is_refused():
    with pytest.raises(TypeError, match="is a method"):

        class Codes:
            @compiled(CodeInUse)
            def found(self, code):
                return []
