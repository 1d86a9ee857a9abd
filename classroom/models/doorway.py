from django.db import models

from classroom import exceptions
from classroom.models.compiled import compiled


class Doorway:
    """Whom the doors of a class let pass, and how many it expects: a part of Classroom."""

    @property
    def half_again(self):
        return (self.expected_size + 1) // 2

    @property
    def most_members(self):
        """With so many plain members the Code lets nobody else walk in: half as many again as expected (T30)."""
        return self.expected_size + self.half_again

    def demand_open(self):
        """Raises ArchivedFirst: neither door is touched while the class is archived (C4)."""
        if self.is_archived:
            raise exceptions.ArchivedFirst

    def demand_door(self, user):
        """Raises what keeps `user` from either door: AlreadyMember, ClassArchived, KeptOut, DoorsShut (C4, C6, Q7)."""
        is_member, is_kept_out, has_manager = self._standing(self.pk, user.pk)
        if is_member:
            raise exceptions.AlreadyMember(self)
        if is_kept_out:
            raise exceptions.KeptOut
        if self.is_archived:
            raise exceptions.ClassArchived
        if not has_manager:
            raise exceptions.DoorsShut

    @compiled
    def _standing(self, classroom, user):
        there = type(self)(pk=classroom)
        return (
            type(self)
            .objects.filter(pk=classroom)
            .values_list(
                models.Exists(there.memberships.filter(user=user)),
                models.Exists(there.kept_out.filter(user=user)),
                models.Exists(there.memberships.managers()),
            )
        )
