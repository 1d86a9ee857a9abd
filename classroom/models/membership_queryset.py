from datetime import timedelta

from django.db import models
from django.db.models.functions import Now

from accounts.bulk import Insertion
from accounts.folding import InOrder, fold
from accounts.models import User
from accounts.times import midnight
from classroom.exceptions import NotAMember
from classroom.models.event import Door
from classroom.models.listed_name import slip_name
from classroom.models.role_now import OVER, ROLE_NOW
from classroom.models.shown_members import SHOWN_COLUMNS, ManagedMember, ShownMember
from classroom.rights import CO_TEACHER, MANAGERS, MEMBER, OWNER

WARN_CO_TEACHER_BEFORE = timedelta(days=1)

# How a list of members can be sorted, see as_listed().
BY_LAST_NAME = InOrder("user__sort_name")
SORTS = {
    "last": [BY_LAST_NAME],
    "first": [InOrder("user__search_name")],
    "joined": [models.F("joined_at").desc()],
    "door": ["door", BY_LAST_NAME],
}


class MembershipQuerySet(models.QuerySet):
    def enrolling(self, rows, **fields):
        """Return the Insertion that makes a plain member of the person of each row of a queryset.

        It skips those who are members already. `fields` are classroom, user, door and code. The caller holds the
        class's row.
        """
        return Insertion(rows, self.model, fields, ignore_conflicts=True)

    def with_role_now(self):
        """Each Membership gets the role of this moment, also if the worker has not written yet that it has ended."""
        return self.annotate(role_now=ROLE_NOW)

    def values_role_now(self, *fields):
        return self.values_list(ROLE_NOW, *fields)

    def over(self):
        """The co-teachers whose time is over."""
        return self.filter(OVER)

    def over_soon(self):
        """The co-teachers whose time is over within a day, who have not been told yet."""
        soon = Now() + WARN_CO_TEACHER_BEFORE
        return self.filter(~OVER, role=CO_TEACHER, co_teacher_until__lte=soon, co_teacher_warned_at=None)

    def managers(self):
        """The owner and the co-teachers, without those whose account is closed (C6)."""
        return self.filter(~OVER, role__in=MANAGERS, user__is_active=True)

    def lasting_co_teachers(self):
        """The co-teachers without an end. A substitute is not taken along into the next year (C4)."""
        return self.filter(role=CO_TEACHER, co_teacher_until=None)

    def of_manager(self, user):
        """The places of this person as owner or co-teacher, one for each class that they manage."""
        return self.filter(~OVER, user=user, role__in=MANAGERS)

    def not_archived(self):
        return self.filter(classroom__archived_at=None)

    def answering(self):
        """The managers of classes that are not archived. A class is open if it has one (C4, C6)."""
        return self.managers().not_archived()

    def has_open_class(self):
        """The condition for a query of another model that each row's `classroom` is open."""
        return models.Exists(self.answering().filter(classroom=models.OuterRef("classroom")))

    def owned_before(self, owner_id, membership_id):
        """The places that this person had as an owner before this one."""
        return self.filter(user=owner_id, role=OWNER, pk__lt=membership_id)

    def plain(self):
        """Neither owner nor co-teacher."""
        return self.filter(role=MEMBER)

    def joined_between(self, begin, end):
        """Plain members who joined, or were let in, in this time."""
        return self.plain().filter(joined_at__gte=begin, joined_at__lt=end)

    def owner_first(self):
        """Sort managers: the owner, then the co-teachers in the order in which they came. With their users."""
        return self.select_related("user").order_by("-role", "pk")

    def joined_today(self):
        """Those who joined by a door since midnight in the user's time zone; the first to join first."""
        return self.filter(joined_at__gte=midnight()).exclude(door=Door.OPENED).order_by("joined_at", "pk")

    def joined_with(self, code, since=None):
        """The plain members who joined with this Code (its letters), at `since` or later; the latest first."""
        joined = self.plain().filter(code=code).order_by("-joined_at", "-pk")
        return joined.filter(joined_at__gte=since) if since else joined

    def as_listed(self, sort="last"):
        """Sort: the owner, then the co-teachers, then the members. `sort` is one of SORTS, and sorts each of the three.

        "last" and "first" sort by name, regardless of case and accents (A7); "joined" shows the latest first.
        """
        co_teacher = models.When(~OVER, role=CO_TEACHER, then=1)
        rank = models.Case(models.When(role=OWNER, then=0), co_teacher, default=2)
        return self.select_related("user").order_by(rank, *SORTS[sort], "pk")

    def values_for_list(self):
        """Return a ShownMember for each, instead of a Membership with its User."""
        return [ShownMember(*row) for row in self.values_list(*SHOWN_COLUMNS)]

    def managed_columns(self):
        """Return the values of a ManagedMember for each."""
        verified = self.model.objects.filter(pk=models.OuterRef("pk"), user__emailaddress__verified=True)
        return self.values_list(
            *SHOWN_COLUMNS,
            "user__is_staff",
            models.Exists(verified),
            models.Case(
                models.When(user__sign_up__join_code__classroom=models.F("classroom"), then=True),
                default=False,
            ),
            slip_name(),
            "co_teacher_until",
        )

    def values_for_managers(self):
        """Return a ManagedMember for each, instead of a Membership with its User."""
        return [ManagedMember(*row) for row in self.managed_columns()]

    def managed(self, user):
        """Return the ManagedMember of this user. Raises NotAMember."""
        for member in self.filter(user=user).values_for_managers():
            return member
        raise NotAMember

    def as_classmates_see(self):
        """Sort by first name.

        Classmates see only first names and an initial, and an order by last name would give the last names away (A6).
        """
        return self.as_listed("first")

    def teachers(self):
        return self.filter(user__kind=User.Kind.TEACHER)

    def seen_by(self, viewer):
        """Leave out the members that `viewer`, a Membership in this class, may not see.

        If the class hides its members, a student sees only the teachers and themselves (T91).
        """
        if viewer.sees_everybody:
            return self
        return self.filter(models.Q(user__kind=User.Kind.TEACHER) | models.Q(pk=viewer.pk))

    def search(self, words):
        """Those whose name or username contains each of the words, regardless of case and accents (A7)."""
        folded_words = fold(words).split()
        if words.strip() and not folded_words:
            return self.none()  # only punctuation was typed
        found = self
        for word in dict.fromkeys(folded_words):
            found = found.filter(user__search_name__contains=word)
        return found
