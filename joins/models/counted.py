"""Counts as subqueries, so that one statement tells many things."""

from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce

HOW_MANY = Count("pk")


def counted(rows, alike, number=HOW_MANY):
    """`number`, such as Max("pk"), over `rows`, as a queryset of one value; of none where there are no rows.

    In the field `alike` all of these rows are the same, so they are one group.
    """
    return rows.order_by().values(alike).annotate(n=number).values("n")


def how_many(rows, alike):
    """As an expression; nought where there are no rows."""
    return Coalesce(Subquery(counted(rows, alike)), 0)
