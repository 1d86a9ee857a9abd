"""Every notification that an administrator causes. Each function runs in the transaction of its act (N2)."""

from datetime import timedelta

from django.urls import reverse

from accounts import sentences
from accounts.models import Notification


def name_corrected(person, rename):
    _notify(person, sentences.NAME_CORRECTED, {"new_name": rename.new})


def password_given(person):
    _notify(person, sentences.PASSWORD_GIVEN, mail_after=timedelta())


def _notify(person, kind, facts=None, mail_after=None):
    profile = reverse("accounts:profile")
    Notification.objects.notify([person], kind=kind, facts=facts, link=profile, mail_after=mail_after)
