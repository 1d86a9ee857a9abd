"""An <input> is drawn without Django's templates, and looks the same."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from accounts.forms.rendering import INPUTS, FormRenderer

WIDGETS = [
    forms.TextInput,
    forms.NumberInput,
    forms.EmailInput,
    forms.PasswordInput,
    forms.HiddenInput,
]
ATTRS = {
    "id": "id_name",
    "title": "\"><script>'&",
    "pattern": SafeString("&amp;"),
    "required": True,
    "hidden": False,
    "data-nothing": None,
    "maxlength": 7,
    "data-empty": "",
}


@pytest.mark.threat("T45")
@pytest.mark.parametrize("value", [None, "", "Ann", "\"><script>'&", 7, SafeString("&amp;")])
@pytest.mark.parametrize("widget", WIDGETS)
def test_it_is_what_djangos_templates_draw(widget, value):
    field = widget({**ATTRS, "render_value": True})

    drawn, by_django = (
        field.render('na"me', value, renderer=one()) for one in (FormRenderer, DjangoTemplates)
    )

    assert drawn == by_django


def test_each_of_them_is_drawn_so():
    assert {widget.template_name for widget in WIDGETS} == INPUTS
