from django import forms

from accounts.forms.passwords import GivePasswordForm
from classroom.forms.fields import EventField


class GivePasswordHereForm(GivePasswordForm):
    """Also sends the pk of the Event of the latest one-time password for this student that the page knows of."""

    given = EventField(required=False, widget=forms.HiddenInput)
