from typing import NamedTuple

from django.db.models import Count, Exists, Max, OuterRef, Subquery, Sum
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property

from accounts.compiled import compiled
from accounts.models import Notification
from classroom.models import Membership
from joins import wish as wishes
from joins.models import JoinCode, JoinRequest
from joins.models.subqueries import aggregated, count_of


def counts(request):
    """Add `counts`, the numbers in the head of every page. No query runs until a template uses them."""
    if not hasattr(request, "user"):
        return {}
    membership = getattr(request, "membership", None)  # on the pages of a class
    return {"counts": Counts(request.user, membership.classroom.public_id if membership else "")}


def wish(request):
    """Add `wish`: what somebody who is not logged in wants to join, for the pages of log-in and sign-up (J6)."""
    return {"wish": SimpleLazyObject(lambda: wishes.for_templates(request))}


class CountsRow(NamedTuple):
    managing: int | None = None  # pk of any class membership in which this person is a manager
    pending: int | None = None  # number of their own pending requests
    archived: int | None = None  # number of those whose class is archived
    waiting: int | None = None  # number of requests in the queues of the classes that they manage
    newest: int | None = None  # the highest pk of those requests
    only_queue: str | None = None  # public_id of the class whose queue has requests, if only one has
    unread: int | None = None  # number of unread notifications
    latest: int | None = None  # the highest pk of an unread notification
    here: int | None = None  # number of requests in the queue of this page's class, if they manage it
    members: int | None = None  # number of members of this class
    # A text that changes with its Code, and with what Code and Join URL do; None while the class is archived.
    door: str | None = None


class Counts:
    """How many requests wait for this person to decide, and how many notifications are unread. Needs one query.

    On the pages of a class, which `public_id` names, it also counts this class's queue and members for its managers.
    """

    def __init__(self, user, public_id=""):
        self.user, self.public_id = user, public_id

    @cached_property
    def _row(self):
        return _counts_of.first(self.user.pk, self.public_id) if self.user.is_authenticated else CountsRow()

    @property
    def is_manager(self):
        return bool(self._row.managing)

    @property
    def has_pending(self):
        """Whether this person has asked to join a class and waits for an answer."""
        return bool(self._row.pending)

    @property
    def polls(self):
        """Whether an open page asks for news: for managers, and for people with a pending request."""
        return self.is_manager or self.has_pending

    @property
    def waiting(self):
        return self._row.waiting or 0

    @property
    def here(self):
        """How many people wait in the class whose page this is. 0 for those who don't manage it."""
        return self._row.here or 0

    @property
    def members(self):
        """How many members the class whose page this is has, or None for those who don't manage it."""
        return self._row.members

    @property
    def queue(self):
        """The address of the queue where requests wait; if there are several, the home page, which lists them."""
        only = self._row.only_queue
        return reverse("joins:queue", args=[only]) if only else reverse("joins:home")

    @property
    def unread(self):
        return self._row.unread or 0

    @property
    def version(self):
        """A text that changes whenever a count, its rows or the door change: a new row always has a higher pk."""
        row = self._row
        counted = (
            self.waiting,
            row.newest,
            self.unread,
            row.latest,
            self.here,
            self.members,
            row.pending,
            row.archived,
        )
        door = "".join(filter(str.isdigit, row.door or ""))
        return ".".join([*(str(number or 0) for number in counted), door])


@compiled(CountsRow)
def _counts_of(user_id, public_id):
    """Count class by class, so that PostgreSQL starts with this person's classes, not with all pending requests."""
    managing = Membership.objects.of_manager(user_id)
    queues = managing.not_archived()
    of_page = managing.filter(classroom__public_id=public_id)
    unread = Notification.objects.unread().filter(user=user_id)
    pending = JoinRequest.objects.pending().filter(user=user_id)
    current = JoinCode.objects.current().filter(classroom=OuterRef("classroom"))
    return CountsRow(
        managing=managing.values("pk")[:1],
        pending=aggregated(pending, "user"),
        archived=aggregated(pending.exclude(classroom__archived_at=None), "user"),
        waiting=aggregated(queues, "user", Sum(_in_queue(Count("pk")))),
        newest=aggregated(queues, "user", Max(_in_queue(Max("pk")))),
        only_queue=_only_of(queues),
        unread=aggregated(unread, "user"),
        latest=aggregated(unread, "user", Max("pk")),
        here=of_page.not_archived().values(n=_in_queue(Count("pk"))),
        members=of_page.values(
            n=count_of(Membership.objects.filter(classroom=OuterRef("classroom")), "classroom")
        ),
        door=of_page.not_archived().values(n=Subquery(current.values_door_version())),
    )


def _pending():
    return JoinRequest.objects.pending().filter(classroom=OuterRef("classroom"))


def _in_queue(number):
    return Subquery(aggregated(_pending(), "status", number))


def _only_of(queues):
    """Return the public_id of the class whose queue has requests, if only one of these classes has."""
    with_some = queues.filter(Exists(_pending())).order_by().values("user")
    only = with_some.annotate(so_many=Count("pk"), n=Max("classroom__public_id")).filter(so_many=1)
    return only.values("n")
