from datetime import timedelta

from django.db import models

from accounts.models import Notification
from classroom.exceptions import NotAMember
from classroom.models import Door, Event
from joins.models.decision import Status


class SetAsideQuerySet(models.QuerySet):
    """Members who wait at the door again, until a manager has looked whether they belong in the class (T30)."""

    def latest_is_set_aside(self):
        """Whether the latest of these requests was a setting aside that no manager has decided; one row."""
        undecided = models.Q(set_aside=True, status__in=[Status.PENDING, Status.WITHDRAWN])
        stands = models.ExpressionWrapper(undecided, models.BooleanField())
        return self.order_by("-pk").annotate(stands=stands).values("stands")[:1]

    def set_aside(self, classroom, username, by):
        """End a membership and put a request in its place, so that nothing is lost for an innocent child.

        Returns the user, also the second time, which changes nothing. Raises DoneByAnother, NotAMember, also for a
        manager; ArchivedFirst, NotAllowed.
        """
        with classroom.one_at_a_time("set_aside", by) as classroom:
            classroom.demand_open(by)
            found = self.set_aside_all(classroom, classroom.memberships.filter(user__username=username), by)
            if not found:
                return self._set_aside_before(classroom, username, by)
        return found[0]

    def _set_aside_before(self, classroom, username, by):
        if not self.pending().filter(classroom=classroom, user__username=username, set_aside=True).exists():
            raise NotAMember
        return classroom.events.repeated(Event.Kind.SET_ASIDE, by, user__username=username).user

    def set_aside_all(self, classroom, memberships, by):
        """As set_aside() for the plain members among `memberships` who came by a door; returns their users.

        A fixed number of statements, however many. The caller holds the class's row.
        """
        leaving = memberships.plain().exclude(door=Door.OPENED)
        members = list(leaving.select_related("user"))
        told = Notification.objects.filter(topic=classroom.public_id, user__in=leaving.values("user"))
        told.mark_read()  # what was said to a member is no longer theirs (T60)
        leaving.delete()
        self._file(classroom, members)
        self._tell(classroom, members, by)
        return [gone.user for gone in members]

    def _file(self, classroom, members):
        """A request each, by the door and the Code by which they once came (J9)."""
        codes = classroom.join_codes.in_bulk({gone.code for gone in members} - {""}, field_name="code")
        self.bulk_create(
            self.model(
                classroom=classroom,
                user=gone.user,
                door=gone.door,
                join_code=codes.get(gone.code),
                name=gone.user.full_name,
                class_name=classroom.name,
                set_aside=True,
            )
            for gone in members
        )

    def _tell(self, classroom, members, by):
        act = {"classroom": classroom, "kind": Event.Kind.SET_ASIDE, "by": by}
        Event.objects.bulk_create(
            Event(user=gone.user, door=gone.door, code=gone.code, **act) for gone in members
        )
        Notification.objects.tell(
            [gone.user for gone in members],
            text=f"The teachers of {classroom.name} are checking who belongs in it. "
            "You wait until they let you in again, and need to do nothing.",
            link="/",
            topic=classroom.public_id,
            mail_after=timedelta(),
        )
