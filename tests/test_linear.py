"""For a text four times as long, no pattern and no check of a form takes more than four times as long."""

import ast
import importlib
import pkgutil
import re
import string
import time
from contextlib import suppress
from functools import partial
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django import forms
from django.apps import apps
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from django.urls import get_resolver
from django.urls.resolvers import RegexPattern

from accounts.forms.fields import NameField
from accounts.models import User
from accounts.names import LONGEST_TYPED_NAME, clean_name, clean_person_name
from accounts.passwords import NoSchoolWord
from joins import codes

pytestmark = [pytest.mark.threat("T95"), pytest.mark.engine_free]

OURS = ("accounts", "classroom", "joins", "privacy", "config")
NOT_TO_IMPORT = {"config.gunicorn", "config.waitress", "config.wsgi"}  # they start a server
LONG = 4_000  # letters, for a pattern on its own
MOST = 15_000  # letters of a name or a password that fit into a form
SLOWEST = 8  # for four times as much: 4 is linear, 16 is quadratic, and a machine is never quite still
ENDINGS = ["", "!", "\0", "q", ".", " "]
# Texts with which patterns begin, which they repeat, or at which they give up.
REPEATED = [
    *string.ascii_lowercase[:3],
    "A",
    "9",
    " ",
    ".",
    "-",
    "_",
    "/",
    ":",
    "@",
    "\u0308",
    "\u200d",
    "\u4e00",
    "\n",
]
REPEATED += [
    "a.",
    "a-",
    "a@",
    "a/",
    "http://",
    "www.",
    "mr.",
    "mr ",
    "a ",
    "1.",
    "\r\n",
    "xn--",
    "Dr.",
    "://",
    "a:a",
]
REPEATED += [
    "homeroom",
    "localhost",
    "9b",
    "homeroom9b",
    "may",  # short, so that many of them fit into the longest password
    "\U0001f468\u200d",
    "\U0001f3f4\U000e0067",
    "1\ufe0f",
    "=a;",
]
# What opens and never closes.
REPEATED += ["(", "[", "{", "<", '"', "'", "&", "([", "(a"]


def modules():
    """Homeroom's modules. Use type() on what is in them, because isinstance() wakes Celery's lazy tasks."""
    for app in OURS:
        for found in pkgutil.walk_packages([app], f"{app}."):
            if found.name not in NOT_TO_IMPORT and ".migrations" not in found.name:
                yield importlib.import_module(found.name)


def patterns():
    """Every compiled pattern in Homeroom's modules, classes and addresses, by its place."""
    found = {}
    for module in modules():
        places = {module.__name__: vars(module)}
        for name, value in vars(module).items():
            if issubclass(type(value), type) and value.__module__ == module.__name__:
                places[f"{module.__name__}.{name}"] = vars(value)
        for place, values in places.items():
            for name, value in values.items():
                if type(value) is re.Pattern:
                    found[f"{place}.{name}"] = value
        found |= patterns_in_calls(module)
    return found | patterns_of_addresses()


def patterns_of_addresses(addresses=None):
    """Those that somebody has written, in re_path(), without the letters that each begins with."""
    found = {}
    for each in get_resolver().url_patterns if addresses is None else addresses:
        if isinstance(each.pattern, RegexPattern):
            variable = re.sub(r"^\^?[\w/-]*", "", str(each.pattern))
            found[f"the address {each.pattern}"] = re.compile(f"^{variable}")
        if hasattr(each, "url_patterns"):
            found |= patterns_of_addresses(each.url_patterns)
    return found


def patterns_in_calls(module):
    """Patterns in calls such as re.search("…", text), which have no name."""
    return {
        f"{module.__name__}:{call.lineno}": re.compile(call.args[0].value)
        for call in ast.walk(ast.parse(Path(module.__file__).read_text()))
        if isinstance(call, ast.Call) and re.match(r"re\.(?!compile)", ast.unparse(call.func))
        if call.args and isinstance(call.args[0], ast.Constant)
    }


def checks():
    """Every validator of a model's or form's field, and the functions that clean names, Codes and passwords."""
    found = {
        "clean_name": (clean_name, LONGEST_TYPED_NAME),
        "clean_person_name": (clean_person_name, LONGEST_TYPED_NAME),
    }
    found["a name's field"] = (NameField().clean, LONG)
    found["a Code"] = (codes.read, LONG)
    for validator in [*get_default_password_validators(), NoSchoolWord()]:
        found[type(validator).__name__] = (validator.validate, LONG)
    found["names in a password"] = (
        partial(NoSchoolWord().validate, user=User(first_name="Aa Aaa Aaaa", last_name="Aaaaa Aaaaaa")),
        LONG,
    )
    for app in OURS[:4]:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.get_fields():
                for validator in getattr(field, "validators", []):
                    found[f"{model.__name__}.{field.name} {type(validator).__name__}"] = (validator, LONG)
    for module in modules():
        for name, form in vars(module).items():
            if (
                issubclass(type(form), type)
                and issubclass(form, forms.BaseForm)
                and hasattr(form, "base_fields")
            ):
                for field, made in form.base_fields.items():
                    if type(made).clean is not forms.ModelChoiceField.clean:
                        found[f"{name}.{field}"] = (made.clean, LONG)
    return found


def everything(pattern):
    """Search in all ways that a caller may; the slowest counts."""

    def look(text):
        text = text.encode() if isinstance(pattern.pattern, bytes) else text
        pattern.fullmatch(text)
        pattern.sub(text[:0], text)

    return look


def seconds(check, text):
    begun = time.thread_time()
    with suppress(ValidationError, ValueError, TypeError):  # refused, or a check of numbers
        check(text)
    return time.thread_time() - begun


def how_it_grows(check, repeated, ending, longest):
    """How many times longer a text four times as long takes. It begins with short texts, so that even exponential
    patterns finish: five letters more take them 32 times as long."""
    for times in range(4, 30, 5):
        if seconds(check, repeated * times + ending) > 0.05:
            return float("inf")
    full = repeated * (longest // len(repeated)) + ending
    quarter = full[: len(full) // 4] + ending
    if seconds(check, full) < 0.002:
        return 1  # too short to measure any growth
    of_full, of_quarter = (min(seconds(check, text) for _ in range(3)) for text in (full, quarter))
    return of_full / of_quarter


def too_slow(checks):
    """The first check that grows too fast, with the text that shows it. The rest is skipped."""
    for name, (check, longest) in checks.items():
        for repeated, ending in product(REPEATED, ENDINGS):
            growth = how_it_grows(check, repeated, ending, longest)
            if growth > SLOWEST:
                growth = how_it_grows(check, repeated, ending, longest)
            if growth > SLOWEST:
                return name, repeated, ending, growth
    return None


def test_every_pattern_is_linear():
    found = patterns()

    assert len(found) >= 5
    assert too_slow({name: (everything(pattern), LONG) for name, pattern in found.items()}) is None


def test_every_check_of_a_field_is_linear(settings):
    """Also for an email address that contains words of a school."""
    settings.SITE = urlsplit("http://may.homeroom.localhost")
    found = checks()

    assert len(found) >= 30
    assert too_slow(found) is None


@pytest.mark.parametrize(
    ("pattern", "repeated"),
    [(r"\w{2,}\.[^\W\d_]{2,}|@\w", "a"), (r"(?:ab|a|b)+$", "ab"), (r"(a*)*!", "a")],
)
def test_what_is_not_linear_is_found(pattern, repeated):
    """This tests the measuring itself: it must find the pattern that once looked for addresses, and two exponential
    ones."""
    assert how_it_grows(everything(re.compile(pattern)), repeated, "\0", LONG) > SLOWEST


STARTS = [
    "a",
    "A",
    "\u00e9",
    "\u4e00",
    "a.",
    "a..",
    "1",
    "ab.c",
    "@",
    "a/",
    "a:",
    "www.",
    "http:",
    "xn--",
    "Dr.",
    "mr ",
]
STARTS += ["\u0308", "\u200d", "\u094d\u200d", " a", "\U0001f468\u200d", "\ufdfa", "_", "-.", "a'"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/accounts/signup/teacher/", "first_name"),
        ("/accounts/signup/teacher/", "password1"),
        ("/accounts/profile/", "first_name"),
    ],
)
def test_no_name_and_no_password_holds_a_process(path, field, okafors_browser):
    """In every form that takes a name or a new password, the longest possible one takes hardly longer than an empty
    one."""
    if path == "/accounts/signup/teacher/":
        okafors_browser.logout()

    def send(text):
        fields = {"first_name": "", "email": "x@y.example", "password1": "", "time_zone": "UTC"}
        assert okafors_browser.post(path, fields | {field: text}).status_code in (422, 429)

    seconds(send, "")
    empty = min(seconds(send, "") for _ in range(3))
    # Try again if it seems slow, because a machine is never quite still.
    slow = [
        start for start in STARTS if all(seconds(send, (start * MOST)[:MOST]) > 3 * empty for _ in range(3))
    ]

    assert slow == []
