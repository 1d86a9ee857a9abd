from datetime import timedelta

from allauth.account.adapter import get_adapter
from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from accounts.folding import InOrder, fold
from accounts.forms.fields import FormKeyField, KeepsLaterChangesMixin, NumbersField
from accounts.models import User
from accounts.names import LONGEST_TYPED_NAME, clean_name, clean_text
from classroom.models import Classroom
from classroom.oneroster import DEFAULT_FORMAT, FORMATS
from classroom.rights import OWNER
from classroom.times import end_of_day

DAY = "%Y-%m-%d"  # the format that a date field sends
LONGEST_CO_TEACHER = timedelta(days=365)
LONGEST_NOTE = 2000  # characters (M1)
MOST_MEMBERS_AT_ONCE = 50  # those on one page of the list
LONGEST_TYPED_NOTE = 5 * LONGEST_NOTE  # accents may be typed as separate characters (T95)


class ClassNameField(forms.CharField):
    """The name of a class, of its subject or of its grade (A7)."""

    def clean(self, value):
        return clean_name(super().clean(value))


class ClassroomForm(forms.ModelForm):
    class Meta:
        model = Classroom
        fields = ["name", "kind", "subject", "grade", "expected_size", "hides_members", "colour"]
        labels = {
            "name": "Name",
            "kind": "What is it?",
            "expected_size": "How many do you expect?",
            "hides_members": "Students see only the teachers here, not each other",
            "colour": "Colour",
        }
        help_texts = {
            "name": "As your students know it, for example Biology 9B.",
            "expected_size": "If you say 30, the Code locks after 45 have joined. Later ones have to ask.",
        }
        field_classes = dict.fromkeys(["name", "subject", "grade"], ClassNameField)
        widgets = {
            "kind": forms.RadioSelect,
            "expected_size": forms.NumberInput({"min": 1, "max": 5000, "inputmode": "numeric"}),
            "colour": forms.RadioSelect,
        }
        error_messages = {
            "expected_size": dict.fromkeys(
                ["invalid", "min_value", "max_value"], "Give a whole number from 1 to 5000."
            )
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = Classroom.Kind.CLASS
        for name in ("kind", "colour"):
            self.fields[name].choices = Classroom._meta.get_field(name).choices
        for name in ("colour", "expected_size"):
            self.fields[name].required = False

    def clean_expected_size(self):
        """An empty field leaves the size as it is."""
        size = self.cleaned_data["expected_size"]
        return self.instance.expected_size if size is None else size

    def clean_colour(self):
        return self.cleaned_data["colour"] or Classroom.Colour.GREEN


class EditClassroomForm(KeepsLaterChangesMixin, ClassroomForm):
    pass


class NewClassroomForm(ClassroomForm):
    form_key = FormKeyField()


class CopyClassroomForm(forms.Form):
    name = ClassNameField(
        label="Name of the new class", max_length=Classroom._meta.get_field("name").max_length
    )
    co_teachers = forms.BooleanField(label="The same co-teachers", required=False)
    list_of_students = forms.BooleanField(
        label="The same students: make a class list of their names",
        required=False,
        help_text="You see the names before anything is kept. The students still join by the new Code.",
    )
    form_key = FormKeyField()


class ArchiveSeveralForm(forms.Form):
    """`owned` is a query of the classes that the teacher owns, archived ones too: a second press finds those (J10)."""

    classroom = forms.ModelMultipleChoiceField(
        queryset=Classroom.objects.none(),
        to_field_name="public_id",
        error_messages={
            "required": "Tick at least one class first.",
            "invalid_choice": "You don't own one of these classes any more. Nothing is archived. Tick again.",
        },
    )

    def __init__(self, *args, owned, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["classroom"].queryset = owned


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


class EventField(forms.IntegerField):
    """The pk of an Event that the page showed. No page sends a number that the database could not store."""

    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_value=2**63 - 1, **kwargs)


class UndoPressForm(forms.Form):
    """Sends the pks of the `first` and the `last` Event of the press that is undone."""

    first = EventField(widget=forms.HiddenInput)
    last = EventField(widget=forms.HiddenInput)


class DeleteClassroomForm(forms.Form):
    """To delete a class, its owner has to type the class's name (C4).

    It counts as typed if a search would find it: phones write a curly apostrophe, and nobody sees a double space.
    """

    name = forms.CharField(label="The name of the class", strip=True)

    def __init__(self, *args, classroom, **kwargs):
        super().__init__(*args, **kwargs)
        self.classroom = classroom

    def clean_name(self):
        name = self.cleaned_data["name"]
        if len(name) > LONGEST_TYPED_NAME or fold(name) != fold(self.classroom.name):
            raise forms.ValidationError(
                f"Type the name as it stands here: {self.classroom.name}", code="name"
            )
        return name


class InviteCoTeacherForm(forms.Form):
    email = forms.EmailField(
        label="Your colleague's email address",
        max_length=254,
        error_messages={
            "invalid": "Type a whole email address, for example ana@school.example.",
            "max_length": "This address is too long. Use at most 254 characters.",
        },
        widget=forms.EmailInput(
            {
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "inputmode": "email",
                "enterkeyhint": "go",
            }
        ),
    )

    def clean_email(self):
        return get_adapter().clean_email(self.cleaned_data["email"])


class ExportSchoolForm(forms.Form):
    file_format = forms.ChoiceField(
        label="For which system?",
        choices=[(name, file_format.label) for name, file_format in FORMATS.items()],
        initial=DEFAULT_FORMAT,
        widget=forms.RadioSelect,
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
    return f"{user.listed_name} ({user.shown_username})" if user.shown_username else user.listed_name


class CoTeacherForm(forms.Form):
    """Until when somebody is co-teacher: to the end of a day in the owner's time zone, or for good (C3).

    cleaned_data["until"] is that moment, or None.
    """

    until = forms.DateField(
        label="Until the end of",
        required=False,
        input_formats=[DAY],
        widget=forms.DateInput({"type": "date"}, format=DAY),
        help_text="If you leave it empty, these rights don't end.",
        error_messages={"invalid": "This is no day. Choose one from the field, or leave it empty."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.first = timezone.localdate()
        self.last = self.first + LONGEST_CO_TEACHER
        self.fields["until"].widget.attrs |= {"min": self.first.isoformat(), "max": self.last.isoformat()}

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if day < self.first:
            raise forms.ValidationError("This day is over. Choose today or a later day.", code="past")
        if day > self.last:
            latest = f"The latest is {date_format(self.last, 'j F Y')}."
            raise forms.ValidationError(f"This day is more than a year away. {latest}", code="far")
        return end_of_day(day)


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
