"""Code that looks up a typed Code must go through joins.throttle. New code that forgets it fails here."""

import ast
from pathlib import Path

import pytest
from django import forms

from joins.forms.code import CodeForm
from joins.forms.fields import CodeField
from joins.forms.sign_up import SignUpWithCodeForm
from tests.test_architecture import PYTHON, nodes

pytestmark = pytest.mark.threat("T21")

# In addition to the models, which everything calls: the acts for a typed Code, which need a throttle, and the demo
# school.
MAY = {"joins/acts/by_code.py", "joins/management/commands/seed_demo.py"}
LOOK_UPS = {"use_code", "with_code", "working_code"}


def _every_form(kind=forms.BaseForm):
    for form in kind.__subclasses__():
        yield form
        yield from _every_form(form)


def test_only_acts_with_a_throttle_look_a_code_up():
    asking = {}
    for path, call in nodes([path for path in PYTHON if "models" not in path.parts], ast.Call):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name in LOOK_UPS:
            asking.setdefault(str(path), []).append(ast.unparse(call.func))

    assert set(asking) == MAY


def test_no_form_reads_a_code_that_is_not_tried_here():
    reading = {
        form
        for form in _every_form()
        if any(isinstance(field, CodeField) for field in getattr(form, "base_fields", {}).values())
    }

    assert reading == {CodeForm, SignUpWithCodeForm}  # test_throttle.py tries them, also through a log-in


def test_codes_are_read_from_what_was_typed_in_one_field_alone():
    readers = [path for path in Path("joins").rglob("*.py") if "codes.read(" in path.read_text()]

    assert readers == [Path("joins/forms/fields.py")]
