"""Fresh people and classes for a measurement, and their browsers: a session, a CSRF token, an address of their own."""

from importlib import import_module
from itertools import count

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from bench.school import PASSWORD
from classroom.models import Classroom
from joins.models import JoinRequest

BARE_BACKEND = "django.contrib.auth.backends.ModelBackend"
# PostgreSQL ends a transaction in which nothing comes for ten seconds, as when a busy machine makes ten thousand rows.
BATCH = 1_000  # rows a statement
numbers = count(1)


def token():
    """A browser's own CSRF secret, which is its own token; scenarios take theirs from the page, as a browser does."""
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
    """Fresh classes, each with its owner as `by`."""
    opened = []
    for teacher in people(how_many, "teacher"):
        classroom = Classroom.objects.open_new(by=teacher, name=f"Fresh {teacher.pk}")
        classroom.by = teacher
        opened.append(classroom)
    return opened


def waiting(classroom, how_many):
    """So many pending requests in the class."""
    asked = [
        JoinRequest(
            classroom=classroom, user=user, door="join-url", name=user.full_name, class_name=classroom.name
        )
        for user in people(how_many)
    ]
    return JoinRequest.objects.bulk_create(asked, BATCH)


def browsers(users, bare=False):
    """What each one's browser sends: cookies and address. `bare`: for the yardstick, which knows other back ends."""
    keys = _sessions(users, bare)
    return [
        {
            "cookies": {settings.SESSION_COOKIE_NAME: key, settings.CSRF_COOKIE_NAME: token()},
            "headers": {"X-Forwarded-For": address(number)},
        }
        for number, key in enumerate(keys)
    ]


def stranger(number):
    """A browser in which nobody is logged in."""
    return {
        "cookies": {settings.CSRF_COOKIE_NAME: token()},
        "headers": {"X-Forwarded-For": address(number)},
    }


def address(number):
    return f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"


def _sessions(users, bare):
    """Log the first one in, and give the others, who have the same password, the same session with their own number."""
    first = Client()
    first.force_login(users[0])
    store = import_module(settings.SESSION_ENGINE).SessionStore
    alike = dict(first.session.items())
    if bare:
        alike[BACKEND_SESSION_KEY] = BARE_BACKEND
        alike[HASH_SESSION_KEY] = AbstractBaseUser._get_session_auth_hash(users[0])
    rows = []
    for user in users:
        session = store()
        session._session_key = session._get_new_session_key()
        rows.append(session.create_model_instance(alike | {SESSION_KEY: str(user.pk)}))
    Session.objects.bulk_create(rows)
    return [row.session_key for row in rows]
