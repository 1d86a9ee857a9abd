"""Any acts in any order, against domain.md in plain Python (door_model.py): the door does what the rules say."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Notification
from classroom.exceptions import Refusal
from classroom.models import Classroom, Membership
from joins.models import JoinCode, JoinRequest
from tests.clock import time_passes
from tests.factories import ClassroomFactory, MembershipFactory, StudentFactory, TeacherFactory
from tests.joins.door_model import Door

# Mostly one class and two people, so that acts meet.
CLASSES, PEOPLE = st.sampled_from([0, 0, 0, 0, 1]), st.sampled_from([0, 0, 0, 1])
MANAGERS = st.integers(0, 1)  # the owner, the co-teacher
HOURS = st.sampled_from([1, 7, 24, 100, 335])


def outcome(act):
    """What an act came to, in the words of the model."""
    try:
        found = act()
    except Refusal as refusal:
        return type(refusal).__name__
    if isinstance(found, JoinRequest):
        return "waits"
    return "in" if isinstance(found, Classroom) else found


class TheDoor(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now = 0  # hours
        self.managers = [TeacherFactory(), TeacherFactory()]
        self.people = [StudentFactory(), TeacherFactory()]
        self.classes = [ClassroomFactory(by=self.managers[0]) for _ in range(2)]
        for classroom in self.classes:
            MembershipFactory(classroom=classroom, user=self.managers[1], role="co-teacher")
        self.doors = [Door(self.code_of(number).code) for number in range(2)]

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def code_of(self, number):
        return JoinCode.objects.of(self.classes[number])

    @rule(hours=HOURS)
    def time_goes_by(self, hours):
        time_passes(hours=hours)
        self.now += hours

    @rule()
    def the_sweep_runs(self):
        JoinCode.objects.lock_due()
        JoinCode.objects.warn_before_lock()
        assert not JoinCode.objects.due().exists()

    @rule(number=CLASSES, person=PEOPLE, age=st.sampled_from([0, 0, 0, 1, 2]))
    def somebody_types_a_code(self, number, person, age):
        """The current Code, or one retired that many resets ago."""
        door = self.doors[number]
        code = [*door.retired, door.code][max(-1 - age, -1 - len(door.retired))]
        done = outcome(lambda: JoinCode.objects.redeem(code, by=self.people[person]))
        assert done == door.redeem(code, person, self.now)

    @rule(number=CLASSES, person=PEOPLE)
    def somebody_presses_ask_to_join(self, number, person):
        done = outcome(lambda: self.classes[number].join_url.ask(by=self.people[person]))
        assert done == self.doors[number].ask(person, self.now)

    @rule(number=CLASSES, person=PEOPLE)
    def somebody_withdraws(self, number, person):
        latest = self.classes[number].join_requests.filter(user=self.people[person]).order_by("pk").last()
        if latest:
            late = outcome(latest.withdraw) == "AlreadyDecided"
            assert late == (self.doors[number].pending.pop(person, None) is None)

    @rule(
        number=CLASSES,
        people=st.sets(PEOPLE, min_size=1),
        decision=st.sampled_from(["approve", "deny", "keep-out"]),
        manager=MANAGERS,
    )
    def a_manager_decides(self, number, people, decision, manager):
        everything = self.classes[number].join_requests.filter(
            user__in=[self.people[person] for person in people]
        )
        ids, by = list(everything.values_list("pk", flat=True)), self.managers[manager]
        decide = JoinRequest.objects.decide
        done = outcome(
            lambda: {
                self.people.index(asked.user)
                for asked in decide(self.classes[number], ids, decision, by=by)
                if asked.is_new
            }
        )
        assert done == self.doors[number].decide(people, decision, self.now)

    @rule(number=CLASSES, person=PEOPLE, manager=MANAGERS, keep_out=st.booleans())
    def a_manager_removes_somebody(self, number, person, manager, keep_out):
        place = self.classes[number].memberships.filter(user=self.people[person]).first()
        if place:
            place.remove(by=self.managers[manager], keep_out=keep_out)
            del self.doors[number].members[person]
            self.doors[number].kept_out |= {person} if keep_out else set()

    @rule(number=CLASSES, person=PEOPLE)
    def somebody_leaves(self, number, person):
        if self.doors[number].members.pop(person, None):
            self.classes[number].memberships.get(user=self.people[person]).leave()

    @rule(number=CLASSES, person=PEOPLE, manager=MANAGERS)
    def a_manager_lets_somebody_back(self, number, person, manager):
        for row in self.classes[number].kept_out.filter(user=self.people[person]):
            row.let_back(by=self.managers[manager])
        self.doors[number].kept_out.discard(person)

    @rule(number=CLASSES, manager=MANAGERS)
    def a_manager_locks(self, number, manager):
        done = outcome(lambda: self.code_of(number).lock(by=self.managers[manager]))
        assert done == self.doors[number].lock(self.now)

    @rule(number=CLASSES, manager=MANAGERS, hours=st.none() | HOURS)
    def a_manager_unlocks(self, number, manager, hours):
        until = hours and timezone.now() + timedelta(hours=hours)
        done = outcome(lambda: self.code_of(number).unlock(by=self.managers[manager], until=until))
        assert done == self.doors[number].unlock(self.now, hours)

    @rule(number=CLASSES, manager=MANAGERS, hours=HOURS)
    def a_manager_chooses_when_it_locks(self, number, manager, hours):
        until = timezone.now() + timedelta(hours=hours)
        done = outcome(lambda: self.code_of(number).lock_at(by=self.managers[manager], until=until))
        assert done == self.doors[number].lock_at(self.now, hours)

    @rule(number=CLASSES, manager=MANAGERS)
    def a_manager_resets(self, number, manager):
        if not self.doors[number].archived:
            fresh = self.code_of(number).reset(by=self.managers[manager])
            self.doors[number].reset(fresh.code, self.now)

    @rule(number=CLASSES)
    def the_owner_archives_or_restores(self, number):
        classroom, door = self.classes[number], self.doors[number]
        if door.archived:
            classroom.restore(by=self.managers[0])
            door.restore()
        else:
            classroom.archive(by=self.managers[0])
            door.archived = True

    @invariant()
    def everything_is_as_the_rules_say(self):
        for number, (classroom, door) in enumerate(zip(self.classes, self.doors, strict=True)):
            classroom.refresh_from_db()
            current = self.code_of(number)
            assert (current.code, current.state == "unlocked") == (door.code, door.is_unlocked(self.now))
            assert self.places(classroom) == door.members
            assert self.waiting(classroom) == door.pending
            assert {self.people.index(row.user) for row in classroom.kept_out.all()} == door.kept_out
            assert not door.members.keys() & door.pending.keys()

    @invariant()
    def what_the_managers_have_to_answer_is_what_waits(self):
        """N1: unread, one a manager and request, none for what is dealt with."""
        asked = Notification.objects.unread().exclude(about="").order_by("about", "user")
        expected = {
            (pending.about, manager.pk)
            for pending in JoinRequest.objects.pending()
            for manager in self.managers
        }
        assert set(asked.values_list("about", "user")) == expected
        assert asked.count() == len(expected)

    def places(self, classroom):
        plain = Membership.objects.filter(classroom=classroom, role="member").select_related("user")
        return {self.people.index(place.user): (place.door, place.code) for place in plain}

    def waiting(self, classroom):
        asked = classroom.join_requests.pending().select_related("user", "join_code")
        return {self.people.index(one.user): (one.door, one.code) for one in asked}


def test_the_door_keeps_to_the_rules_whatever_is_done(db):
    """J1–J3, J8–J10, K5, K7, K8, Q2, Q3, Q6, Q7, C4, C5, N1"""
    run_state_machine_as_test(TheDoor, settings=settings(max_examples=25, stateful_step_count=40))
