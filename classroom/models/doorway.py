from django.db.models import Subquery

from accounts.models import User
from classroom import exceptions
from classroom.models.compiled import compiled
from classroom.models.kept_out import KeptOut
from classroom.models.membership import Membership


@compiled
def _standing(classroom, user):
    """The number of the user's membership, that of what keeps them out, and that of a manager; each may be None.

    No row at all if the user has been erased.
    """
    there = Membership.objects.filter(classroom=classroom)
    return (
        User.objects.named()
        .filter(pk=user)
        .values_list(
            Subquery(there.filter(user=user).values("pk")),
            Subquery(KeptOut.objects.filter(classroom=classroom, user=user).values("pk")),
            Subquery(there.managers().order_by().values("pk")[:1]),
        )
    )


class Doorway:
    """Whom the doors of a class let pass, and how many it expects: a part of Classroom."""

    @property
    def half_again(self):
        return (self.expected_size + 1) // 2

    @property
    def most_members(self):
        """With so many plain members the Code lets nobody else walk in: half as many again as expected (T30)."""
        return self.expected_size + self.half_again

    def demand_open(self, by):
        """Raises ArchivedFirst: neither door is touched while the class is archived (C4). `by` reads the sentence."""
        if self.is_archived:
            raise exceptions.ArchivedFirst(self, by)

    def demand_door(self, user, hold=False):
        """Raises what keeps `user` from either door: AlreadyMember, ClassArchived, KeptOut, DoorsShut (C4, C6, Q7).

        Who adds the person to the class says `hold`, so that before the transaction ends nobody erases them (T93), and
        they ask at no other door, which would not be counted (T33). The class's row is locked already, as it is by who
        erases. Raises AccountDeleted.
        """
        standing = (_standing.held if hold else _standing)(self.pk, user.pk)
        if standing is None:
            raise exceptions.AccountDeleted
        is_member, is_kept_out, has_manager = standing
        if is_member:
            raise exceptions.AlreadyMember(self)
        if is_kept_out:
            raise exceptions.KeptOut
        if self.is_archived:
            raise exceptions.ClassArchived
        if not has_manager:
            raise exceptions.DoorsShut
