from datetime import timedelta

from allauth.account.adapter import get_adapter
from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from accounts.times import end_of_day

DAY = "%Y-%m-%d"  # the format that a date field sends
LONGEST_CO_TEACHER = timedelta(days=365)


class InviteCoTeacherForm(forms.Form):
    email = forms.EmailField(
        label="Your colleague's email address",
        max_length=254,
        error_messages={
            "invalid": "Type a whole email address, for example ana@school.example.",
            "max_length": "This address is too long. Use at most 254 characters.",
        },
        widget=forms.EmailInput(
            {
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "inputmode": "email",
                "enterkeyhint": "go",
            }
        ),
    )

    def clean_email(self):
        return get_adapter().clean_email(self.cleaned_data["email"])


class CoTeacherForm(forms.Form):
    """Until when somebody is co-teacher: to the end of a day in the owner's time zone, or for good (C3).

    cleaned_data["until"] is that moment, or None.
    """

    until = forms.DateField(
        label="Until the end of",
        required=False,
        input_formats=[DAY],
        widget=forms.DateInput({"type": "date"}, format=DAY),
        help_text="If you leave it empty, these rights don't end.",
        error_messages={"invalid": "This is no day. Choose one from the field, or leave it empty."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.first = timezone.localdate()
        self.last = self.first + LONGEST_CO_TEACHER
        self.fields["until"].widget.attrs |= {"min": self.first.isoformat(), "max": self.last.isoformat()}

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if day < self.first:
            raise forms.ValidationError("This day is over. Choose today or a later day.", code="past")
        if day > self.last:
            latest = f"The latest is {date_format(self.last, 'j F Y')}."
            raise forms.ValidationError(f"This day is more than a year away. {latest}", code="far")
        return end_of_day(day)
