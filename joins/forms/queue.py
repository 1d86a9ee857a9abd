"""Deciding requests in the approval queue, and undoing that."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.fields import NumbersField
from classroom.forms.fields import EventField
from classroom.forms.members import UndoPressForm
from joins import decision_lines
from joins.acts.queue import Decision

ODD_NUMBER = ["invalid", "min_value", "max_value"]  # what an IntegerField says of it
NOT_IN_QUEUE = "These requests aren't waiting in this queue. Here's who is."


class RequestsForm(forms.Form):
    """Which requests a press is about: those in `request`, or all who waited when the page was drawn.

    For these it sends `seen`, the pk of the newest Event at that moment.
    """

    request = NumbersField(required=False, error_messages={"invalid_choice": NOT_IN_QUEUE})
    seen = EventField(required=False, error_messages=dict.fromkeys(ODD_NUMBER, NOT_IN_QUEUE))

    def clean(self):
        sent = super().clean()
        if not self.errors and not sent["request"] and sent["seen"] is None:
            self.add_error("request", ValidationError("Tick at least one request first.", code="required"))
        return sent


class DecisionForm(RequestsForm):
    """`ask_first`: the button is for everybody who is ticked, so a page asks before it says no to several (Q9)."""

    decision = forms.ChoiceField(
        choices=Decision,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose: let in, say no or block."),
    )
    ask_first = forms.BooleanField(required=False)
    listed = forms.BooleanField(required=False)  # of all who wait, only those on the class list

    @property
    def needs_question(self):
        sent = self.cleaned_data
        return sent["ask_first"] and sent["decision"] == Decision.DENY and len(sent["request"]) > 1


class UndoForm(forms.Form):
    """Sends the pk of the Event that the page showed, so that a press that comes late doesn't undo a later decision."""

    event = EventField(required=False, widget=forms.HiddenInput)

    @property
    def event_id(self):
        """The pk that was sent, None if none was, and one that no Event has if it is no number."""
        return self.cleaned_data["event"] if self.is_valid() else 0


class UndoAllForm(UndoPressForm):
    """On the page of recent decisions it also sends the `line` that it stands in, as as_text() writes it."""

    line = forms.RegexField(decision_lines.WRITTEN, required=False, widget=forms.HiddenInput)
