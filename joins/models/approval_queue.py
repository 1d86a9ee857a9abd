from django.db.models import Exists, Q
from django.db.models.functions import Now

from accounts.models import Notification
from classroom.models import Event, KeptOut
from classroom.rights import MANAGERS
from joins.models.asking import AskQuerySet
from joins.models.decision import Decision, Status


def over_quota_in(classroom):
    """The key under which a notification tells of all requests that are folded in the class with this number (T34)."""
    return f"over-quota:{classroom}"


class JoinRequestQuerySet(AskQuerySet):
    """Knocks, and the queue of those that wait for an answer."""

    def queue(self):
        """The approval queue: oldest first (Q1), and after all others the requests that are folded (T34)."""
        people = self.pending().select_related("user", "user__sign_up")
        return people.order_by("over_quota", "asked_at", "pk")

    def mark_denied_before(self, join_requests):
        """Give each of these requests `denied_before`, the latest denied one of the same person here, or None (Q10)."""
        people = {join_request.user_id for join_request in join_requests}
        denied = self.filter(user__in=people, status=Status.DENIED) if people else []
        latest = {
            before.user_id: before for before in denied and denied.select_related("decided_by").order_by("pk")
        }
        for join_request in join_requests:
            join_request.denied_before = latest.get(join_request.user_id)

    def managed_by(self, user):
        """The requests of the classes that `user` manages."""
        return self.filter(
            classroom__memberships__user=user,
            classroom__memberships__role__in=MANAGERS,
            classroom__archived_at=None,
        )

    def decide(self, classroom, ids, decision, by):
        """Approve, deny or keep out those of `ids` that wait in this class; return all of `ids` found there.

        Each returned request tells its `outcome`: `is_new` where this act decided it, or the same act of the same
        person before (J10); else an earlier decision stands (Q2, Q3). A closed account is not let in and waits on
        (Q10). One transaction, a fixed number of statements. Raises NotAllowed, ArchivedFirst.
        """
        decision = Decision(decision)
        with classroom.one_at_a_time("decide", by) as classroom:
            classroom.demand_open(by)
            mine = classroom.join_requests.filter(pk__in=ids).with_denials()
            found = list(mine.select_related("user", "decided_by", "join_code"))
            waiting = [request for request in found if request.status == Status.PENDING]
            if decision == Decision.APPROVE:
                waiting = [request for request in waiting if request.user.is_active]
            blocked = set()
            if decision == Decision.KEEP_OUT and len(waiting) < len(found):
                blocked = set(
                    classroom.kept_out.filter(user__join_requests__in=ids).values_list("user", flat=True)
                )
            for request in found:
                request.is_new = request.is_repeated(decision, by, blocked)
                request.is_blocked = decision == Decision.KEEP_OUT
            if waiting:
                self._decide(classroom, waiting, decision, by)
        return found

    def settle(self, classroom, join_requests):
        """The managers have no more to do with these: mark as read what told of them.

        What told of all folded ones together is read once none of them waits any more. `classroom` is a number.
        """
        folded = self.model.objects.pending().filter(classroom=classroom, over_quota=True)
        each = Q(about__in=[asked.about for asked in join_requests if not asked.over_quota])
        together = Q(about=over_quota_in(classroom)) & ~Exists(folded)
        Notification.objects.filter(each | together).mark_read()

    def tell_deleted(self):
        """Tell who asked that the class is gone, by the name that they knew (T10); nobody is told of them any more."""
        asked = list(self)
        Notification.objects.settle([request.about for request in asked])
        text = "{} has been deleted, and your request to join it with it."
        Notification.objects.bulk_create(
            Notification(user_id=request.user_id, text=text.format(request.class_name), link="/")
            for request in asked
        )

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
        self.settle(classroom.pk, waiting)
        Notification.objects.bulk_create(decision.result(request) for request in waiting)
        for request in waiting:
            request.status, request.decided_by, request.is_new = status, by, True
