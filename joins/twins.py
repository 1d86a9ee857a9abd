"""Whether a student of the same name is in the class, or waits, when an account is about to be created (L5; ADR 32)."""

from typing import NamedTuple

from allauth.core import context
from allauth.core.internal import ratelimit
from django.db.models import Q

from accounts.compiled import compiled
from accounts.folding import fold
from accounts.models import User
from classroom.models import Membership
from classroom.same_name import exact
from joins.models import JoinRequest

LIMIT = {"app": "allauth.account", "action": "twin"}


class Twin(NamedTuple):
    username: str
    first_name: str
    last_name: str


def first_letters(checked_code, name):
    """Return the first letters of the usernames of the students with this name; none, unless the Code lets people in.

    With such a Code, somebody is a member one press later and sees who is in the class. A locked Code must not tell,
    and neither must the Code of a class in which students see only the teachers (A6).
    And after many questions with the Codes of one teacher, or in one network, nobody is asked any more: they just sign
    up, and the class sees it.
    """
    letters = letters_in(checked_code.allowed_try.classroom_id, name) if checked_code.lets_in else []
    if not letters or not ratelimit.consume(context.request, key=str(checked_code.issuer_id), **LIMIT):
        return []
    return letters


def letters_in(classroom_id, name):
    """Return the same for a class, however often somebody asks."""
    return sorted(
        {
            twin.username[0]
            for twin in _called.all(classroom_id, fold(name))
            if exact(f"{twin.first_name} {twin.last_name}") == exact(name)
        }
    )


@compiled(Twin)
def _called(classroom_id, folded_name):
    shown = Q(classroom=classroom_id, classroom__hides_members=False)
    members = Membership.objects.filter(shown).values("user")
    waiting = JoinRequest.objects.pending().filter(shown).values("user")
    students = User.objects.active().filter(kind=User.Kind.STUDENT, pk__in=members.union(waiting))
    return students.called(folded_name).values_list(*Twin._fields)
