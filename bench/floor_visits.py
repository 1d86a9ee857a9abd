"""Makes the floor's database anew, and the visits of each act. Its input is {act: number of visits}."""

import json
import sys
from datetime import timedelta

import psycopg

from bench.floor import DATABASE, Classroom, JoinRequest, Membership  # sets up its Django, before the rest

# isort: split
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

PASSWORD = "let me in please"  # noqa: S105
SECRET = make_password(PASSWORD)
TOKEN = "t" * 32  # a CSRF secret is also accepted as its own token


def make_database():
    """Make the database of DATABASE_URL anew, with empty tables. Its name must contain "bench"."""
    if "bench" not in DATABASE.path:
        raise SystemExit(f"Its name must have 'bench' in it: {DATABASE.path} has not.")
    server = DATABASE._replace(path="/postgres").geturl()
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{DATABASE.path[1:]}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{DATABASE.path[1:]}"')
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        for model in (Classroom, Membership, JoinRequest):
            editor.create_model(model)


def people(how_many):
    first = User.objects.count()
    return User.objects.bulk_create(
        User(
            username=f"u{number}",
            first_name="Robin",
            last_name=f"Fresh {number}",
            email=f"u{number}@school.example",
            password=SECRET,
        )
        for number in range(first, first + how_many)
    )


def classes(how_many):
    """Return classes, each with its owner's cookies as `cookies`."""
    first, later = Classroom.objects.count(), timezone.now() + timedelta(weeks=2)
    opened = Classroom.objects.bulk_create(
        Classroom(name=f"Class {number}", code=f"C{number:08}", key=f"k{number:021}", locks_at=later)
        for number in range(first, first + how_many)
    )
    owners = people(how_many)
    Membership.objects.bulk_create(
        Membership(classroom=classroom, user=owner, role="owner", door="opened")
        for classroom, owner in zip(opened, owners, strict=True)
    )
    for classroom, cookies in zip(opened, cookies_of(owners), strict=True):
        classroom.cookies = cookies
    return opened


def cookies_of(users):
    """Return the cookies of each user's browser, logged in. All have the same password, so their sessions are alike."""
    if not users:
        return []
    browser = Client()
    browser.force_login(users[0])
    alike, rows = dict(browser.session.items()), []
    for user in users:
        session = SessionStore()
        session._session_key = session._get_new_session_key()
        rows.append(session.create_model_instance(alike | {"_auth_user_id": str(user.pk)}))
    Session.objects.bulk_create(rows)
    return [{"sessionid": row.session_key, "csrftoken": TOKEN} for row in rows]


def visit(cookies, path, **data):
    step = {"name": "act", "path": path, "expect": 302 if data else 200} | ({"data": data} if data else {})
    return {"cookies": cookies, "headers": {}, "steps": [step]}


def visits_to_join(how_many):
    opened = classes(40)
    browsers = enumerate(cookies_of(people(how_many)))
    return [visit(cookies, "/join/", code=opened[number % 40].code) for number, cookies in browsers]


def visits_to_ask(how_many):
    opened = classes(40)
    browsers = enumerate(cookies_of(people(how_many)))
    return [visit(cookies, f"/j/{opened[number % 40].key}/", ask="1") for number, cookies in browsers]


def visits_to_approve(how_many, at_once=1):
    found = []
    for classroom in classes(how_many):
        asked = wait(classroom, at_once)
        data = {"request": [join_request.pk for join_request in asked]}
        found.append(visit(classroom.cookies, f"/classes/{classroom.pk}/requests/approve/", **data))
    return found


def wait(classroom, how_many):
    return JoinRequest.objects.bulk_create(
        JoinRequest(classroom=classroom, user=user, door="join-url") for user in people(how_many)
    )


def visits_to_members(how_many, members):
    (classroom,) = classes(1)
    Membership.objects.bulk_create(
        Membership(classroom=classroom, user=user, door="join-url") for user in people(members)
    )
    return [visit(classroom.cookies, f"/classes/{classroom.pk}/")] * how_many


def visits_to_queue(how_many, waiting):
    (classroom,) = classes(1)
    wait(classroom, waiting)
    return [visit(classroom.cookies, f"/classes/{classroom.pk}/requests/")] * how_many


def visits_to_log_in(how_many):
    return [
        visit({"csrftoken": TOKEN}, "/login/", login=user.username, password=PASSWORD)
        for user in people(how_many)
    ]


def visits_to_sign_up(how_many):
    opened = classes(40)
    return [
        visit(
            {"csrftoken": TOKEN},
            "/signup/",
            code=opened[number % 40].code,
            username=f"new{number}",
            password="seven green apples",  # noqa: S106
        )
        for number in range(how_many)
    ]


# The same names as in bench.acts.ACTS. A poll has no counterpart.
VISITS = {
    "join": visits_to_join,
    "ask": visits_to_ask,
    "approve": visits_to_approve,
    "approve-500": lambda how_many: visits_to_approve(how_many, 500),
    "class": lambda how_many: visits_to_members(how_many, 30),
    "queue": lambda how_many: visits_to_queue(how_many, 50),
    "members": lambda how_many: visits_to_members(how_many, 1_999),
    "home": lambda how_many: [visit(classroom.cookies, "/") for classroom in classes(how_many)],
    "front": lambda how_many: [visit({}, "/")] * how_many,
    "log-in": visits_to_log_in,
    "sign-up": visits_to_sign_up,
}


def main():
    """Read {act: number of visits} from the input, make the database anew and print {act: visits}."""
    numbers = json.load(sys.stdin)
    make_database()
    json.dump({act: VISITS[act](how_many) for act, how_many in numbers.items() if act in VISITS}, sys.stdout)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main()
