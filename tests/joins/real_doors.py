"""Two classes with their doors, two managers and two people, in a transaction that is undone at the end."""

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine

from classroom.exceptions import Refusal
from classroom.models import Classroom, Membership
from joins.models import JoinCode, JoinRequest
from tests.factories import ClassroomFactory, MembershipFactory, StudentFactory, TeacherFactory
from tests.joins.door_model import Door


def outcome(act):
    """What an act came to, in the words of the model."""
    try:
        found = act()
    except Refusal as refusal:
        return type(refusal).__name__
    if isinstance(found, JoinRequest):
        return "waits"
    return "in" if isinstance(found, Classroom) else found


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
        self.doors = [Door(self.code_of(number).code) for number in range(2)]

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def code_of(self, number):
        return JoinCode.objects.of(self.classes[number])

    def is_quiet(self, pending):
        return self.people.index(pending.user) in self.doors[self.classes.index(pending.classroom)].quiet

    def places(self, classroom):
        plain = Membership.objects.filter(classroom=classroom, role="member").select_related("user")
        return {self.people.index(place.user): (place.door, place.code) for place in plain}

    def waiting(self, classroom):
        asked = classroom.join_requests.pending().select_related("user", "join_code")
        return {self.people.index(one.user): (one.door, one.code) for one in asked}
