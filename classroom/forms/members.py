from django import forms

from accounts.forms.fields import NumbersField
from classroom.forms.fields import EventField

MOST_MEMBERS_AT_ONCE = 50  # those on one page of the list


class SeveralMembersForm(forms.Form):
    """The members that a manager has ticked, as pks of their users."""

    member = NumbersField(
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Tick at least one person first.")
    )

    def clean_member(self):
        ids = self.cleaned_data["member"]
        if len(ids) > MOST_MEMBERS_AT_ONCE:
            raise forms.ValidationError(f"Choose at most {MOST_MEMBERS_AT_ONCE} people at once.", code="many")
        return ids


class UndoPressForm(forms.Form):
    """Sends the pks of the `first` and the `last` Event of the press that is undone."""

    first = EventField(widget=forms.HiddenInput)
    last = EventField(widget=forms.HiddenInput)
