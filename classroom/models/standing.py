from typing import NamedTuple

from django.db import models

from accounts.models import User
from classroom.models.compiled import compiled
from classroom.models.kept_out import KeptOut
from classroom.models.membership import Membership


class Standing(NamedTuple):
    """What decides whether a person can join a class or ask to join it. Each is the pk of a row, or None."""

    membership: int | None
    kept_out: int | None
    manager: int | None  # any manager of the class


@compiled(Standing)
def standing_of(classroom, user):
    """Returns None if the account has been erased."""
    memberships = Membership.objects.filter(classroom=classroom)
    person = User.objects.not_erased().filter(pk=user)
    found = person.annotate(
        membership=models.Subquery(memberships.filter(user=user).values("pk")),
        kept_out=models.Subquery(KeptOut.objects.filter(classroom=classroom, user=user).values("pk")),
        manager=models.Subquery(memberships.managers().order_by().values("pk")[:1]),
    )
    return found.values_list(*Standing._fields)
