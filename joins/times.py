from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince

LOCAL = "%Y-%m-%dT%H:%M"  # the format that a datetime-local field sends
HELP_AFTER = timedelta(days=3)  # how long a request waits until the person who asked reads who to ask (N4)
LESSON = timedelta(minutes=45)
WEEK = timedelta(weeks=1)
# By how much the clocks of the database and of a web server may differ. In this time before the end of a week nobody is
# told of it.
CLOCKS_DIFFER = timedelta(hours=1)
LOCK_CHOICES = ["lesson", "tonight", "week"]  # the keys of lock_choices()
WRONG_CODE_COUNTS_FOR = timedelta(minutes=10)  # the throttle counts the wrong Codes of this time (T17)


def sayable(at):
    """Return `at`, or whole hours earlier if `at` is in the hour that comes twice, because a field can't say which."""
    local = timezone.localtime(at)
    while local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        local = timezone.localtime(local.astimezone(UTC) - timedelta(hours=1))
    return local


def lock_choices(now):
    """Return the suggested moments for locking a Code (K7), in whole minutes: {choice: (label, moment)}.

    A page sends the choice and not the moment, because its buttons may be pressed long after it was drawn.
    """
    soon = now + timedelta(minutes=1)  # without the seconds, 45 minutes could become 44
    moments = [
        ("End of the lesson (45 minutes)", soon + LESSON),
        ("Tonight at midnight", timezone.localtime(now).replace(hour=23, minute=59)),
        ("In a week", now + timedelta(weeks=1)),
    ]
    latest = now + settings.CODE_UNLOCKED_FOR
    return {
        choice: (label, moment.replace(second=0, microsecond=0))
        for choice, (label, moment) in zip(LOCK_CHOICES, moments, strict=True)
        if now < moment < latest
    }


def week_begin(now):
    """Return when the week began of which managers are told (N5): on Monday at six in the school's time zone."""
    local = timezone.localtime(now, ZoneInfo(settings.TIME_ZONE))
    monday = (local - timedelta(days=local.weekday())).replace(hour=6, minute=0, second=0, microsecond=0)
    return monday if monday <= local else monday - timedelta(weeks=1)


def format_day(at):
    """Return the text for the day of a moment: "yesterday", "today", "tomorrow", otherwise "on Monday 7 December"."""
    day = timezone.localdate(at)
    days = (day - timezone.localdate()).days
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days) or f"on {date_format(day, 'l j F')}"


def format_day_and_time(at):
    """Return the text for a moment: "yesterday at 09:45", otherwise "on Monday 7 December at 09:45"."""
    local = timezone.localtime(at)
    time = date_format(local, "H:i")
    days = (local.date() - timezone.localdate()).days
    near = {-1: f"yesterday at {time}", 0: f"today at {time}", 1: f"tomorrow at {time}"}
    return near.get(days) or f"on {date_format(local, 'l j F')} at {time}"


def format_span(span, more=False):
    """Return the text for a timedelta, rounded down: "two weeks", "10 minutes", and with `more`: "two more weeks"."""
    now = timezone.now()
    number, _, rest = timesince(now - span, now).partition("\xa0")
    return f"{apnumber(number)} {'more ' if more else ''}{rest}"


def format_short(at):
    """Return the text for a moment within two weeks: "at 09:45" if it is today, otherwise "Sat 12 Dec, 09:02"."""
    local = timezone.localtime(at)
    return date_format(local, "\\a\\t H:i" if local.date() == timezone.localdate() else "D j M, H:i")


def format_ago(moment, now=None):
    """Like Django's timesince() with "ago", but "just now" instead of "0 minutes ago"."""
    now = now or timezone.now()
    return "just now" if now - moment < timedelta(minutes=1) else f"{timesince(moment, now)} ago"


def format_since_day(day):
    """Return the date on which an account was created: "today", "yesterday", "on 3 May 2026"."""
    days = (timezone.localdate() - day).days
    return {0: "today", 1: "yesterday"}.get(days) or f"on {date_format(day, 'j F Y')}"


def datetime_local(moment):
    """Return `moment` in the format of a datetime-local field, in the user's time zone."""
    return timezone.localtime(moment).strftime(LOCAL)


def exact_moment(moment):
    """Return `moment` as a MomentField reads it in any time zone, also in the hour that comes twice a year."""
    return moment.astimezone(UTC).strftime(f"{LOCAL}Z")


def waits_by_denials():
    """Return the waiting times after a no (Q6, T50), each as (from how many denials on, wait)."""
    return [(1, settings.ASK_AGAIN_AFTER), (2, settings.ASK_AGAIN_AFTER_SECOND)]


def ask_again_after(denials) -> timedelta:
    """Return how long a person has to wait before asking again, after this number of denials."""
    return max(wait for least, wait in waits_by_denials() if denials >= least)
