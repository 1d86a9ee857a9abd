from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.crypto import get_random_string

from accounts import deletion_list, devices
from accounts.models import Letter, User
from accounts.models.user import UserQuerySet, school_time_zone
from accounts.names import UNAMBIGUOUS
from classroom.models import Classroom, Event, Membership
from classroom.rights import OWNER
from joins.models import Guess, JoinRequest
from privacy.exceptions import OwnsClasses

NOBODY = "Deleted person"  # what histories show instead of the name
STRAGGLERS = timedelta(days=2)  # how long what was under way at an erasure is looked for
AT_ONCE = 500  # numbers of the deletion list, or sessions, that one query asks for
# In a session: whose it is, Django's once they are in, allauth's as soon as they have typed their password.
_WHOSE = ["_auth_user_id", "account_authentication_methods_user"]
# In a session: what waits for a mailed code (allauth's), with an address.
_WAITING = ["account_login", "account_email_verification_code"]


class PersonQuerySet(UserQuerySet):
    def erase_each(self):
        """Erase these people, each in a transaction of their own. Returns how many."""
        people = list(self)
        for person in people:
            person.erase()
        return len(people)

    def finish_erasures(self):
        """Erase again who is on the deletion list: after a restore, or a crash in the midst (F31). Returns how many.

        Run twice or late, it finds nobody left. It refuses nothing: a class that they own stays without a manager.
        What stands in sessions goes here too, within the hour: somebody has to go through all of them.
        """
        on_the_list, done = deletion_list.marks(), 0
        numbers = sorted(on_the_list)
        for start in range(0, len(numbers), AT_ONCE):
            for person in self.named().filter(pk__in=numbers[start : start + AT_ONCE]):
                if deletion_list.mark(person) in on_the_list[person.pk]:
                    with transaction.atomic():
                        person.hold()
                        person.forget()
                    done += 1
        self._forget_stragglers()
        return done

    def _forget_stragglers(self):
        """What a request that was under way has written to somebody's name after their erasure."""
        lately = list(self.filter(erased_at__gt=Now() - STRAGGLERS).values_list("pk", flat=True))
        if lately:
            drop_theirs(lately)
            forget_sessions(lately)


class Person(User):
    """An account as its owner, or the law, sees it: what is held about somebody, and how it ends (T93)."""

    objects = PersonQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name_plural = "people's data"

    def erase(self):
        """Take this person's name from everything, for good; histories keep a number. Raises OwnsClasses.

        Their sessions are no log-in any more from that moment, and go with finish_erasures().
        The line on the deletion list is written last before the commit: after a crash between the two,
        finish_erasures() ends what was begun; the other way round a restore would bring the person back.
        """
        with transaction.atomic():
            self.hold()
            if owned := list(self.owned_classes()):
                raise OwnsClasses(owned)
            if self.forget():
                deletion_list.add(self)

    def owned_classes(self):
        return Classroom.objects.filter(memberships__user=self.pk, memberships__role=OWNER).as_listed()

    def hold(self):
        """Take the rows of every class in which they stand or wait, always in the same order, then their own.

        Everybody takes them in this order (no deadlocks). Once their own is taken, nobody adds them to anything. Where
        somebody has done so before, all are let go and taken again, with that class.
        """
        theirs = models.Q(memberships__user=self.pk) | models.Q(join_requests__user=self.pk)
        classes = Classroom.objects.filter(pk__in=Classroom.objects.filter(theirs).values("pk"))
        numbers = classes.order_by("pk").values_list("pk", flat=True)
        while True:
            before = transaction.savepoint()
            held = set(numbers.select_for_update(no_key=True))
            list(User.objects.select_for_update().filter(pk=self.pk).values_list("pk"))
            if held >= set(numbers):
                return transaction.savepoint_commit(before)
            transaction.savepoint_rollback(before)

    def forget(self):
        """The rows are held by the caller. Says whether there was somebody to forget."""
        if not Person.objects.named().filter(pk=self.pk).update(**self._nobody()):
            return False
        devices.forgive(self)  # failures are counted by what was typed
        Letter.objects.filter(to__in=self.addresses()).delete()
        waiting = JoinRequest.objects.pending().filter(user=self)
        ended = [(Event.Kind.LEAVE_CLASS, place) for place in places([self.pk])]
        ended += [(Event.Kind.WITHDRAW_REQUEST, knock) for knock in waiting]
        Event.objects.bulk_create(
            Event(classroom_id=row.classroom_id, kind=kind, by_id=self.pk) for kind, row in ended
        )
        drop_theirs([self.pk])
        return True

    def addresses(self):
        """Where mail about the account was to go; empty once they are forgotten."""
        return {self.email, *EmailAddress.objects.filter(user=self.pk).values_list("email", flat=True)} - {""}

    def _nobody(self):
        return {
            "username": f"deleted-{get_random_string(12, UNAMBIGUOUS)}",
            "first_name": NOBODY,
            "last_name": "",
            "email": "",
            "password": "!",  # no password fits
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


def drop_theirs(numbers):
    """What a model deletes with its user goes now; what it protects is history, and keeps the bare number."""
    Guess.objects.let_go(numbers)  # or an account for each ten wrong Codes would guess without end
    for model, field in theirs():
        rows = (
            places(numbers)
            if model is Membership
            else model._base_manager.filter(**{f"{field}__in": numbers})
        )
        rows.delete()
    people = ContentType.objects.get_for_models(User, Person, for_concrete_models=False).values()
    LogEntry.objects.filter(content_type__in=people, object_id__in=map(str, numbers)).delete()


def places(numbers):
    """Every membership; a class has one owner, so that one stays even where nobody may be asked any more."""
    return Membership.objects.filter(user__in=numbers).exclude(role=OWNER)


def theirs():
    """(model, field) of all that is deleted with a user, but what they did to others as operators."""
    links = [field for field in User._meta.get_fields(include_hidden=True) if field.auto_created]
    owned = [field for field in links if getattr(field, "on_delete", None) is models.CASCADE]
    return [(link.related_model, link.field.name) for link in owned if link.related_model is not LogEntry]


def forget_sessions(numbers):
    """Delete every session of these people.

    Also those in which somebody stands half-way through a sign-up or a log-in, with an address that is nobody's: it was
    theirs.
    """
    ids = {str(number) for number in numbers}
    for lot in _lots_of_sessions():
        kept = {session.pk: session.get_decoded() for session in lot}
        known = [key for key, data in kept.items() if not ids.isdisjoint(map(data.get, _WHOSE))]
        half_way = {key: typed for key, data in kept.items() if (typed := _addresses_half_way(data))}
        nobodys = _nobodys(set().union(*half_way.values()))
        known += [key for key, typed in half_way.items() if typed & nobodys]
        Session.objects.filter(pk__in=known).delete()


def _addresses_half_way(data):
    """Those of somebody who is not in yet; who is in may be about to have a new address, which is nobody's yet."""
    waiting = [data.get(part) for part in _WAITING if "_auth_user_id" not in data]
    return {part["email"].lower() for part in waiting if part and part["email"]}


def _nobodys(addresses):
    """Which of these no account has."""
    theirs = User.objects.filter(email__in=addresses).values_list("email", flat=True)
    claimed = EmailAddress.objects.filter(email__in=addresses).values_list("email", flat=True)
    return addresses - {*theirs, *claimed}


def _lots_of_sessions():
    """There may be a hundred thousand."""
    last = ""
    while lot := list(Session.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield lot
        last = lot[-1].pk
