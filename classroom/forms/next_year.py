from django import forms

from accounts.forms.fields import FormKeyField
from classroom.forms.fields import ClassNameField
from classroom.models import Classroom


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
