from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Replace

from accounts import deletion_list, folding
from accounts.names import drop_invisible

NAME_FIELDS = ["first_name", "last_name", "username"]
FOLDED_COLUMNS = {"sort_name": folding.sort_name, "search_name": folding.search_name}


class UserQuerySet(models.QuerySet):
    def update(self, **fields):
        """If a name changes, update the folded columns too, so that people are sorted and found by the new name."""
        if not fields.keys() & set(NAME_FIELDS):
            return super().update(**fields)
        if all(isinstance(fields.get(name), str) for name in NAME_FIELDS):
            names = [fields[name] for name in NAME_FIELDS]
            return super().update(
                **fields, **{column: compute(*names) for column, compute in FOLDED_COLUMNS.items()}
            )
        user_ids = list(self.values_list("pk", flat=True))
        count = super().update(**fields)
        for user in self.model._base_manager.filter(pk__in=user_ids):
            user.save(update_fields=FOLDED_COLUMNS)
        return count

    def not_erased(self):
        """People who haven't been erased."""
        return self.filter(erased_at=None)

    def hold_row(self, user):
        """Hold the person's row, so that nobody erases them before the transaction ends. False if erased (T93)."""
        return bool(self.not_erased().filter(pk=user.pk).select_for_update(no_key=True).values_list("pk"))

    def active(self):
        """Accounts that are not closed."""
        return self.filter(is_active=True)

    def with_login(self, typed):
        """Accounts with this username or email address. Empty text finds none: most students have no address.

        As at the log-in, what a chat adds unseen to a copied one doesn't count.
        """
        typed = drop_invisible(typed)
        if not typed:
            return self.none()
        return self.filter(models.Q(username=typed.lower()) | models.Q(email__iexact=typed))

    def called(self, folded_name):
        """Accounts with this name, first name first, as fold() returns it."""
        words = Replace("search_name", Value(" ! "), Value(" "))
        whole = Concat(Value(folded_name, models.CharField()), Value(" "), "username")
        return self.annotate(words=words).filter(words=whole)

    def reachable(self):
        """People we may write to. If verification is mandatory, only those with a verified address (T53)."""
        if settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory":
            return self.active().filter(emailaddress__verified=True, emailaddress__email=F("email"))
        return self.active().exclude(email="")

    def release_address(self, email):
        """Remove students' unverified claims to an address, so that they don't keep out its owner (T53).

        Does nothing unless verification is mandatory: otherwise nobody could say whose address it is.
        """
        if settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory":
            self.filter(kind=self.model.Kind.STUDENT).release_claims(email)

    def release_claims(self, email):
        """Remove these people's unverified claims to an address that somebody else proves or claims (T53, T99)."""
        for claim in self.filter(email__iexact=email).exclude(emailaddress__verified=True):
            claim.emailaddress_set.filter(email__iexact=email).delete()
            self.filter(pk=claim.pk).update(email="")

    def created_by(self, form_key):
        """Return the account that this sign-up form has created, or None (A9). `form_key` is text, as it was sent."""
        try:
            return self.get(form_key=UUID(form_key)) if form_key else None
        except (ValueError, self.model.DoesNotExist):
            return None

    def log_out_everywhere(self):
        """End every session of these people at its next request (T60)."""
        return self.update(log_outs=F("log_outs") + 1)

    def operators(self):
        """People who may use the admin, or could again if their account were reopened (T59)."""
        return self.filter(models.Q(is_staff=True) | models.Q(is_superuser=True))

    def withdraw_access(self):
        """Take the admin away from these people and end their sessions. Restoring a backup doesn't undo it (F31)."""
        with self._noted_on_deletion_list(deletion_list.WITHDRAWN):
            return self.update(is_staff=False, is_superuser=False, log_outs=F("log_outs") + 1)

    def give_access(self):
        with self._noted_on_deletion_list(deletion_list.GIVEN):
            return self.not_erased().update(is_staff=True, is_superuser=True)

    def close(self, put_together=False):
        """Log these people out at their next request, and keep them out until reopen() (T60).

        An account that was only `put_together` with another one is closed by this anew.
        """
        people = self.filter(models.Q(is_active=True) | models.Q(put_together=True))
        with people._noted_on_deletion_list(deletion_list.CLOSED):
            return people.update(is_active=False, put_together=put_together, log_outs=F("log_outs") + 1)

    def reopen(self):
        """Reopen closed accounts, but not those of erased people, because nobody is left to use them."""
        people = self.not_erased().filter(is_active=False)
        with people._noted_on_deletion_list(deletion_list.REOPENED):
            return people.update(is_active=True, put_together=False)

    @contextmanager
    def _noted_on_deletion_list(self, word):
        """Write to the deletion list before the commit: a crash in between must not leave people too many rights."""
        with transaction.atomic():
            deletion_list.add(*self.only("date_joined").iterator(), word=word)
            yield

    def reapply_deletion_list(self):
        """After a restore: close accounts and withdraw access again, where this happened after the backup (F31).

        Returns two lists of usernames: those closed, and those whose access was withdrawn.
        """
        closed = self._marked_on_deletion_list(deletion_list.CLOSED).filter(is_active=True)
        withdrawn = self._marked_on_deletion_list(deletion_list.WITHDRAWN).operators()
        names = [
            list(people.order_by("username").values_list("username", flat=True))
            for people in (closed, withdrawn)
        ]
        closed.update(is_active=False, log_outs=F("log_outs") + 1)
        withdrawn.update(is_staff=False, is_superuser=False, log_outs=F("log_outs") + 1)
        return names

    def _marked_on_deletion_list(self, word):
        marks = deletion_list.marks_in_force(word)
        user_ids = {int(number) for mark in marks if (number := mark.partition(" ")[0]).isdecimal()}
        people = self.filter(pk__in=user_ids)
        return self.filter(pk__in=[person.pk for person in people if deletion_list.mark(person) in marks])
