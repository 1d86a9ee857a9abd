"""Queries whose SQL is compiled once still use the values of each call."""

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from accounts.compiled import compiled, compiled_inserts, compiled_update_returning
from classroom import exceptions
from classroom.models import Classroom, Event, KeptOut, Membership
from classroom.models.shown_members import ManagedMember
from joins.acts import by_code
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import WorkingCode, use_code, working_code
from joins.models import JoinCode, JoinRequest
from tests.clock import time_passes

pytestmark = pytest.mark.django_db


def test_every_call_is_answered_for_its_own_person(biology, biology_code, amara, leo, ms_okafor):
    KeptOut.objects.create(classroom=biology, user=leo, by=ms_okafor)
    join_request = ask_by_join_url(biology.join_url, by=amara)

    of_amara, of_leo = (working_code.first(biology_code().code, person.pk) for person in (amara, leo))
    assert (of_amara.pending_request_id, of_leo.pending_request_id) == (join_request.pk, None)
    biology.check_can_join(of_amara)
    with pytest.raises(exceptions.IsKeptOut):
        biology.check_can_join(of_leo)


def test_no_row_is_none(biology, amara):
    assert working_code.first("BDKRTWXZM", amara.pk) is None


def test_the_clock_is_asked_anew_at_every_call(biology_code, amara):
    code = biology_code().code
    before = working_code.first(code, amara.pk)
    time_passes(weeks=2)
    after = working_code.first(code, amara.pk)

    assert [(found.is_unlocked, found.is_due) for found in (before, after)] == [(True, False), (False, True)]


def test_no_caller_keeps_a_filter_for_everybody(biology, biology_code, mr_brandt, amara, monkeypatch):
    """The first call in a fresh process may concern one class. The next call must not keep its filter."""
    chess = Classroom.objects.create_class(by=mr_brandt, name="Chess club", kind="group")
    monkeypatch.setattr(by_code, "working_code", compiled(WorkingCode)(working_code.build))

    assert not hasattr(biology.join_codes, "working_code")
    assert by_code.working_code.first(biology_code().code, amara.pk).pk == biology_code().pk
    assert use_code(JoinCode.objects.get_current(chess).code, by=amara).is_member


def test_a_method_is_refused():
    with pytest.raises(TypeError, match="is a method"):

        class Codes:
            @compiled(WorkingCode)
            def found(self, code):
                return []


def test_a_model_comes_as_from_a_queryset(biology, ms_okafor):
    """With dates, flags and empty columns, which SQLite stores as text and numbers, annotations and related objects."""

    @compiled(JoinCode)
    def current_code(classroom):
        return JoinCode.objects.current_of(classroom).select_related("classroom", "created_by")

    Classroom.objects.filter(pk=biology.pk).update(hides_members=True)
    found, usual = current_code.first(biology.pk), current_code.build(biology.pk).get()

    assert _columns(found) == _columns(usual)
    assert _columns(found.classroom) == _columns(usual.classroom)
    assert _columns(found.created_by) == _columns(usual.created_by)
    assert found.locked_by is None
    assert not found._state.adding


def _columns(row):
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_rows_come_as_from_a_queryset(biology):
    @compiled(ManagedMember)
    def members(classroom):
        return Membership.objects.filter(classroom=classroom).as_listed().managed_columns()

    assert members.all(biology.pk) == biology.memberships.as_listed().values_for_managers()


@pytest.fixture
def let_in():
    """let_in(pks of requests, pk of the class) -> writes an event and a membership for each."""

    @compiled_inserts
    def written(requests, classroom):
        rows = JoinRequest.objects.filter(pk__one_of=requests).order_by("-pk")
        who = {"classroom": classroom, "user": F("user"), "door": F("door")}
        events = Event.objects.recording(rows, kind=Event.Kind.APPROVE_REQUEST, **who)
        return [events, Membership.objects.enrolling(rows, **who)]

    return written.run


def test_rows_are_counted_without_being_read(biology, mr_brandt, amara, leo):
    @compiled(ManagedMember)
    def plain_members(classroom):
        return Membership.objects.plain().filter(classroom=classroom).as_listed().managed_columns()

    biology.enroll((person, "join-url", "") for person in (amara, leo))
    chess = Classroom.objects.create_class(by=mr_brandt, name="Chess club", kind="group")

    assert [plain_members.count(classroom.pk) for classroom in (biology, chess, biology)] == [2, 0, 2]


def test_inserts_take_any_number_of_rows_in_their_order(biology, amara, leo, let_in, count_queries):
    asked = [ask_by_join_url(biology.join_url, by=person).pk for person in (amara, leo)]

    assert let_in([], biology.pk) == []
    with count_queries(1 if connection.vendor == "postgresql" else 2):
        events = let_in(asked, biology.pk)

    assert events == sorted(events, key=lambda event: event[1])
    assert [user for user, _ in events] == [leo.pk, amara.pk]
    assert {member.user_id for member in biology.memberships.plain()} == {amara.pk, leo.pk}


def test_an_update_returns_its_rows_as_they_are_then(biology, amara, ms_okafor):
    """With dates, flags and empty columns, which SQLite stores as text and numbers."""

    @compiled_update_returning(JoinRequest)
    def withdraw(requests, by):
        values = {"status": JoinRequest.Status.WITHDRAWN, "decided_at": Now(), "decided_by": by}
        return JoinRequest.objects.filter(pk__one_of=requests).oldest_first(), values

    asked = ask_by_join_url(biology.join_url, by=amara)
    [found] = withdraw.all([asked.pk], ms_okafor.pk)

    assert _columns(found) == _columns(JoinRequest.objects.get(pk=asked.pk))
    assert found.is_withdrawn
    assert withdraw.all([], ms_okafor.pk) == []
