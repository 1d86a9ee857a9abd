from django import forms

from classroom.oneroster import DEFAULT_FORMAT, FORMATS


class ExportSchoolForm(forms.Form):
    file_format = forms.ChoiceField(
        label="For which system?",
        choices=[(name, file_format.label) for name, file_format in FORMATS.items()],
        initial=DEFAULT_FORMAT,
        widget=forms.RadioSelect,
    )
