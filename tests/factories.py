"""One factory for each noun. Nothing is random."""

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from accounts.models import User
from classroom.models import Classroom, Door, Membership
from joins.models import JoinCode, SignUp

PASSWORD = "correct horse battery"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    first_name = "Robin"
    last_name = factory.Sequence(lambda n: f"Example {n}")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))

    @factory.post_generation
    def verified(self, create, verified, **kwargs):
        """The email address is verified, unless the caller says verified=False."""
        if self.email:
            EmailAddress.objects.create(
                user=self, email=self.email, primary=True, verified=verified is not False
            )


class TeacherFactory(UserFactory):
    kind = User.Kind.TEACHER
    username = factory.Sequence(lambda n: f"teacher{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@school.example")


class StudentFactory(UserFactory):
    kind = User.Kind.STUDENT
    username = factory.Sequence(lambda n: f"student{n}")


def student_called(name):
    """Create a student. The last word of `name` is the last name."""
    first, _, last = name.rpartition(" ")
    return StudentFactory(first_name=first, last_name=last)


class ClassroomFactory(DjangoModelFactory):
    """Creates a class as a teacher does, with its owner, Code and Join URL."""

    class Meta:
        model = Classroom

    name = factory.Sequence(lambda n: f"Class {n}")
    by = factory.SubFactory(TeacherFactory)

    @classmethod
    def _create(cls, model_class, *args, by, **fields):
        return Classroom.objects.create_class(by=by, **fields)


class MembershipFactory(DjangoModelFactory):
    """A membership in any role, of somebody who joined by Code."""

    class Meta:
        model = Membership

    role = Membership.Role.MEMBER
    door = Door.CODE
    code = factory.LazyAttribute(lambda place: JoinCode.objects.get_current(place.classroom).code)


def created_with_code_of(classroom, user):
    """The account of `user` was created with the class's Code."""
    return SignUp.objects.create(user=user, join_code=JoinCode.objects.get_current(classroom))
