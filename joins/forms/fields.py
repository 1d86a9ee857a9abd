"""Fields that several forms share."""

from datetime import UTC

from django import forms
from django.core.exceptions import ValidationError

from joins import codes
from joins.times import LOCAL

LOCAL_FORMATS = [LOCAL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]


class CodeField(forms.CharField):
    """A Code that a person types or pastes. It has no maxlength, because the browser would cut it off silently (K3)."""

    default_error_messages = {"required": "Type the Code from the board."}

    def __init__(self, **kwargs):
        attrs = {"autocapitalize": "characters", "autocorrect": "off", "data-code-field": "", "dir": "ltr"}
        super().__init__(label="Code", widget=forms.TextInput(attrs), **kwargs)

    def clean(self, value):
        try:
            return codes.read(super().clean(value))
        except codes.TypingError as slip:
            raise ValidationError(str(slip), code="typing") from None


def read_code(typed):
    """Return the Code that was typed, or None if it can't be one."""
    try:
        return codes.read(typed)
    except codes.TypingError:
        return None


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
