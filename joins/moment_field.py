"""A moment that a person chooses in a form, and the two ways in which pages send it back."""

from datetime import UTC

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

LOCAL = "%Y-%m-%dT%H:%M"  # the format that a datetime-local field sends
LOCAL_FORMATS = [LOCAL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]


class MomentField(forms.DateTimeField):
    """A local date and time in the user's time zone. The templates write its HTML themselves."""

    default_error_messages = {
        "invalid": "This is no day and time. Choose them from the field.",
        "ambiguous_timezone": "The clocks change at this hour. Choose a moment before or after it.",
    }

    def __init__(self, **kwargs):
        super().__init__(input_formats=LOCAL_FORMATS, **kwargs)

    def to_python(self, value):
        try:
            moment = super().to_python(value)
            return moment and moment.astimezone(UTC)
        except ValidationError as refusal:
            raise ValidationError(self.error_messages[refusal.code], code=refusal.code) from None
        except OverflowError:  # the first or last day that Python knows, moved into another zone
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


def datetime_local(moment):
    """Return `moment` in the format of a datetime-local field, in the user's time zone."""
    return timezone.localtime(moment).strftime(LOCAL)


def exact(moment):
    """Return `moment` as a MomentField reads it in any time zone, also in the hour that comes twice a year."""
    return moment.astimezone(UTC).strftime(f"{LOCAL}Z")
