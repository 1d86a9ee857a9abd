from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince


def midnight(now=None):
    """Return the start of today in the user's time zone. `now` is the current moment, by default the web server's."""
    local = timezone.localtime(now)
    # fold: where the clocks go back at midnight, it comes twice, and the day begins with the first.
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def format_moment(at):
    """Return the text for an exact moment in the user's time zone: "Monday 7 December, 08:15"."""
    return date_format(timezone.localtime(at), "l j F, H:i")


def format_span(span):
    """Return the text for a timedelta, rounded down: "2 weeks", "1 day"."""
    now = timezone.now()
    return timesince(now - span, now)


def format_short(at):
    """Return the text for a moment within two weeks: "at 09:45" if it is today, otherwise "Sat 12 Dec, 09:02"."""
    local = timezone.localtime(at)
    return date_format(local, "\\a\\t H:i" if local.date() == timezone.localdate() else "D j M, H:i")


def ask_again_after(denials) -> timedelta:
    """Return how long a person has to wait before asking again, after this number of denials (Q6, T50)."""
    return settings.ASK_AGAIN_AFTER if denials == 1 else settings.ASK_AGAIN_AFTER_SECOND
