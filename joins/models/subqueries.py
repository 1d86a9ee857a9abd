"""Counts as subqueries, so that one statement answers many questions."""

from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce

HOW_MANY = Count("pk")


def aggregated(rows, same, aggregate=HOW_MANY):
    """`aggregate` over `rows`, as a queryset of one value; a queryset of none where there are no rows.

    In the field `same` all of these rows have one value, so they are one group.
    """
    return rows.order_by().values(same).annotate(n=aggregate).values("n")


def count_of(rows, same):
    """How many `rows` there are, as an expression; zero where there are none."""
    return Coalesce(Subquery(aggregated(rows, same)), 0)
