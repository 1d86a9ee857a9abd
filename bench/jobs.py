"""Measures the background work: locking due Codes among a million, sending mails, and the polls of an open page."""

import time
from datetime import timedelta
from itertools import count

from django.conf import settings
from django.db import connection

from accounts.models import Digest, Notification
from accounts.tasks import deliver_digests
from bench import school, tables
from bench.acts import unchanged_poll
from bench.people import people
from bench.plans import statements_of
from bench.site import PRODUCT, cpu, running
from bench.turns import once, take_turn
from joins import sentences
from joins.acts import clock
from joins.models import JoinCode

CODES, SMOKE = 1_000_000, 10_000
DUE = [0, 1_000, 100_000]  # Codes that are due to be locked
MAILS, VISITS = 1_000, 1_000  # with --smoke a tenth
POLLS = 12  # a minute, every five seconds
HEAD = ["job", "seconds", "statements", "CPU-ms: worker", "CPU-ms: database"]


def jobs(arguments):
    codes = SMOKE if arguments.smoke else CODES
    dose = 10 if arguments.smoke else 1
    rows = []
    there = JoinCode.objects.count()
    if there < codes:
        school.grow(there + 1, codes, members=0)
        school.settle()
    for due in DUE[:2] if arguments.smoke else DUE:
        _come_due(due)
        rows.append(_timed(f"lock_due_codes: {due:,} due of {codes:,}", clock.lock_due))
    mails = MAILS // dose
    _mails_come_due(mails)
    rows.append(_timed(f"deliver_digests: {mails:,} people to write to", _deliver_all))
    return f"{tables.table(HEAD, rows)}\n\n{_open_page(VISITS // dose)}"


def _come_due(how_many):
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "UPDATE joins_joincode SET locks_at = now() - interval '1 second' WHERE id IN "
            f"(SELECT id FROM joins_joincode WHERE locked_at IS NULL AND retired_at IS NULL LIMIT {how_many})"
        )
        cursor.execute("RESET statement_timeout")
        cursor.execute("VACUUM ANALYZE joins_joincode")


def _mails_come_due(how_many):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Notification.objects.to_mail().delete()  # written by the locks above, to people without an address
    teachers = people(how_many, "teacher")
    for teacher in teachers:
        teacher.emailaddress_set.create(email=teacher.email, verified=True, primary=True)
    Notification.objects.notify(
        teachers,
        kind=sentences.ASKED,
        facts={"class_name": "Biology 9B"},
        link="/",
        topic="c",
        mail_after=timedelta(),
    )


def _deliver_all():
    while Notification.objects.to_mail().exists() or Digest.objects.due().exists():
        deliver_digests()


def _timed(name, job):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (session,) = cursor.fetchone()
    before, began, own = cpu(session), time.monotonic(), time.process_time()
    counted = count()
    with connection.execute_wrapper(lambda execute, *about: (next(counted), execute(*about))[1]):
        job()
    seconds, own = time.monotonic() - began, 1000 * (time.process_time() - own)
    row = [
        name,
        f"{seconds:.2f}",
        f"{next(counted):,}",
        tables.number(own),
        tables.number(cpu(session) - before),
    ]
    print("  " + " | ".join(row), flush=True)
    return row


def _open_page(visits):
    with running(PRODUCT) as site:
        turn = take_turn(site, unchanged_poll(visits))
    statements = len(statements_of(once(unchanged_poll(1)[0])))
    a_minute = POLLS * (turn.web + turn.database)
    return (
        f"An open page of a manager asks {POLLS} times a minute. While nothing changes, that takes "
        f"{POLLS * statements} statements and {a_minute:.0f} CPU-ms. A thousand open pages keep "
        f"{a_minute / 60:.2f} cores busy."
    )
