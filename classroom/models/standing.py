from django.db import models

from classroom.models.kept_out import KeptOut
from classroom.models.membership import Membership


def standing_of(user_id, classroom_id):
    """Return what decides whether a person can join a class or ask to join it, as expressions to annotate() a query.

    Each is the pk of a row, or None: `membership_id` of theirs, `kept_out_id` of the row that blocks them, and
    `manager_id` of the Membership of any manager. Classroom.check_can_join() reads them.
    """
    memberships = Membership.objects.filter(classroom=classroom_id)
    blocks = KeptOut.objects.filter(classroom=classroom_id, user=user_id)
    return {
        "membership_id": models.Subquery(memberships.filter(user=user_id).values("pk")),
        "kept_out_id": models.Subquery(blocks.values("pk")),
        "manager_id": models.Subquery(memberships.managers().order_by().values("pk")[:1]),
    }
