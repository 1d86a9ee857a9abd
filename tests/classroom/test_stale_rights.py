"""Somebody loses their role between opening the page and submitting it, or between the check and the act. Nothing
changes then."""

import pytest
from django.db import connection
from django.db.models.functions import Now

from classroom.exceptions import NotAllowed
from classroom.models import Membership
from joins.acts import queue
from joins.models import JoinCode
from tests.classroom.addresses import ACTS, SHUT_IN_THE_ARCHIVE
from tests.tables import tables

pytestmark = pytest.mark.threat("T09")

OF_MANAGERS = [act for act in ACTS if act.answers["owner"] == 302]
SHUT_ACTS = [act for act in ACTS if (act.name, act.method) in SHUT_IN_THE_ARCHIVE]

# The methods that a manager's forms call, on Biology 9B and on Robin, a student in it.
VERBS = {
    "edit": lambda biology, robin, by: biology.edit(by=by, name="Mine"),
    "archive": lambda biology, robin, by: biology.archive(by=by),
    "restore": lambda biology, robin, by: biology.restore(by=by),
    "delete_class": lambda biology, robin, by: biology.delete_class(by=by),
    "remove": lambda biology, robin, by: robin.remove(by=by, keep_out=True),
    "make_member": lambda biology, robin, by: robin.make_member(by=by),
    "let_back": lambda biology, robin, by: biology.kept_out.get().let_back(by=by),
    "lock": lambda biology, robin, by: JoinCode.objects.get_current(biology).lock(by=by),
    "lock_at": lambda biology, robin, by: JoinCode.objects.get_current(biology).lock_at(
        by=by, until=biology.now()
    ),
    "unlock": lambda biology, robin, by: JoinCode.objects.get_current(biology).unlock(by=by),
    "reset": lambda biology, robin, by: JoinCode.objects.get_current(biology).reset(by=by),
    "decide": lambda biology, robin, by: queue.decide(
        biology, [biology.join_requests.get().pk], "approve", by=by
    ),
}


@pytest.fixture
def lose_the_role(biology, ms_okafor):
    """lose_the_role(act): she has the highest role that may not do it, as if that had changed in another window."""

    def lose(act):
        is_owners = act.answers["co-teacher"] == 403
        role = Membership.Role.CO_TEACHER if is_owners else Membership.Role.MEMBER
        return biology.memberships.filter(user=ms_okafor).update(role=role)

    return lose


def test_a_press_on_a_page_opened_with_the_role_is_refused(
    biology, everybody, lose_the_role, okafors_browser
):
    okafors_browser.get(biology.path)

    for act in OF_MANAGERS:
        lose_the_role(act)
        before = tables()
        assert act.ask(okafors_browser, biology).status_code == 403, act
        assert tables() == before, act


def after_the_look(change):
    """While this wraps a press, `change` happens right after the view has found the class through the membership."""
    looked = []

    def wrapped(execute, sql, *args):
        answer = execute(sql, *args)
        if "public_id" in sql and "classroom_membership" in sql and not looked:
            looked.append(change())
        return answer

    return connection.execute_wrapper(wrapped), looked


def test_the_role_is_read_again_in_the_act_itself(
    biology, everybody, lose_the_role, ms_okafor, okafors_browser
):
    before = tables()
    for act in OF_MANAGERS:
        fields = act.fields(biology)
        wrapper, looked = after_the_look(lambda act=act: lose_the_role(act))
        with wrapper:
            answer = okafors_browser.post(act.path(biology.public_id), fields)
        biology.memberships.filter(user=ms_okafor).update(role=Membership.Role.OWNER)

        assert (looked, answer.status_code) == ([1], 403), act
        assert tables() == before, act


@pytest.mark.rule("C4")
def test_so_is_whether_the_class_is_archived(biology, everybody, ms_okafor, okafors_browser):
    row = type(biology).objects.filter(pk=biology.pk)
    before = tables()
    for act in SHUT_ACTS:
        fields = act.fields(biology)
        wrapper, looked = after_the_look(lambda: row.update(archived_at=Now(), archived_by=ms_okafor))
        with wrapper:
            answer = okafors_browser.post(act.path(biology.public_id), fields)
        row.update(archived_at=None, archived_by=None)

        assert (looked, answer.status_code) == ([1], 409), act
        assert tables() == before, act


@pytest.mark.threat("T02")
@pytest.mark.parametrize("person", ["teacher", "student", "a teacher", "who waits"])
def test_a_verb_asks_for_the_role_whoever_calls_it(person, biology, everybody):
    robin = biology.memberships.get(user__username="robin")
    before = tables()

    for verb, call in VERBS.items():
        try:
            call(biology, robin, everybody[person])
        except NotAllowed:
            assert tables() == before, verb
        else:
            pytest.fail(f"{person}: {verb}")
