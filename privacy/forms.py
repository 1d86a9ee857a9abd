from django import forms
from django.utils.html import format_html

from accounts.shown_names import left_to_right


class EraseForm(forms.Form):
    """To delete their account, people have to type what they log in with."""

    username = forms.CharField(widget=forms.TextInput({"autocapitalize": "none"}))

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["username"].label = "Your email address" if "@" in person.login_name else "Your username"

    def clean_username(self):
        if not self.person.logs_in_with(self.cleaned_data["username"]):
            raise forms.ValidationError(
                format_html("Type it exactly like this: {}", left_to_right(self.person.login_name)),
                code="username",
            )
        return self.person.username


class EraseSomebodyForm(EraseForm):
    """An operator types what the person logs in with, so that nobody else is erased by mistake."""

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, person=person, **kwargs)
        self.fields["username"].label = f"To be sure, type {person.login_name}"
