from django.utils import timezone
from django.utils.formats import date_format


def midnight(now=None):
    """Return the start of today in the user's time zone. `now` is the current moment, by default the web server's."""
    local = timezone.localtime(now)
    # fold: where the clocks go back at midnight, it comes twice, and the day begins with the first.
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def short_day(day):
    """Return a date as "28 Nov", in another year as "28 Nov 2025"."""
    return date_format(day, "j M" if day.year == timezone.localdate().year else "j M Y")


def format_moment(at):
    """Return the text for an exact moment in the user's time zone: "Monday 7 December, 08:15"."""
    return date_format(timezone.localtime(at), "l j F, H:i")
