from django import forms

from accounts.names import clean_text

LONGEST_NOTE = 2000  # characters (M1)
LONGEST_TYPED_NOTE = 5 * LONGEST_NOTE  # accents may be typed as separate characters (T95)


class NoteField(forms.CharField):
    """The HTML has no maxlength, because browsers would cut off pasted text."""

    def clean(self, value):
        typed = super().clean(value)
        note = clean_text(typed) if len(typed) <= LONGEST_TYPED_NOTE else typed
        if len(note) > LONGEST_NOTE:
            raise forms.ValidationError(
                f"The note has {len(note):,} characters. Shorten it to {LONGEST_NOTE:,}.", code="long"
            )
        return note


class NoteForm(forms.Form):
    note = NoteField(
        label="Note",
        required=False,
        help_text="Everyone in the class can read it. Web addresses become links. Leave it empty to have no note.",
        widget=forms.Textarea({"rows": 8, "dir": "auto"}),
    )
    # The note_version that the page showed.
    version = forms.CharField(required=False, empty_value=None, widget=forms.HiddenInput)

    def clean(self):
        """An empty note removes the note, but a form that came without the field says nothing about it."""
        if self.is_bound and self.add_prefix("note") not in self.data:
            raise forms.ValidationError("The note did not arrive. Type it again.", code="missing")
        return super().clean()
