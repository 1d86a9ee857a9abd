from django import forms

from accounts.folding import fold
from accounts.forms.fields import FormKeyField, KeepsLaterChangesMixin
from accounts.names import LONGEST_TYPED_NAME
from classroom.forms.fields import ClassNameField
from classroom.models import Classroom


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
                f"Type the name exactly like this: {self.classroom.name}", code="name"
            )
        return name
