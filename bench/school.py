"""Creates the benchmark's own database and fills it with classes and all that belongs to them.

It uses plain SQL, because a million classes would take too long with the ORM.
"""

import time
from urllib.parse import urlsplit

import psycopg
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection, transaction

PASSWORD = "let me in please"  # noqa: S105
BIG = [
    "accounts_user",
    "classroom_classroom",
    "classroom_membership",
    "classroom_event",
    "accounts_notification",
]
BATCH = 10_000  # classes added in one transaction
OURS = 1_000_000_000  # primary keys below this are given here, those above it by the product
STUDENTS_FROM = 100_000_000  # primary keys of students begin here; teachers have those below

USERS = """
INSERT INTO accounts_user (id, username, first_name, last_name, email, kind, password, time_zone, is_superuser,
  is_staff, is_active, date_joined)
SELECT {from} + n, '{kind}' || n, 'Robin', 'Number ' || n, {email}, '{kind}', '{password}', 'UTC', false, false,
  true, now()
FROM generate_series({first}, {last}) n
ON CONFLICT DO NOTHING
"""
TEACHER = {"from": 0, "kind": "teacher", "email": "'teacher' || n || '@school.example'"}
STUDENT = {"from": STUDENTS_FROM, "kind": "student", "email": "''"}
CLASSES = """
INSERT INTO classroom_classroom (id, public_id, name, kind, subject, grade, colour)
SELECT n, 'c' || lpad(n::text, 11, '0'), 'Class ' || n, 'class', '', '', 'green'
FROM generate_series({first}, {last}) n
"""
# The Codes lock at different moments, between 1 and about 11 days from now, so all are unlocked and none is due.
CODES = """
INSERT INTO joins_joincode (classroom_id, code, created_by_id, locks_at, warned_at)
SELECT n, translate(lpad(n::text, 9, '0'), '0123456789', 'BCDFGHJKLM'), (n + 9) / 10,
  now() + interval '1 day' + (n % 1000) * interval '15 minutes', now()
FROM generate_series({first}, {last}) n
"""
JOIN_URLS = """
INSERT INTO joins_joinurl (classroom_id, key) SELECT n, 'k' || lpad(n::text, 21, '0')
FROM generate_series({first}, {last}) n
"""
OWNERS = """
INSERT INTO classroom_membership (classroom_id, user_id, role, door, code)
SELECT n, (n + 9) / 10, 'owner', 'opened', '' FROM generate_series({first}, {last}) n
"""
# Each student is in five classes with consecutive numbers.
MEMBERS = """
INSERT INTO classroom_membership (classroom_id, user_id, role, door, code)
SELECT n, {start} + (n - 1) / 5 * {members} + m, 'member', 'join-url', ''
FROM generate_series({first}, {last}) n, generate_series(1, {members}) m
"""
# In each class up to three requests were approved. In every tenth class one request is pending (WAITING).
REQUESTS = """
INSERT INTO joins_joinrequest (classroom_id, user_id, door, name, class_name, status, decided_at, decided_by_id)
SELECT n, {start} + (n - 1) / 5 * {members} + m, 'join-url', 'Robin Number', 'Class ' || n, 'approved', now(),
  (n + 9) / 10
FROM generate_series({first}, {last}) n, generate_series(1, least(3, {members})) m
"""
WAITING = """
INSERT INTO joins_joinrequest (classroom_id, user_id, door, name, class_name, status)
SELECT n, {start} + (n + 100) / 5 * {members} + 1, 'join-url', 'Robin Number', 'Class ' || n, 'pending'
FROM generate_series({first}, {last}, 10) n WHERE n + 100 < {last} AND {members} > 0
"""
# The history has an event for every third member. Each owner has read two notifications for each of their classes.
EVENTS = """
INSERT INTO classroom_event (classroom_id, kind, by_id, door, code)
SELECT classroom_id, 'approve_request', (classroom_id + 9) / 10, door, code FROM classroom_membership
WHERE classroom_id BETWEEN {first} AND {last} AND role = 'member' AND user_id % 3 = 0
"""
NOTIFICATIONS = """
INSERT INTO accounts_notification (user_id, text, link, topic, about, read_at)
SELECT (n + 9) / 10, 'Robin Number asks to join.', '/', 'c' || lpad(n::text, 11, '0'), '', now()
FROM generate_series({first}, {last}) n, generate_series(1, 2)
"""


def make(url):
    """Drop the database named in `url`, and create it again with Homeroom's tables, which are empty.

    Exits if the name does not contain "bench", so that no other database is dropped by mistake.
    """
    name = urlsplit(url).path.lstrip("/")
    if "bench" not in name:
        raise SystemExit(f"The database is made anew, so its name must have 'bench' in it: {name!r} has not.")
    connection.close()
    server = urlsplit(url)._replace(path="/postgres").geturl()
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
    call_command("migrate", verbosity=0)
    call_command("createcachetable")


def grow(first, last, members, until=None):
    """Add the classes with the numbers `first` to `last`, with `members` in each. Returns the last number added.

    `until` is a moment of time.monotonic() after which it starts no further batch; None means no limit.
    """
    password = make_password(PASSWORD)
    connection.close()  # a new session plans the look-ups of foreign keys again; see _fill()
    for start in range(first, last + 1, BATCH):
        if until and time.monotonic() > until:
            return start - 1
        end = min(start + BATCH - 1, last)
        _fill(start, end, members, password)
    return last


def _fill(first, last, members, password):
    values = {"first": first, "last": last, "members": members, "start": STUDENTS_FROM}
    teachers = TEACHER | {"first": (first + 8) // 10 + 1, "last": (last + 9) // 10}
    students = STUDENT | {"first": (first - 1) // 5 * members + 1, "last": (last + 4) // 5 * members}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        # PostgreSQL plans the look-ups of foreign keys once, while the tables are small, and would choose to read all
        # rows. With this setting it uses the index, which is needed once the tables are big.
        cursor.execute("SET LOCAL enable_seqscan = off")
        for people in (teachers, students):
            cursor.execute(USERS.format(password=password, **people))
        for rows in (CLASSES, CODES, JOIN_URLS, OWNERS, MEMBERS, REQUESTS, WAITING, EVENTS, NOTIFICATIONS):
            cursor.execute(rows.format(**values))


def number_on():
    """Let the product's new rows get primary keys above OURS, far from those that are given here."""
    with connection.cursor() as cursor:
        for table in ("accounts_user", "classroom_classroom"):
            cursor.execute(
                f"SELECT setval('{table}_id_seq', (SELECT greatest(max(id), {OURS}) FROM {table}))"
            )


def settle():
    """Vacuum and analyse the database, as autovacuum would have done after a while. Also calls number_on()."""
    number_on()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")


def sizes():
    """Return {table: number of rows} for the big tables, and the size of the whole database in megabytes."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        rows = {}
        for table in BIG:
            cursor.execute(f"SELECT count(*) FROM {table}")
            rows[table] = cursor.fetchone()[0]
        cursor.execute("SELECT pg_database_size(current_database()) / 1048576")
        return rows, cursor.fetchone()[0]
