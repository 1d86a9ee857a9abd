from datetime import timedelta
from typing import NamedTuple

from allauth.core.internal import ratelimit
from django.db import models
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from accounts.bulk import insert_together
from accounts.compiled import compiled
from accounts.devices import KNOWN_BEFORE, UNKNOWN, counts_of

DIGITS = 32  # hexadecimal, of a digest
# The limits in ACCOUNT_RATE_LIMITS: for each of our columns, the action whose limit it has.
ACTIONS = {
    "lately": "login_failed",
    "by_strangers": "login_failed_by_strangers",
    "in_a_row": "login_failed_in_a_row",
}


class LogInTryCounts(NamedTuple):
    """How many tries count for each of the limits, this one included. None instead of zero.

    It is zero if another press has logged in, or has a new password, since this try was recorded; and `by_strangers` is
    on a known device.
    """

    lately: int | None
    by_strangers: int | None
    in_a_row: int | None

    def is_over(self, column):
        return (getattr(self, column) or 0) > _limit(column).amount


class LogInTryQuerySet(models.QuerySet):
    def begin(self, login, device, network):
        """Record a try before its password is checked. Returns it, and the reason for refusing it or None.

        It's recorded first and counted then, so that many tries at the same moment don't get past a limit. One that is
        refused counts nowhere. `device` is from devices.device_of().
        """
        rows = _rows(login, device)
        tried = self.model(
            lately=_digest(login, network, device) if device in (UNKNOWN, KNOWN_BEFORE) else rows[0],
            by_strangers=_digest(network) if device == UNKNOWN else "",
            in_a_row=rows[0],
        )
        insert_together(tried)
        tried.counts = tried.count_tries()
        if tried.refusal == "too_many_in_a_row" and len(rows) > 1:
            tried.in_a_row = rows[1]
            self.filter(pk=tried.pk).update(in_a_row=tried.in_a_row)
            tried.counts = tried.count_tries()
        if tried.refusal:
            tried.delete()
        return tried, tried.refusal

    def clear(self, *logins):
        """An account gets a new password, or is erased: wrong guesses at the old one no longer count."""
        old = [row for login in logins if login for row in _rows(login, KNOWN_BEFORE)]
        self.filter(in_a_row__in=old).delete()


class LogInTry(models.Model):
    """A try to log in whose password was wrong, or is just being checked (T55, T56, T97; ADR 30).

    Each column holds a keyed digest, and tries with the same one are counted together, up to a limit. The typed
    username or email address is in two of them, so an account's failures are counted by the name that was typed.
    """

    at = models.DateTimeField(db_default=Now(), db_index=True)
    # With this name in this network, so that nobody can lock somebody else out; or on this known device, which has a
    # count of its own. Devices that are known only by an earlier password share one in each network.
    lately = models.CharField(max_length=DIGITS)
    # In this network. Empty for a known device, which no limit by address stops.
    by_strangers = models.CharField(max_length=DIGITS, blank=True)
    # With this name, from all networks together; a known device has its own row. Empty after the right password.
    in_a_row = models.CharField(max_length=DIGITS, blank=True)

    objects = LogInTryQuerySet.as_manager()

    class Meta:
        verbose_name = "try to log in"
        verbose_name_plural = "tries to log in"
        indexes = [models.Index(fields=[column, "at"], name=f"log_in_tries_{column}") for column in ACTIONS]

    def __str__(self):
        return f"Try to log in {self.pk}"

    def count_tries(self):
        """Return the LogInTryCounts. begin() keeps them in `counts`."""
        return _counts.first(self.lately, self.by_strangers, self.in_a_row)

    @property
    def refusal(self):
        """The key of the adapter's error message if there were too many tries, or None."""
        if self.counts.is_over("lately") or (self.by_strangers and self.counts.is_over("by_strangers")):
            return "too_many_login_attempts"
        return "too_many_in_a_row" if self.counts.is_over("in_a_row") else None

    def succeed(self, login, device):
        """The password was right: this was no failure, and failures in a row are counted from zero again."""
        self.delete()
        rows = _rows(login, device)
        if (self.counts.in_a_row or 0) > 1 or len(rows) > 1:
            LogInTry.objects.filter(in_a_row__in=rows).update(in_a_row="")


def _rows(login, device):
    """Return the rows of failures that a try may belong to; the first one that isn't full takes it."""
    return [_digest(login, count) for count in counts_of(device)]


def _digest(*parts):
    return salted_hmac("accounts.log_in_tries", ":".join(parts), algorithm="sha256").hexdigest()[:DIGITS]


def _limit(column):
    """Return allauth's Rate, whose `duration` is in seconds."""
    (rate,) = ratelimit.get_rates(app="allauth.account", action=ACTIONS[column])
    return rate


@compiled(LogInTryCounts)
def _counts(lately, by_strangers, in_a_row):
    return LogInTryCounts(
        _how_many("lately", lately),
        _how_many("by_strangers", by_strangers),
        _how_many("in_a_row", in_a_row),
    )


def _how_many(column, digest):
    since = Now() - timedelta(seconds=_limit(column).duration)
    tries = LogInTry.objects.filter(**{column: digest}, at__gt=since)
    return tries.values(column).annotate(n=models.Count("pk")).values("n")
