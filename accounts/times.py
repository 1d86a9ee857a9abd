from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format


def midnight(now=None):
    """Return the start of today in the user's time zone. `now` is the current moment, by default the web server's."""
    local = timezone.localtime(now)
    # fold: where the clocks go back at midnight, it comes twice, and the day begins with the first.
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def end_of_day(day):
    """Return the moment at which this day ends in the user's time zone: the start of the next one."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def last_day(until):
    """Return the day, in the reader's time zone, in which the last second before this moment is."""
    return timezone.localdate(until - timedelta(seconds=1))


def long_last_day(until):
    return date_format(last_day(until), "l j F Y")


def short_day(day):
    """Return a date as "28 Nov", in another year as "28 Nov 2025"."""
    return date_format(day, "j M" if day.year == timezone.localdate().year else "j M Y")


def format_moment(at):
    """Return the text for an exact moment in the user's time zone: "Monday 7 December, 08:15"."""
    return date_format(timezone.localtime(at), "l j F, H:i")
