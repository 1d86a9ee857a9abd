"""Every form of Homeroom: who sends it, where it goes, valid values, and what kind each field is of."""

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from joins.models import JoinCode
from tests.factories import PASSWORD


class OddForm(NamedTuple):
    person: str  # a fixture's name; empty means logged out
    path: str  # {} stands for the path of Biology 9B
    fields: dict  # field -> (kind, valid value)


A_NEW_PASSWORD = "a large green chalkboard"  # noqa: S105
NAMES = {"first_name": ("name", "Grace"), "last_name": ("optional name", "Thompson")}
OF_A_CLASS = {
    "name": ("name", "Chemistry"),
    "kind": ("choice", "class"),
    "subject": ("optional name", "Chemistry"),
    "grade": ("optional name", "9"),
    "colour": ("optional choice", "blue"),
}
FORMS = {
    "log in": OddForm(
        "", "/accounts/login/", {"login": ("log-in", "okafor"), "password": ("password", PASSWORD)}
    ),
    "sign up as a teacher": OddForm(
        "",
        "/accounts/signup/teacher/",
        NAMES | {"email": ("email", "grace@school.example"), "password1": ("new password", A_NEW_PASSWORD)},
    ),
    "sign up as a student": OddForm(
        "",
        "/accounts/signup/student/",
        NAMES
        | {
            "code": ("code", "the Code"),
            "username": ("username", "grace"),
            "password1": ("new password", A_NEW_PASSWORD),
            "email": ("optional email", "grace@home.example"),
        },
    ),
    "ask for a new password": OddForm(
        "", "/accounts/password/reset/", {"email": ("email", "okafor@school.example")}
    ),
    "change the password": OddForm(
        "amara",
        "/accounts/password/change/",
        {"oldpassword": ("password", PASSWORD)}
        | dict.fromkeys(["password1", "password2"], ("new password", A_NEW_PASSWORD)),
    ),
    "profile": OddForm("amara", "/accounts/profile/", NAMES | {"time_zone": ("choice", "Europe/Oslo")}),
    "join": OddForm("leo", "/join/", {"code": ("code", "the Code")}),
    "join, signed out": OddForm("", "/join/", {"code": ("code", "the Code")}),
    "new class": OddForm("ms_okafor", "/classes/new/", OF_A_CLASS),
    "edit": OddForm("ms_okafor", "{}edit/", OF_A_CLASS),
    "copy": OddForm("ms_okafor", "{}copy/", {"name": ("name", "Biology 10B")}),
    "archive several": OddForm("ms_okafor", "/classes/archive/", {"classroom": ("choice", "the class")}),
    "note": OddForm("mr_lind", "{}note/", {"note": ("optional text", "Bring a leaf.")}),
    "delete": OddForm("ms_okafor", "{}delete/", {"name": ("name", "Biology 9B")}),
    "invite": OddForm("ms_okafor", "{}invite/", {"email": ("email", "ana@school.example")}),
    "hand over": OddForm("ms_okafor", "{}transfer/", {"username": ("choice", "lind")}),
    "make co-teacher": OddForm(
        "ms_okafor", "{}members/lind/co-teacher/", {"until": ("optional day", "tomorrow")}
    ),
    "choose when it locks": OddForm(
        "mr_lind", "{}code/lock-at/", {"locks_at": ("moment", "an hour from now")}
    ),
    "unlock": OddForm("mr_lind", "{}code/unlock/", {"locks_at": ("optional moment", "an hour from now")}),
    "decide": OddForm(
        "mr_lind",
        "{}requests/decide/",
        {"decision": ("choice", "approve"), "request": ("ids", "the request")},
    ),
    "remove several": OddForm("ms_okafor", "{}members/remove/", {"member": ("ids", "a member")}),
    "move several to the queue": OddForm(
        "ms_okafor", "{}members/move-to-queue/", {"member": ("ids", "a member")}
    ),
}

LONG = "a" * 10_000
UNSEEN = {
    "a control character": "Bio\x07logy",
    "a bidi override": "Bio\u202elogy",
    "a zero-width space": "Bio\u200blogy",
    "a line separator in the middle": "Bio\u0085\x1blogy",
    "a private letter": "Bio\ue000logy",
}
EMPTY = {"left out": None, "empty": "", "spaces": " \t ", "an odd space": "\u3000"}
EMOJI = {"an emoji": "\U0001f600"}
TOO_LONG = {"10,000 letters": LONG}
WRONG = {
    "optional name": UNSEEN | TOO_LONG | EMOJI | {"an address": "https://example.com", "signs": "???"},
    "optional text": UNSEEN | TOO_LONG,
    "optional choice": TOO_LONG | EMOJI | {"not offered": "pink", "another case": "Blue", "a number": "1"},
    "log-in": EMPTY | TOO_LONG | EMOJI | UNSEEN,
    "password": EMPTY | TOO_LONG | EMOJI | {"another": "not my password"},
    "new password": EMPTY | {"short": "short", "common": "password"},
    "optional email": UNSEEN | TOO_LONG | EMOJI | {"no address": "grace", "two": "a@b.example, c@d.example"},
    "username": EMPTY | UNSEEN | TOO_LONG | EMOJI | {"with a space": "a b", "look-alike": "\u0430nna"},
    "code": EMPTY
    | UNSEEN
    | TOO_LONG
    | EMOJI
    | {"no Code": "HELLO", "digits": "123-456-789", "ſ and ı": "ſıK" * 3},
    "optional moment": TOO_LONG
    | EMOJI
    | {
        "no moment": "tomorrow",
        "no day": "2026-13-45T99:99",
        "long ago": "1999-01-01T00:00",
        "the first day": "0001-01-01T00:00",
        "the last day": "9999-12-31T23:59",
        "a zone": "2026-12-01T10:00+25:00",
    },
    "optional day": TOO_LONG
    | EMOJI
    | {
        "no day": "tomorrow",
        "no such day": "2026-13-45",
        "a moment": "2026-12-01T10:00",
        "long ago": "1999-01-01",
        "the first day": "0001-01-01",
        "the last day": "9999-12-31",
    },
    "ids": EMPTY
    | EMOJI
    | {
        "a word": "two",
        "below nought": "-1",
        "nought": "0",
        "a fraction": "1.5",
        "too large for the database": "9" * 18,
        "larger": "9" * 30,
        "very large": "9" * 9_000,
        "other digits": "\u0663",
        "a query": "1 OR 1=1",
        "with an underscore": "1_0",
    },
}
WRONG["name"] = EMPTY | WRONG["optional name"]
WRONG["choice"] = EMPTY | WRONG["optional choice"]
WRONG["email"] = EMPTY | WRONG["optional email"]
WRONG["moment"] = EMPTY | WRONG["optional moment"]


def right_fields(form, biology):
    """The form with valid values."""
    code = JoinCode.objects.get_current(biology)
    values = {
        "the Code": code.code,
        "the request": str(biology.join_requests.values_list("pk", flat=True).first()),
        "the class": biology.public_id,
        "a member": str(biology.memberships.latest("pk").user_id),
        "an hour from now": f"{code.locks_at:%Y-%m-%dT00:00}",
        "tomorrow": f"{timezone.localdate() + timedelta(days=1)}",
    }
    return {name: values.get(right, right) for name, (_, right) in form.fields.items()}
