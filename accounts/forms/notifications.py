from datetime import UTC

from django import forms
from django.core.exceptions import ValidationError


class MarkReadForm(forms.Form):
    """`until` is when the newest notification that the page counted was written, so that no later one is marked."""

    until = forms.DateTimeField(required=False)

    def clean_until(self):
        until = self.cleaned_data["until"]
        try:
            return until and until.astimezone(UTC)
        except OverflowError:  # the first or last day that Python knows, moved into another zone
            raise ValidationError("No notification was written then.", code="invalid") from None
