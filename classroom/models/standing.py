from django.db import models

from classroom.models.kept_out import KeptOut
from classroom.models.membership import Membership


def standing_of(user, classroom):
    """Return what decides whether a person can join a class or ask to join it, as expressions to annotate() a query.

    Each is the pk of a row, or None: their `membership`, the row that blocks them in `kept_out`, and any `manager` of
    the class. Classroom.check_can_join() reads them.
    """
    memberships = Membership.objects.filter(classroom=classroom)
    blocks = KeptOut.objects.filter(classroom=classroom, user=user)
    return {
        "membership": models.Subquery(memberships.filter(user=user).values("pk")),
        "kept_out": models.Subquery(blocks.values("pk")),
        "manager": models.Subquery(memberships.managers().order_by().values("pk")[:1]),
    }
