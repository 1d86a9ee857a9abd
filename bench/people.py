"""Creates new people and classes for a measurement, and their browsers.

A browser is a dictionary with the cookies (session, CSRF) and headers (IP address) that it sends.
"""

import time
from importlib import import_module
from itertools import count

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.models import Session, User
from accounts.sessions import HOUR, SEEN
from bench.school import PASSWORD
from classroom.models import Classroom
from joins.models import JoinRequest

# Rows in one INSERT. PostgreSQL ends a transaction that is idle for ten seconds, and a busy machine needs longer than
# that to prepare ten thousand rows.
BATCH = 1_000
numbers = count(1)


def token():
    """Return a new CSRF secret for a browser's cookie.

    Django also accepts it as the form's token, so a visit can send a form without opening its page first.
    """
    return f"{next(numbers):032}"


def people(how_many, kind="student"):
    password = make_password(PASSWORD)
    fresh = [
        User(
            username=f"{kind[0]}-{next(numbers)}",
            first_name="Robin",
            last_name=f"Fresh {number}",
            email=f"fresh-{next(numbers)}@school.example" if kind == "teacher" else "",
            kind=kind,
            password=password,
        )
        for number in range(how_many)
    ]
    return User.objects.bulk_create(fresh, BATCH)


def classes(how_many):
    """Create classes. Each has its owner as the attribute `by`."""
    opened = []
    for teacher in people(how_many, "teacher"):
        classroom = Classroom.objects.create_class(by=teacher, name=f"Fresh {teacher.pk}")
        classroom.by = teacher
        opened.append(classroom)
    return opened


def waiting(classroom, how_many):
    """Create `how_many` pending requests in the class, each of a new person."""
    join_requests = [
        JoinRequest(
            classroom=classroom, user=user, door="join-url", name=user.full_name, class_name=classroom.name
        )
        for user in people(how_many)
    ]
    return JoinRequest.objects.bulk_create(join_requests, BATCH)


def browsers(users, networks=0):
    """Return a browser for each user, logged in. They come from so many addresses, or each from its own (0)."""
    return [
        {
            "cookies": {settings.SESSION_COOKIE_NAME: key, settings.CSRF_COOKIE_NAME: token()},
            "headers": {"X-Forwarded-For": address(number % networks if networks else number)},
        }
        for number, key in enumerate(_sessions(users))
    ]


def stranger(number):
    """Return a browser in which nobody is logged in."""
    return {
        "cookies": {settings.CSRF_COOKIE_NAME: token()},
        "headers": {"X-Forwarded-For": address(number)},
    }


def address(number):
    return f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"


def _sessions(users):
    """Return the session keys of users who are all logged in.

    Only the first user is really logged in, because logging everybody in would be slow. The others get copies of that
    session with their own pk. This works because all have the same password hash. They count as seen during the whole
    measurement: five minutes after the last time, a request also writes the session, and preparing may take longer.
    """
    first = Client()
    first.force_login(users[0])
    store = import_module(settings.SESSION_ENGINE).SessionStore
    alike = dict(first.session.items()) | {SEEN: time.time() + HOUR}
    rows = []
    for user in users:
        session = store()
        session._session_key = session._get_new_session_key()
        rows.append(session.create_model_instance(alike | {SESSION_KEY: str(user.pk)}))
    Session.objects.bulk_create(rows)
    return [row.session_key for row in rows]
