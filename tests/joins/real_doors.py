"""Two classes, two managers and two people in the real database, in a transaction that is rolled back at the end."""

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine

from classroom.exceptions import Refusal
from joins.acts.join_result import JoinResult
from joins.models import JoinCode, JoinRequest
from tests.factories import ClassroomFactory, MembershipFactory, StudentFactory, TeacherFactory
from tests.joins.door_model import DoorModel


def outcome(act):
    """The result of an act, in the words of the model."""
    try:
        found = act()
    except Refusal as refusal:
        return type(refusal).__name__
    if isinstance(found, JoinResult):
        return "in" if found.is_member else "waits"
    return "waits" if isinstance(found, JoinRequest) else found


class RealDoors(RuleBasedStateMachine):
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
        self.doors = [DoorModel(self.code_of(number).code) for number in range(2)]
        self.number = {classroom.pk: number for number, classroom in enumerate(self.classes)}
        self.person = {user.pk: number for number, user in enumerate(self.people)}

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def code_of(self, number):
        return JoinCode.objects.get_current(self.classes[number])

    def is_unannounced(self, pending):
        return self.person[pending.user_id] in self.doors[self.number[pending.classroom_id]].unannounced

    def codes(self):
        """(code, whether it is unlocked) for each class, in one statement."""
        current = JoinCode.objects.current().with_state().order_by("classroom")
        return list(current.values_list("code", "is_unlocked"))

    def came(self, rows, *by):
        """The same as the model has for `rows`: for each class, person -> door and Code. One statement for both
        classes."""
        found = [{} for _ in self.classes]
        for classroom, user, *came_by in rows.values_list("classroom", "user", *by):
            found[self.number[classroom]][self.person[user]] = tuple(one or "" for one in came_by)
        return found
