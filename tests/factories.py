"""One factory a noun; nothing random."""

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from accounts.models import User

PASSWORD = "correct horse battery"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    first_name = "Robin"
    last_name = factory.Sequence(lambda n: f"Example {n}")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))

    @factory.post_generation
    def verified(user, create, verified, **kwargs):
        """The e-mail address is verified, unless the caller says verified=False."""
        if user.email:
            EmailAddress.objects.create(
                user=user, email=user.email, primary=True, verified=verified is not False
            )


class TeacherFactory(UserFactory):
    kind = User.Kind.TEACHER
    username = factory.Sequence(lambda n: f"teacher{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@school.example")


class StudentFactory(UserFactory):
    kind = User.Kind.STUDENT
    username = factory.Sequence(lambda n: f"student{n}")
