"""Counts as subqueries, so that one query can return many counts; and conditions as values."""

from django.db.models import BooleanField, Count, ExpressionWrapper, Subquery
from django.db.models.functions import Coalesce

HOW_MANY = Count("pk")


def aggregated(rows, same, aggregate=HOW_MANY):
    """Return a queryset with one value, `aggregate` over `rows`. If there are no rows, the queryset is empty.

    `same` is a field in which all of these rows have the same value, so that they form one group.
    """
    return rows.order_by().values(same).annotate(n=aggregate).values("n")


def count_of(rows, same, aggregate=HOW_MANY):
    """Return an expression for the number of `rows`, or for another `aggregate`; zero if there are none."""
    return Coalesce(Subquery(aggregated(rows, same, aggregate)), 0)


def as_boolean(condition):
    """Return an expression that is True where the Q `condition` holds, and False elsewhere."""
    return ExpressionWrapper(condition, BooleanField())
