from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.crypto import get_random_string

from accounts import deletion_list
from accounts.bulk import batches
from accounts.models import Letter, User
from accounts.models.user import school_time_zone
from accounts.models.user_queryset import UserQuerySet
from accounts.names import UNAMBIGUOUS
from classroom.models import Classroom, CoTeacherInvitation, Event, ListedName, Membership
from classroom.rights import OWNER
from classroom.same_name import exact
from joins.models import Guess, JoinRequest
from joins.models.join_request import mark_asked_read
from privacy.exceptions import IsAdministrator, OwnsClasses
from privacy.models.sessions import delete_sessions_of

DELETED_NAME = "Deleted person"  # what histories show instead of the name
LATE_ROWS_FOR = timedelta(days=2)  # how long after an erasure we look for rows that were written during it


class PersonQuerySet(UserQuerySet):
    def erase_each(self):
        """Erase each of these accounts in a transaction of its own. Returns how many."""
        people = list(self)
        for person in people:
            person.erase()
        return len(people)

    def finish_erasures(self):
        """Erase the accounts that are on the deletion list but not erased. Returns how many.

        There are such accounts after a restore, or if a crash interrupted an erasure (F31). The second time finds none.
        Unlike erase(), it also erases people who own a class, which may leave the class without a manager.

        It also deletes the sessions of those who were erased lately. This needs a look into every session, which would
        take too long while somebody waits, so it is left to this hourly task.
        """
        marks = deletion_list.marks_of_erased()
        found = [
            person
            for user_ids in batches(sorted(marks))
            for person in self.not_erased().filter(pk__in=user_ids)
            if deletion_list.mark(person) in marks[person.pk]
        ]
        for person in found:
            with transaction.atomic():
                person.lock_rows()
                person.erase_data()
        self._delete_late_rows()
        return len(found)

    def _delete_late_rows(self):
        """Delete what other requests have written about a person while, or shortly after, they were erased."""
        lately = dict(self.filter(erased_at__gt=Now() - LATE_ROWS_FOR).values_list("pk", "last_login"))
        user_ids = list(lately)
        if any(lately.values()):  # a log-in was under way
            self.filter(pk__in=user_ids).update(last_login=None)
        for batch in batches(user_ids):
            delete_rows_of(batch)
        if user_ids:
            delete_sessions_of(user_ids)


class Person(User):
    """A proxy of User for data protection: exporting what is stored about a person, and erasing them (T93)."""

    objects = PersonQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name_plural = "people's data"

    def erase(self):
        """Remove this person's name and data for good. Histories keep only the account's pk. Raises OwnsClasses,
        IsAdministrator.

        Returns False if the account was erased already.

        The person is logged out everywhere at once; finish_erasures() deletes their sessions later.

        The line on the deletion list is written last, just before the commit. If the process crashes between the two,
        finish_erasures() erases the account. If the line were written after the commit, a crash could lose it, and a
        restore would bring the person back.
        """
        with transaction.atomic():
            self.lock_rows()
            if User.objects.operators().filter(pk=self.pk).exists():
                raise IsAdministrator
            if owned := list(self.owned_classes()):
                raise OwnsClasses(owned)
            if is_first := self.erase_data():
                deletion_list.add(self)
        return is_first

    def owned_classes(self):
        return Classroom.objects.filter(memberships__user=self.pk, memberships__role=OWNER).as_listed()

    def lock_rows(self):
        """Lock the rows of all classes that this person is in or has asked to join, by pk, then the person's own row.

        All code takes these locks in this order, so that there are no deadlocks. Once the person's row is locked,
        nobody can add them to a class. If somebody did so just before, all locks are released and taken again, this
        time with the new class.
        """
        is_theirs = models.Q(memberships__user=self.pk) | models.Q(join_requests__user=self.pk)
        classes = Classroom.objects.filter(pk__in=Classroom.objects.filter(is_theirs).values("pk"))
        class_ids = classes.order_by("pk").values_list("pk", flat=True)
        while True:
            savepoint = transaction.savepoint()
            locked_ids = set(class_ids.select_for_update(no_key=True))
            list(User.objects.select_for_update().filter(pk=self.pk).values_list("pk"))
            # With all(), because a queryset keeps its first answer.
            if locked_ids >= set(class_ids.all()):
                return transaction.savepoint_commit(savepoint)
            transaction.savepoint_rollback(savepoint)

    def erase_data(self):
        """Overwrite the account's data and delete its rows. The caller has called lock_rows().

        Returns False if the account was erased already.
        """
        if not Person.objects.not_erased().filter(pk=self.pk).update(**self._erased_values()):
            return False
        # Failed log-ins are counted by username and email, which `self` still has.
        self.clear_failures()
        Letter.objects.filter(to__in=self.addresses()).delete()
        CoTeacherInvitation.objects.filter(email__in=self.addresses()).delete()
        ended = [(Event.Kind.LEAVE_CLASS, membership) for membership in memberships_to_end([self.pk])]
        pending = JoinRequest.objects.pending().filter(user=self)
        ended += [(Event.Kind.WITHDRAW_REQUEST, join_request) for join_request in pending]
        Event.objects.bulk_create(
            Event(classroom_id=row.classroom_id, kind=kind, by_id=self.pk) for kind, row in ended
        )
        left = {row.classroom_id for _, row in ended}
        ListedName.objects.forget(self.full_name, classes=left - self._classes_with_namesake(left))
        delete_rows_of([self.pk])
        for classroom_id in sorted({join_request.classroom_id for join_request in pending}):
            mark_asked_read(classroom_id)
        return True

    def _classes_with_namesake(self, class_ids):
        """Return those of these classes where the line on the class list stays: somebody else has this name, too."""
        found, mine = set(), exact(self.full_name)
        for places in (Membership.objects.all(), JoinRequest.objects.pending()):
            others = places.filter(classroom__in=class_ids).exclude(classroom__list_kept_at=None)
            others = others.exclude(user=self.pk).select_related("user")
            found |= {place.classroom_id for place in others if exact(place.user.full_name) == mine}
        return found

    def addresses(self):
        """Return the set of the account's email addresses; empty once the account is erased."""
        return {self.email, *EmailAddress.objects.filter(user=self.pk).values_list("email", flat=True)} - {""}

    def _erased_values(self):
        return {
            "username": f"deleted-{get_random_string(12, UNAMBIGUOUS)}",
            "first_name": DELETED_NAME,
            "last_name": "",
            "email": "",
            "password": "!",  # no password matches this
            "time_zone": school_time_zone(),
            "last_login": None,
            "is_active": False,
            "is_staff": False,
            "is_superuser": False,
            "log_outs": models.F("log_outs") + 1,
            "one_time_until": None,
            "form_key": None,
            "erased_at": Now(),
        }


def delete_rows_of(user_ids):
    """Delete the rows that would be deleted together with these users (CASCADE), and the admin's log about the users.

    The users' own rows stay, because the histories refer to them (PROTECT).
    """
    # Kept, without the account; else erasing accounts would reset the limit.
    Guess.objects.anonymise(user_ids)
    for model, field in cascading_foreign_keys():
        if model is Membership:
            memberships_to_end(user_ids).delete()
        else:
            model._base_manager.filter(**{f"{field}__in": user_ids}).delete()
    people = ContentType.objects.get_for_models(User, Person, for_concrete_models=False).values()
    # That they were erased stays for a year, without their name.
    acts = LogEntry.objects.filter(content_type__in=people, object_id__in=map(str, user_ids))
    acts.exclude(action_flag=DELETION).delete()


def memberships_to_end(user_ids):
    """Return the memberships of these users, except as owner: a class always has an owner, even if erased."""
    return Membership.objects.filter(user__in=user_ids).exclude(role=OWNER)


def cascading_foreign_keys():
    """Return (model, field name) of every foreign key that deletes its row with the user.

    The admin's LogEntry is left out: it records what the user did to others as an operator.
    """
    links = [field for field in User._meta.get_fields(include_hidden=True) if field.auto_created]
    owned = [field for field in links if getattr(field, "on_delete", None) is models.CASCADE]
    return [(link.related_model, link.field.name) for link in owned if link.related_model is not LogEntry]
