from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from accounts.models import Notification
from classroom.models import Event, KeptOut
from classroom.rights import MANAGERS
from joins.exceptions import AskedTooSoon
from joins.models.decision import Decision, Status
from joins.models.set_aside import SetAsideQuerySet


class JoinRequestQuerySet(SetAsideQuerySet):
    """Knocks, and the queue of those that wait for an answer."""

    def pending(self):
        return self.filter(status=Status.PENDING)

    def queue(self):
        """The approval queue: oldest first (Q1)."""
        return self.pending().select_related("user").order_by("asked_at", "pk")

    def managed_by(self, user):
        """The requests of the classes that `user` manages."""
        return self.filter(
            classroom__memberships__user=user,
            classroom__memberships__role__in=MANAGERS,
            classroom__archived_at=None,
        )

    def ask(self, classroom, by, door, join_code=None):
        """File one knock and tell the managers, once (J10). Who waits already gets that same request back (J8).

        The class's row is locked by the caller. Raises AskedTooSoon after a denial (Q6).
        """
        latest = self._latest(classroom, by)
        if latest and latest.status == Status.PENDING:
            return latest
        if latest and latest.is_too_soon:
            raise AskedTooSoon(latest, latest.decided_at + settings.ASK_AGAIN_AFTER)
        asked = self.create(
            classroom=classroom,
            user=by,
            door=door,
            join_code=join_code,
            name=by.full_name,
            class_name=classroom.name,
            set_aside=bool(latest and latest.set_aside and latest.status == Status.WITHDRAWN),
        )
        classroom.record(Event.Kind.ASK, by, door=door, code=join_code.code if join_code else "")
        asked.tell_managers()
        return asked

    def decide(self, classroom, ids, decision, by):
        """Approve, deny or keep out those of `ids` that wait in this class; return all of `ids` found there.

        Each returned request tells its outcome: `is_new` where this act decided it, else an earlier decision stands
        (Q2, Q3). One transaction, a fixed number of statements. Raises NotAllowed, ArchivedFirst.
        """
        with classroom.one_at_a_time("decide", by) as classroom:
            classroom.demand_open()
            mine = classroom.join_requests.filter(pk__in=ids)
            found = list(mine.select_related("user", "decided_by", "join_code"))
            waiting = [request for request in found if request.status == Status.PENDING]
            if waiting:
                self._decide(classroom, waiting, Decision(decision), by)
        return found

    def tell_deleted(self):
        """Tell who asked that the class is gone, by the name that they knew (T10); nobody is told of them any more."""
        asked = list(self)
        Notification.objects.settle([request.about for request in asked])
        text = "{} has been deleted, and your request to join it with it."
        Notification.objects.bulk_create(
            Notification(user_id=request.user_id, text=text.format(request.class_name), link="/")
            for request in asked
        )

    def _latest(self, classroom, user):
        denied_lately = models.Q(status=Status.DENIED, decided_at__gt=Now() - settings.ASK_AGAIN_AFTER)
        mine = self.filter(classroom=classroom, user=user).order_by("-pk")
        return mine.annotate(
            is_too_soon=models.ExpressionWrapper(denied_lately, output_field=models.BooleanField())
        ).first()

    def _decide(self, classroom, waiting, decision, by):
        approved = decision == Decision.APPROVE
        status = Status.APPROVED if approved else Status.DENIED
        ids = [request.pk for request in waiting]
        self.pending().filter(pk__in=ids).update(status=status, decided_at=Now(), decided_by=by)
        if approved:
            classroom.enroll((request.user, request.door, request.code) for request in waiting)
        if decision == Decision.KEEP_OUT:
            KeptOut.objects.bulk_create(
                (KeptOut(classroom=classroom, user=request.user, by=by) for request in waiting),
                ignore_conflicts=True,
            )
        Event.objects.bulk_create(
            Event(
                classroom=classroom, kind=kind, by=by, user=request.user, door=request.door, code=request.code
            )
            for request in waiting
            for kind in decision.events
        )
        Notification.objects.settle([request.about for request in waiting])
        Notification.objects.bulk_create(decision.result(request) for request in waiting)
        for request in waiting:
            request.status, request.decided_by, request.is_new = status, by, True
