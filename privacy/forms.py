from django import forms


class EraseForm(forms.Form):
    """To delete their account, people have to type its username."""

    username = forms.CharField(label="The username", widget=forms.TextInput({"autocapitalize": "none"}))

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_username(self):
        if self.cleaned_data["username"].strip().lower() != self.person.username:
            raise forms.ValidationError(
                f"Type the username exactly as it stands here: {self.person.username}", code="username"
            )
        return self.person.username
