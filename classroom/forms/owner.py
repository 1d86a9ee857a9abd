from django import forms

from accounts.folding import InOrder
from accounts.models import User
from classroom.rights import OWNER


class TransferForm(forms.Form):
    """The owner chooses the class's new owner from the teachers who are in the class (C3)."""

    username = forms.ModelChoiceField(
        label="New owner",
        queryset=User.objects.none(),
        to_field_name="username",
        empty_label="Choose a teacher",
    )

    def __init__(self, *args, classroom, **kwargs):
        super().__init__(*args, **kwargs)
        others = classroom.memberships.exclude(role=OWNER)
        teachers = User.objects.active().filter(kind=User.Kind.TEACHER, memberships__in=others)
        teachers = teachers.order_by(InOrder("sort_name"))
        self.fields["username"].queryset = teachers
        self.fields["username"].label_from_instance = _name_of_teacher
        self.fields["username"].error_messages["invalid_choice"] = (
            "This teacher isn't in the class any more, or their account is closed. You still own the class. Choose "
            "another teacher."
        )


class HandOverOrphanedForm(forms.Form):
    """An operator chooses a class's new owner: one of the teachers in it, or any teacher, by username or address."""

    teacher = forms.ModelChoiceField(
        label="A teacher in this class",
        queryset=User.objects.none(),
        to_field_name="username",
        required=False,
        widget=forms.RadioSelect,
        empty_label=None,
    )
    person = forms.CharField(
        label="Or another teacher's username or email address", max_length=254, required=False
    )

    def __init__(self, *args, classroom, **kwargs):
        super().__init__(*args, **kwargs)
        teachers = User.objects.active().filter(kind=User.Kind.TEACHER, memberships__classroom=classroom)
        self.fields["teacher"].queryset = teachers.order_by(InOrder("sort_name"), "pk")
        if not teachers.exists():
            del self.fields["teacher"]
            self.fields["person"].label = "Username or email address of the new owner"

    def clean_person(self):
        typed = self.cleaned_data["person"]
        if not typed:
            return None
        found = list(User.objects.not_erased().with_login(typed)[:2])
        if len(found) != 1:
            raise forms.ValidationError("Nobody has this username or email address.", code="nobody")
        return found[0]

    def clean(self):
        """The new owner is in cleaned_data["to"]."""
        chosen = {self.cleaned_data.get("teacher"), self.cleaned_data.get("person")} - {None}
        if not self.errors and len(chosen) != 1:
            reason = "Choose only one person." if chosen else "Choose the new owner."
            raise forms.ValidationError(reason, code="one")
        return self.cleaned_data | {"to": chosen.pop() if chosen else None}


def _name_of_teacher(user):
    return f"{user.last_name_first} ({user.shown_username})" if user.shown_username else user.last_name_first
