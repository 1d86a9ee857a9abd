"""Visits of many people, as browsers make them: first the page with its CSRF token, then the form.

`moments` are seconds after the start; each visit begins at one of them.
"""

from django.conf import settings

from bench.people import address, browsers, classes, people, token
from bench.school import PASSWORD
from joins import codes
from joins.models import JoinCode


def spread(how_many, seconds, start=0.0):
    """Return `how_many` moments, spread evenly over `seconds` from `start`."""
    return [start + seconds * number / how_many for number in range(how_many)]


def pressing(browser, at, path, name, **fields):
    """A visit that opens the page at `path` and then sends its form with `fields`."""
    page = {"name": f"{name}: page", "path": path, "expect": 200}
    press = {"name": name, "path": path, "expect": 302, "data": fields}
    return {
        "headers": browser["headers"],
        "cookies": dict(browser["cookies"]),
        "at": at,
        "steps": [page, press],
    }


def anonymous(place):
    return {"headers": {"X-Forwarded-For": place}, "cookies": {}}


def joining(moments, networks=1, opened=None):
    """Visits of logged-in people who join by the Code of their class. Thirty people share a class."""
    opened = opened or classes(-(-len(moments) // 30))
    current = [JoinCode.objects.get_current(classroom).code for classroom in opened]
    visits = []
    for number, (at, browser) in enumerate(zip(moments, browsers(people(len(moments))), strict=True)):
        browser["headers"] = {"X-Forwarded-For": address(number % networks)}
        code = current[number % len(current)]
        visits.append(pressing(browser, at, "/join/", "join", code=code))
    return visits


def signing_up(moments, networks=1):
    current = [JoinCode.objects.get_current(classroom).code for classroom in classes(-(-len(moments) // 35))]
    names = [f"new-{user.pk}" for user in people(len(moments))]  # not taken yet
    return [
        pressing(
            anonymous(address(number % networks)),
            at,
            "/accounts/signup/student/",
            "sign up",
            code=current[number % len(current)],
            **new_student(names[number]),
        )
        for number, at in enumerate(moments)
    ]


def logging_in(moments, networks=1):
    return [
        pressing(
            anonymous(address(number % networks)),
            at,
            "/accounts/login/",
            "log in",
            login=user.username,
            password=PASSWORD,
        )
        for number, (at, user) in enumerate(zip(moments, people(len(moments)), strict=True))
    ]


def managing(moments):
    """Visits of owners, one class each, who lock, unlock or reset their Code; the three acts take turns."""
    opened = classes(len(moments))
    visits = []
    for number, (at, browser) in enumerate(zip(moments, browsers([one.by for one in opened]), strict=True)):
        act = ("lock", "unlock", "reset")[number % 3]
        press = {"name": "code", "path": f"{opened[number].path}code/{act}/", "expect": 302, "data": {}}
        visits.append(browser | {"at": at, "steps": [press]})
    return visits


def guessing(moments, networks=1_000):
    """Visits of attackers in a thousand networks who try Codes that don't exist.

    Half of the tries are sign-ups. The other half come from a hundred accounts that are logged in. Any answer below 500
    counts as expected.
    """
    members = browsers(people(100))
    visits = []
    for number, at in enumerate(moments):
        place = {"X-Forwarded-For": address(5_000 + number % networks)}
        browser = members[number // 2 % 100] | {"headers": place}
        path, fields = "/join/", {"code": codes.draw(1)}
        if number % 2:
            browser |= {"cookies": {settings.CSRF_COOKIE_NAME: token()}}
            path, fields = "/accounts/signup/student/", fields | new_student(f"guest-{number}")
        press = {"name": "guess", "path": path, "expect": None, "data": fields}
        visits.append(browser | {"at": at, "steps": [press]})
    return visits


def new_student(username):
    """Return the fields of the sign-up form, except for the Code."""
    return {
        "first_name": "Robin",
        "last_name": f"New {username}",  # nobody else's, or the sign-up would ask "Is this you?"
        "username": username,
        "password1": "seven green apples",
    }


def in_order(*crowds):
    return sorted((visit for crowd in crowds for visit in crowd), key=lambda visit: visit["at"])
