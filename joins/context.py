from django.db.models import Count, Exists, Max, OuterRef, Subquery, Sum
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property

from accounts.models import Notification, User
from classroom.models import Membership
from classroom.rights import MANAGERS
from joins import intent
from joins.models import JoinRequest


def counts(request):
    """What the head of every page counts. Nothing is asked of the database until a template looks."""
    return {"counts": Counts(request.user)} if hasattr(request, "user") else {}


def wish(request):
    """What a person who is signed out wants to join, for the pages on the way in (J6)."""
    return {"wish": SimpleLazyObject(lambda: intent.wish(request))}


FIELDS = ["is_manager", "is_waiting", "waiting", "newest", "only_queue", "unread", "latest"]


class Counts:
    """How many wait for this person, how much is unread, and a version that changes when either does; one query."""

    def __init__(self, user):
        self.user = user

    @cached_property
    def _row(self):
        if not self.user.is_authenticated:
            return dict.fromkeys(FIELDS, 0)
        mine = User.objects.filter(pk=self.user.pk).annotate(
            is_manager=Exists(Membership.objects.managers().filter(user=OuterRef("pk"))),
            is_waiting=Exists(JoinRequest.objects.pending().told().filter(user=OuterRef("pk"))),
            waiting=self._in_queues(Sum, Count),
            newest=self._in_queues(Max, Max),
            only_queue=self._only_queue(),
            unread=one(self._unread, "user", Count("pk")),
            latest=one(self._unread, "user", Max("pk")),
        )
        return mine.values(*FIELDS).get()

    def _in_queues(self, together, each):
        """Class by class, so that PostgreSQL begins with this person's own and never with all who wait anywhere."""
        return one(self._managing, "user", together(one(self._in_queue, "status", each("pk"))))

    def _only_queue(self):
        """The class's public id, where people wait in one class only."""
        with_queue = self._managing.filter(Exists(self._in_queue)).order_by().values("user")
        return Subquery(
            with_queue.annotate(queues=Count("pk"), n=Max("classroom__public_id"))
            .filter(queues=1)
            .values("n")
        )

    @property
    def _managing(self):
        return Membership.objects.filter(user=OuterRef("pk"), role__in=MANAGERS, classroom__archived_at=None)

    @property
    def _in_queue(self):
        return JoinRequest.objects.pending().filter(classroom=OuterRef("classroom"))

    @property
    def _unread(self):
        return Notification.objects.unread().filter(user=OuterRef("pk"))

    @property
    def is_manager(self):
        return self._row["is_manager"]

    @property
    def polls(self):
        """Whose open page changes by what others do: managers, and who waits to be let in."""
        return self.is_manager or self._row["is_waiting"]

    @property
    def waiting(self):
        return self._row["waiting"] or 0

    @property
    def queue(self):
        """Where those who wait are let in; the home page names the classes where there are several."""
        only = self._row["only_queue"]
        return reverse("joins:queue", args=[only]) if only else reverse("joins:home")

    @property
    def unread(self):
        return self._row["unread"] or 0

    @property
    def version(self):
        """Rows only come with a higher number, so counts and highest numbers tell every change."""
        return f"{self.waiting}.{self._row['newest'] or 0}.{self.unread}.{self._row['latest'] or 0}"


def one(rows, alike, number):
    """`number` (Count, Max) over `rows` as a subquery; in the field `alike` all of these rows are the same."""
    return Subquery(rows.order_by().values(alike).annotate(n=number).values("n"))
