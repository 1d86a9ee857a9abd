"""The disk is full. Pages can still be read, acts say "try again", and nothing is half done."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from classroom.models import Event
from joins.models import JoinRequest
from tests.factories import StudentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.fault("F20")]
ON_POSTGRES = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


@contextmanager
def nothing_can_be_written():
    on, off = {
        "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
        "postgresql": ("SET LOCAL transaction_read_only = on", "SELECT 1"),
    }[connection.vendor]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(on)
        try:
            yield
        finally:
            cursor.execute(off)


def test_who_is_logged_in_reads_on_however_long_ago_that_was_noted(amaras_browser):
    """Every five minutes, a session notes that somebody is using it."""
    with time_machine.travel(timezone.now() + timedelta(minutes=10)), nothing_can_be_written():
        pages = [amaras_browser.get(path).status_code for path in ("/", "/notifications/", "/")]

    assert pages == [200, 200, 200]


@pytest.fixture
def full_disk():
    """full_disk() stops the database file from growing, until full_disk(False)."""

    def set_limit(is_full=True):
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")  # no free space is left in the file
            cursor.execute("PRAGMA page_count")
            most = cursor.fetchone()[0] if is_full else 1_000_000
            cursor.execute(f"PRAGMA max_page_count = {most}")

    yield set_limit
    set_limit(False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(ON_POSTGRES, reason="there bin/faults fills a disk")
def test_who_is_told_that_they_have_asked_has_and_nobody_else(full_disk, sign_in, join_url):
    browsers = {student.pk: sign_in(student) for student in StudentFactory.create_batch(60)}
    full_disk()
    told = {}
    for number, browser in browsers.items():
        browser.raise_request_exception = False
        told[number] = browser.post(join_url.path).status_code

    waiting = sorted(number for number, status in told.items() if status == 302)
    assert set(told.values()) == {302, 503}
    assert sorted(JoinRequest.objects.values_list("user", flat=True)) == waiting
    assert Event.objects.filter(kind=Event.Kind.ASK).count() == len(waiting)

    full_disk(False)
    again = {browsers[number].post(join_url.path).status_code for number in set(told) - set(waiting)}
    assert again == {302}
