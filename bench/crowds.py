"""Visits as browsers make them: the page first, its CSRF token, then the press; each at its own second."""

from bench.people import address, browsers, classes, people
from bench.school import PASSWORD
from joins.models import JoinCode


def spread(how_many, seconds, start=0.0):
    """So many moments, evenly over `seconds`."""
    return [start + seconds * number / how_many for number in range(how_many)]


def pressing(browser, at, path, name, **fields):
    """Open the page, fill it in, press."""
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
    """People who are logged in, from so many networks, each with the Code of their class, thirty to a class."""
    opened = opened or classes(-(-len(moments) // 30))
    codes = [JoinCode.objects.of(classroom).code for classroom in opened]
    visits = []
    for number, (at, browser) in enumerate(zip(moments, browsers(people(len(moments))), strict=True)):
        browser["headers"] = {"X-Forwarded-For": address(number % networks)}
        code = codes[number % len(codes)]
        visits.append(pressing(browser, at, "/join/", "join", code=code))
    return visits


def signing_up(moments, networks=1):
    codes = [JoinCode.objects.of(classroom).code for classroom in classes(-(-len(moments) // 35))]
    names = [f"new-{user.pk}" for user in people(len(moments))]  # nobody's yet
    return [
        pressing(
            anonymous(address(number % networks)),
            at,
            "/accounts/signup/student/",
            "sign up",
            code=codes[number % len(codes)],
            first_name="Robin",
            last_name="New",
            username=names[number],
            password1="seven green apples",
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
    """Owners who lock, unlock and reset, in turn: the three acts on a Code."""
    opened = classes(len(moments))
    visits = []
    for number, (at, browser) in enumerate(zip(moments, browsers([one.by for one in opened]), strict=True)):
        act = ("lock", "unlock", "reset")[number % 3]
        press = {"name": "code", "path": f"{opened[number].path}code/{act}/", "expect": 302, "data": {}}
        visits.append(browser | {"at": at, "steps": [press]})
    return visits


def guessing(moments, networks=1_000):
    """Logged in by the hundred, from a thousand networks, with Codes that nobody has; they take what comes."""
    guessers = browsers(people(100))
    visits = []
    for number, at in enumerate(moments):
        browser = guessers[number % len(guessers)] | {
            "headers": {"X-Forwarded-For": address(5_000 + number % networks)}
        }
        press = {"name": "guess", "path": "/join/", "expect": None, "data": {"code": "BDKRTWXZM"}}
        visits.append(browser | {"at": at, "steps": [press]})
    return visits


def in_order(*crowds):
    return sorted((visit for crowd in crowds for visit in crowd), key=lambda visit: visit["at"])
