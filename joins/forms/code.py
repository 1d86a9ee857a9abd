"""Typing a Code, and what managers do with theirs."""

from django import forms

from joins.exceptions import CodeChanged
from joins.forms.fields import CodeField, MomentField
from joins.times import LOCK_CHOICES


class CodeForm(forms.Form):
    code = CodeField()
    given_code = ""  # the only field of a form is never folded away, as in SignUpWithCodeForm


class ShownCodeForm(forms.Form):
    """Sends the pk of the Code that the page showed, so that a late or a second press acts on no newer one."""

    join_code = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def shown_code(self, current):
        """Return the Code that the page showed; it may have been reset since. Raises CodeChanged if there is none."""
        if "join_code" in self.errors:
            raise CodeChanged
        pk = self.cleaned_data["join_code"]
        if pk in (None, current.pk):
            return current
        shown_code = current.classroom.join_codes.filter(pk=pk).first()
        if shown_code is None:
            raise CodeChanged
        return shown_code


class LockMomentForm(ShownCodeForm):
    """When a Code locks: a moment, or one of the suggested ones, which counts from the press (see lock_choices())."""

    locks_at = MomentField(required=False)
    choice = forms.ChoiceField(
        choices=[(choice, choice) for choice in LOCK_CHOICES],
        required=False,
        error_messages={"invalid_choice": "Choose a day and a time."},
    )


class LockAtForm(LockMomentForm):
    def clean(self):
        sent = super().clean()
        if not self.errors and not sent["locks_at"] and not sent["choice"]:
            self.add_error("locks_at", "Choose a day and a time.")
        return sent


class UnlockForm(LockMomentForm):
    """Without a moment, the Code stays unlocked for CODE_UNLOCKED_FOR."""

    restarts = forms.BooleanField(required=False)  # the page showed an unlocked Code, whose time starts again
