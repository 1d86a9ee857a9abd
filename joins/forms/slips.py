"""What the pages of slips send (L4)."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.fields import NumbersField
from joins.exceptions import ListIsOver


class SlipsForm(forms.Form):
    """Which slips a press makes or cancels. `line` has the pks of names on the list, `cancel` the pk of one slip."""

    line = NumbersField(required=False, error_messages={"invalid_choice": ListIsOver.message})
    make = forms.ChoiceField(choices=[(which, which) for which in ("missing", "ticked")], required=False)
    cancel = forms.RegexField(r"\A(all|[0-9]{1,18})\Z", required=False)

    def clean(self):
        sent = super().clean()
        if not self.errors and sent["make"] == "ticked" and not sent["line"]:
            self.add_error("line", ValidationError("Tick at least one name first.", code="required"))
        elif not self.errors and not sent["make"] and not sent["cancel"]:
            raise ValidationError("Choose what to do with the slips.", code="required")
        return sent

    @property
    def is_for_missing(self):
        return self.cleaned_data["make"] == "missing"

    @property
    def cancels_all(self):
        return self.cleaned_data["cancel"] == "all"

    @property
    def slip_id(self):
        return int(self.cleaned_data["cancel"] or 0)


class LogInSlipsForm(forms.Form):
    """Whose usernames are printed: those of everybody, if nobody is ticked."""

    member = NumbersField(required=False)
