from django.utils import timezone
from django.utils.formats import date_format


def midnight(now=None):
    """When today began, for the reader; `now` where it is to be the database's clock that tells."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def moment(at):
    """An exact moment in the reader's zone, as it stands on the pages: "Monday 7 December, 08:15"."""
    return date_format(timezone.localtime(at), "l j F, H:i")
