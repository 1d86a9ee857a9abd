"""Fields and labels that several forms share."""

import unicodedata
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from accounts.names import clean_person_name, drop_invisible
from accounts.passwords import SHORTEST_PASSWORD

NAME_LENGTH = 60  # letters


class NameField(forms.CharField):
    """A first or last name. The HTML has no maxlength, because browsers would cut off pasted text."""

    def to_python(self, value):
        """People with only one name type a hyphen or a dot in the other field. It counts as empty (A7)."""
        name = super().to_python(value)
        return name.strip("-.–—_ ") and name

    def clean(self, value):
        if self.required and value and value.strip() and not self.to_python(value):
            raise ValidationError("Use at least one letter or digit.", code="no_letter")
        name = clean_person_name(super().clean(value))  # checks the length first (T95)
        if len(name) > NAME_LENGTH:
            raise ValidationError(f"This is too long. Use at most {NAME_LENGTH} letters.", code="long")
        return name


class FormKeyField(forms.UUIDField):
    """A hidden key of one form. What the form creates stores the key, so that a second press finds it (A9, J10)."""

    def __init__(self):
        super().__init__(required=False, initial=uuid4, widget=forms.HiddenInput)

    def clean(self, value):
        """Return None for a missing or malformed key. The form then works, but without this protection."""
        try:
            return super().clean(value) or None
        except ValidationError:
            return None


class NumbersField(forms.TypedMultipleChoiceField):
    """Accepts any pks. The acts look them up within the class, so pks from other classes find nothing (T01)."""

    def __init__(self, **kwargs):
        super().__init__(coerce=int, **kwargs)

    def valid_value(self, value):
        return value.isascii() and value.isdigit() and len(value) < 19

    def clean(self, value):
        """Return each number once, so that it counts once."""
        return list(dict.fromkeys(super().clean(value)))


class KeepsLaterChangesMixin:
    """Mixin: a field that comes back as the page showed it keeps the value that it has by now.

    Somebody else, or the same person in another tab, may have changed it since. Each field sends what the page showed.
    If both have changed it, the form says what it is now, and keeps what was typed: the next press replaces it (J10).
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def clean(self):
        sent = super().clean()
        for name in [name for name in sent if self[name].html_initial_name in self.data]:
            now = self.get_initial_for_field(self.fields[name], name)
            if name not in self.changed_data:
                sent[name] = now
            elif sent[name] != now and self._is_changed_since(name, now):
                self._say_what_it_is(name, now)
        return sent

    def _is_changed_since(self, name, now):
        return self.fields[name].has_changed(now, self.data[self[name].html_initial_name])

    def _say_what_it_is(self, name, now):
        """Also count this value as shown, in the hidden field that comes with the next press."""
        self.data = self.data.copy()
        self.data[self[name].html_initial_name] = self.fields[name].prepare_value(now)
        choices = dict(getattr(self.fields[name], "choices", ()))
        if isinstance(now, bool):
            did = "Somebody has ticked this meanwhile." if now else "Somebody has unticked this meanwhile."
        elif now == "":
            did = "Somebody has emptied this meanwhile."
        else:
            did = f"Somebody has changed this to “{choices.get(now, now)}” meanwhile."
        again = "Press the same button again to replace it with yours."  # its words differ from page to page
        self.add_error(name, f"{did} {again}")


class PastedCodeMixin:
    """Mixin for a form with a code from a mail or from the phone.

    What a mail program or a chat adds unseen doesn't count, and full-width letters and digits are plain ones: a wrong
    code counts as a guess, and nobody would see why it's wrong.
    """

    def clean_code(self):
        self.cleaned_data["code"] = drop_invisible(unicodedata.normalize("NFKC", self.cleaned_data["code"]))
        return super().clean_code()


class NamesForm(forms.Form):
    first_name = NameField(label="First name", widget=forms.TextInput({"autocomplete": "given-name"}))
    last_name = NameField(
        label="Last name",
        widget=forms.TextInput({"autocomplete": "family-name"}),
        help_text="Leave it empty if you have only one name.",
        required=False,
    )


class CorrectNameForm(KeepsLaterChangesMixin, NamesForm):
    """A form for somebody else's name. Without autocomplete: the browser would fill in that of who presses."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
        self.fields["last_name"].help_text = "Leave it empty if they have only one name."


class OwnLabelsMixin:
    """Mixin for allauth's forms with one field: our label, and no placeholder or help text."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            set_label(field, {"email": "Email", "password": "Password"}[name])
            field.help_text = ""


def password_help_text(kind):
    return (
        f"At least {SHORTEST_PASSWORD[kind]} characters. Three or four words together are easy to remember."
    )


def set_label(field, label):
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    if isinstance(field, forms.EmailField):
        field.error_messages["invalid"] = "That isn't an email address. Check it."
