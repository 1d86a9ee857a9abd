"""The forms of the class list: the names that a teacher pastes, or takes from another class (L1)."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from classroom.models import Classroom, Membership
from classroom.pasted_names import read_names


class NamesField(forms.CharField):
    """The pasted names of a class. Its value is a PastedNames."""

    was_read = False  # by the preview, which has shown them as they are kept

    def clean(self, value):
        pasted = read_names(super().clean(value), self.was_read)
        if not pasted.names:
            raise ValidationError("There is no name in it.", code="empty")
        return pasted


class ListForm(forms.Form):
    names = NamesField(
        label="Names",
        help_text="One name a line, or a table with a first line that names its columns. Only the names are kept.",
        error_messages={"required": "Paste the names first."},
        widget=forms.Textarea({"rows": 12, "dir": "auto", "spellcheck": "false", "autocomplete": "off"}),
    )
    # The version() of the class list when the preview was drawn.
    version = forms.CharField(required=False, empty_value=None, widget=forms.HiddenInput)

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["names"].was_read = data is not None and "keep" in data


class StudentsOfForm(forms.Form):
    """Takes the names of the students in another class that the teacher manages, such as last year's (L1)."""

    students_of = forms.ModelChoiceField(
        label="Or begin with the students of another class",
        queryset=Classroom.objects.none(),
        to_field_name="public_id",
        empty_label="Choose a class",
    )

    def __init__(self, *args, classroom, user, **kwargs):
        super().__init__(*args, **kwargs)
        managed = Classroom.objects.filter(memberships__in=Membership.objects.of_manager(user))
        self.fields["students_of"].queryset = managed.exclude(pk=classroom.pk).as_listed()
        self.fields["students_of"].label_from_instance = _with_year

    @property
    def names(self):
        """The names of these students in the order of the member list; None if no class of theirs is chosen."""
        if not self.is_valid():
            return None
        members = self.cleaned_data["students_of"].memberships.plain().filter(user__kind=User.Kind.STUDENT)
        return [member.user.full_name for member in members.as_listed()]


def _with_year(classroom):
    return f"{classroom.name} ({classroom.created_at.year})"
