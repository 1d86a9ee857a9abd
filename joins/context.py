from typing import NamedTuple

from django.db.models import Count, Exists, Max, OuterRef, Subquery, Sum
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property

from accounts.models import Notification
from classroom.models import Membership
from classroom.models.compiled import compiled
from classroom.rights import MANAGERS
from joins import intent
from joins.models import JoinRequest
from joins.models.subqueries import aggregated


def counts(request):
    """What the head of every page counts. Nothing is asked of the database until a template looks."""
    return {"counts": Counts(request.user)} if hasattr(request, "user") else {}


def wish(request):
    """What a person who is signed out wants to join, for the pages on the way in (J6)."""
    return {"wish": SimpleLazyObject(lambda: intent.wish(request))}


class Row(NamedTuple):
    managing: int | None = None  # any class that this person manages
    pending: int | None = None  # any request of theirs that waits
    waiting: int | None = None  # people in the queues of their classes
    newest: int | None = None  # the highest number of those requests
    only_queue: str | None = None  # the public id of the class in which people wait, where it is the only one
    unread: int | None = None
    latest: int | None = None  # the highest number of an unread notification


class Counts:
    """How many wait for this person, how much is unread, and a version that changes when either does; one query."""

    def __init__(self, user):
        self.user = user

    @cached_property
    def _row(self):
        return _counted(self.user.pk) if self.user.is_authenticated else Row()

    @property
    def is_manager(self):
        return bool(self._row.managing)

    @property
    def polls(self):
        """Whose open page changes by what others do: managers, and who waits to be let in."""
        return self.is_manager or bool(self._row.pending)

    @property
    def waiting(self):
        return self._row.waiting or 0

    @property
    def queue(self):
        """Where those who wait are let in; the home page names the classes where there are several."""
        only = self._row.only_queue
        return reverse("joins:queue", args=[only]) if only else reverse("joins:home")

    @property
    def unread(self):
        return self._row.unread or 0

    @property
    def version(self):
        """Rows only come with a higher number, so counts and highest numbers tell every change."""
        return f"{self.waiting}.{self._row.newest or 0}.{self.unread}.{self._row.latest or 0}"


@compiled(Row)
def _counted(user):
    """Class by class, so that PostgreSQL begins with this person's own and never with all who wait anywhere."""
    managing = Membership.objects.filter(user=user, role__in=MANAGERS)
    queues = managing.filter(classroom__archived_at=None)
    unread = Notification.objects.unread().filter(user=user)
    return [
        managing.values("pk")[:1],
        JoinRequest.objects.pending().filter(user=user).values("pk")[:1],
        aggregated(queues, "user", Sum(_in_queue(Count("pk")))),
        aggregated(queues, "user", Max(_in_queue(Max("pk")))),
        _only_of(queues),
        aggregated(unread, "user"),
        aggregated(unread, "user", Max("pk")),
    ]


def _pending():
    return JoinRequest.objects.pending().filter(classroom=OuterRef("classroom"))


def _in_queue(number):
    return Subquery(aggregated(_pending(), "status", number))


def _only_of(queues):
    """The public id of the class in which people wait, where it is the only one."""
    with_some = queues.filter(Exists(_pending())).order_by().values("user")
    only = with_some.annotate(so_many=Count("pk"), n=Max("classroom__public_id")).filter(so_many=1)
    return only.values("n")
