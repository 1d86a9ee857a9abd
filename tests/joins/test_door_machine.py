"""Hypothesis does any acts in any order and compares the database with the rules in plain Python (door_model.py)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from accounts.models import Notification
from classroom.models import KeptOut, Membership
from joins.acts import clock, leak, queue, undo
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.acts.move_to_queue import move_to_queue
from joins.models import JoinCode, JoinRequest
from tests.clock import time_passes
from tests.joins.real_doors import RealDoors, outcome

# Mostly one class and two people, so that acts concern each other.
CLASSES, PEOPLE = st.sampled_from([0, 0, 0, 0, 1]), st.sampled_from([0, 0, 0, 1])
ACTS = ["lock", "unlock", "unlock", "unlock for a while", "lock later", "reset"]
MANAGERS = st.integers(0, 1)  # the owner, the co-teacher
HOURS = st.sampled_from([1, 7, 24, 100, 335])


class TheDoor(RealDoors):
    @rule(hours=HOURS, sweeps=st.booleans())
    def time_goes_by(self, hours, sweeps):
        time_passes(hours=hours)
        self.now += hours
        if sweeps:
            clock.lock_due()
            assert not JoinCode.objects.due().exists()

    @rule(number=CLASSES, person=PEOPLE, age=st.sampled_from([0, 0, 0, 1, 2]))
    def somebody_types_a_code(self, number, person, age):
        """The current Code, or a Code that was retired so many resets ago."""
        door = self.doors[number]
        code = [*door.retired, door.code][max(-1 - age, -1 - len(door.retired))]
        done = outcome(lambda: use_code(code, by=self.people[person]))
        assert done == door.use_code(code, person, self.now)

    @rule(number=CLASSES, person=PEOPLE)
    def somebody_presses_ask_to_join(self, number, person):
        done = outcome(lambda: ask_by_join_url(self.classes[number].join_url, by=self.people[person]))
        assert done == self.doors[number].ask(person, self.now)

    @rule(number=CLASSES, person=PEOPLE)
    def somebody_withdraws(self, number, person):
        latest = self.classes[number].join_requests.filter(user=self.people[person]).order_by("pk").last()
        if latest:
            again = latest.is_withdrawn  # the second time changes nothing
            late = outcome(latest.withdraw) == "AlreadyDecided"
            assert late == (not self.doors[number].withdraw(person, self.now) and not again)

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
        waiting = set(everything.pending().values_list("pk", flat=True))
        decide = queue.decide
        done = outcome(
            lambda: {
                self.people.index(found.join_request.user)
                for found in decide(self.classes[number], ids, decision, by=by)
                if found.is_done
                and found.join_request.pk
                in waiting  # the same manager's second press gets the answer of the first
            }
        )
        assert done == self.doors[number].decide(people, decision, self.now)

    @rule(number=CLASSES, person=PEOPLE, manager=MANAGERS)
    def a_manager_undoes_the_latest_decision(self, number, person, manager):
        latest = self.classes[number].join_requests.filter(user=self.people[person]).order_by("pk").last()
        if latest:
            done = outcome(lambda: undo.undo(latest, by=self.managers[manager]))
            expected = self.doors[number].undo(person, self.now)
            undone_before = expected == "HappenedSince" and done in (None, "DoneByAnother")
            assert undone_before or done == expected

    @rule(
        number=CLASSES,
        person=PEOPLE,
        manager=MANAGERS,
        way=st.sampled_from(["leaves", "removed", "kept out"]),
    )
    def somebody_goes(self, number, person, manager, way):
        door = self.doors[number]
        if door.goes(person):
            place = self.classes[number].memberships.get(user=self.people[person])
            by = self.managers[manager]
            place.leave() if way == "leaves" else place.remove(by=by, keep_out=way == "kept out")
            door.kept_out |= {person} if way == "kept out" else set()
            door.gone |= {person} if way == "leaves" else set()

    @rule(number=CLASSES, person=PEOPLE, manager=MANAGERS)
    def a_manager_moves_somebody_to_the_queue(self, number, person, manager):
        name, door = self.people[person].username, self.doors[number]
        done = outcome(lambda: move_to_queue(self.classes[number], name, by=self.managers[manager]))
        if door.archived:
            assert done == "ArchivedFirst"
        elif person in door.moved_to_queue & door.pending.keys():
            assert done in (self.people[person], "DoneByAnother")
        elif person not in door.members:
            assert done == "NotAMember"
        else:
            door.move_to_queue(person)

    @rule(number=CLASSES, manager=MANAGERS)
    def a_manager_reports_a_leak(self, number, manager):
        done = outcome(lambda: leak.report_leak(self.code_of(number), by=self.managers[manager]).moved)
        assert done == self.doors[number].report_leak(self.code_of(number).code, self.now)

    @rule(number=CLASSES, manager=MANAGERS)
    def a_manager_pauses_the_join_url_or_not(self, number, manager):
        join_url, door = self.classes[number].join_url, self.doors[number]
        turn = join_url.resume if door.paused else join_url.pause
        if outcome(lambda: turn(by=self.managers[manager])) is None:
            door.paused = not door.paused

    @rule(number=CLASSES, manager=MANAGERS)
    def a_manager_lets_everybody_back(self, number, manager):
        for row in self.classes[number].kept_out.all():
            row.let_back(by=self.managers[manager])
        self.doors[number].let_everybody_back()

    @rule(number=CLASSES, manager=MANAGERS, act=st.sampled_from(ACTS), hours=HOURS)
    def a_manager_turns_the_key(self, number, manager, act, hours):
        code, door, by = self.code_of(number), self.doors[number], self.managers[manager]
        until = timezone.now() + timedelta(hours=hours)
        if act == "reset":
            done = outcome(lambda: code.reset(by=by).code)
            expected = door.reset(done, self.now)
        elif act == "lock":
            done, expected = outcome(lambda: code.lock(by=by)), door.lock()
        elif act == "lock later":
            done, expected = outcome(lambda: code.lock_at(by=by, until=until)), door.lock_at(self.now, hours)
        else:
            hours, until = (None, None) if act == "unlock" else (hours, until)
            done = outcome(lambda: code.unlock(by=by, until=until))
            expected = door.unlock(self.now, hours)
        assert done == expected

    @rule(number=CLASSES, back=st.booleans())
    def the_owner_archives_or_restores(self, number, back):
        classroom, door = self.classes[number], self.doors[number]
        if door.archived:
            classroom.restore(by=self.managers[0])
            door.restore()
        elif not back:
            classroom.archive(by=self.managers[0])
            door.archived = True

    @invariant()
    def everything_is_as_the_rules_say(self):
        doors, members = self.doors, Membership.objects.filter(role="member")
        assert self.codes() == [(door.code, door.is_unlocked(self.now)) for door in doors]
        assert self.came(members, "door", "code") == [door.members for door in doors]
        pending = self.came(JoinRequest.objects.pending(), "door", "join_code__code")
        assert pending == [door.pending for door in doors]
        assert [door.keys() for door in self.came(KeptOut.objects.all())] == [door.kept_out for door in doors]
        assert not any(door.members.keys() & door.pending.keys() for door in doors)

    @invariant()
    def what_the_managers_have_to_answer_is_what_waits(self):
        """One unread notification for each manager and class in whose queue somebody waits who has asked, and none for
        a queue that is empty (N1, N3, T50). Whoever was moved to the queue has not asked (T30)."""
        unread = list(
            Notification.objects.unread().filter(about__startswith="requests:").values_list("about", "user")
        )
        pending = list(JoinRequest.objects.pending())
        asked = {one.about for one in pending if not self.is_unannounced(one)}
        told = {about for about, _ in unread}
        assert asked <= told <= {one.about for one in pending}
        assert sorted(unread) == sorted((about, manager.pk) for about in told for manager in self.managers)


@pytest.mark.rule(
    "J1", "J2", "J3", "J8", "J9", "J10", "K5", "K7", "K8", "Q2", "Q3", "Q6", "Q7", "Q9", "C4", "C5", "N1"
)
@pytest.mark.threat("T30", "T33", "T50")
def test_the_door_keeps_to_the_rules_whatever_is_done(db):
    run_state_machine_as_test(TheDoor, settings=settings(max_examples=50, stateful_step_count=40))
