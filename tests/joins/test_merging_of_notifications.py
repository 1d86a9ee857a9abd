"""The upgrade turns the unread notifications of single requests into one of each manager and class."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from accounts.models import Notification
from classroom.models import Door
from joins.models import JoinRequest
from tests.factories import StudentFactory
from tests.notifications import notification_texts, unread_texts

pytestmark = [pytest.mark.django_db, pytest.mark.rule("N3"), pytest.mark.fault("F27")]

MIGRATION = "0002_one_notification_of_a_queue"


@pytest.fixture
def migrate():
    """Runs the migration's function with the models as they were then."""
    apps = MigrationLoader(connection).project_state(("joins", MIGRATION)).apps
    merge_unread = import_module(f"joins.migrations.{MIGRATION}").merge_unread
    return lambda: merge_unread(apps, None)


@pytest.fixture
def told_before(biology, ms_okafor):
    """told_before("Ada") -> the notification that the release before wrote for Ms Okafor about Ada's request."""

    def told(first_name, to=ms_okafor, classroom=biology, **fields):
        student = StudentFactory(first_name=first_name, last_name="")
        join_request = JoinRequest.objects.create(
            classroom=classroom, user=student, door=Door.JOIN_URL, name=first_name, class_name=classroom.name
        )
        about = fields.pop("about", f"join-request:{join_request.pk}")
        text = f"{first_name} asks to join {classroom.name}."
        return Notification.objects.create(user=to, text=text, about=about, mentions=student, **fields)

    return told


def test_one_is_left_of_each_manager_and_class(told_before, migrate, physics, ms_okafor, mr_lind, mr_brandt):
    told_before("Ada")
    newest = told_before("Finn", mail_at=timezone.now())
    told_before("Gia", to=mr_lind)
    told_before("Hans", to=mr_brandt, classroom=physics)

    migrate()

    assert unread_texts(ms_okafor) == ["3 people ask to join Biology 9B (Ada, Finn and 1 more)."]
    assert unread_texts(mr_lind) == unread_texts(ms_okafor)
    assert unread_texts(mr_brandt) == ["Hans asks to join Physics 10."]
    kept = ms_okafor.notifications.get()
    assert (kept.pk, kept.mail_at) == (newest.pk, newest.mail_at)


@pytest.mark.threat("T93")
def test_it_names_nobody_so_it_stays_when_somebody_is_erased(told_before, migrate, ms_okafor):
    told_before("Ada")
    erased = told_before("Finn").mentions

    migrate()
    erased.delete()

    assert unread_texts(ms_okafor) == ["Ada asks to join Biology 9B."]
    assert ms_okafor.notifications.get().sentence == "People asked to join Biology 9B."


def test_what_is_cancelled_or_gone_is_not_told_any_more(told_before, migrate, biology, ms_okafor):
    told_before("Ada")
    biology.join_requests.get().withdraw()
    told_before("Gia", about="join-request:999999")

    migrate()

    assert notification_texts(ms_okafor) == []


def test_all_others_stay_as_they_are(told_before, migrate, biology):
    told_before("Ada", read_at=timezone.now())
    told_before("Finn", about=f"over-quota:{biology.pk}")
    told_before("Gia", about="")
    before = list(Notification.objects.order_by("pk").values())

    migrate()

    assert list(Notification.objects.order_by("pk").values()) == before


def test_the_second_time_changes_nothing(told_before, migrate):
    """As if it had been broken off on a database that can't roll it back."""
    for first_name in ("Ada", "Finn"):
        told_before(first_name)
    migrate()
    before = list(Notification.objects.values())

    migrate()

    assert list(Notification.objects.values()) == before


@pytest.mark.parametrize("people", [2, 20])
def test_it_needs_no_statement_for_each_request(people, told_before, migrate, count_queries):
    for number in range(people):
        told_before(f"Ada{number}")

    with count_queries(4):
        migrate()
