from django.utils import timezone
from django.utils.formats import date_format


def moment(at):
    """An exact moment in the reader's zone, as it stands on the pages: "Monday 7 December, 08:15"."""
    return date_format(timezone.localtime(at), "l j F, H:i")
