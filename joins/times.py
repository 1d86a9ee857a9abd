from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format


def midnight(now=None):
    """When today began, for the reader; `now` where it is to be the database's clock that tells."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def moment(at):
    """An exact moment in the reader's zone, as it stands on the pages: "Monday 7 December, 08:15"."""
    return date_format(timezone.localtime(at), "l j F, H:i")


def ask_again_after(denials) -> timedelta:
    """How long a person who was denied so often, this time included, waits before asking again (Q6, T50)."""
    return settings.ASK_AGAIN_AFTER if denials == 1 else settings.ASK_AGAIN_AFTER_SECOND
