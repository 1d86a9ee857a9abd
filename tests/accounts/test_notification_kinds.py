"""A notification stores what it is about, and its sentence is made for who reads it, when they read it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from accounts import notification_kinds
from accounts.models import Notification
from classroom import sentences as of_classes
from joins import sentences as of_joining
from tests.notifications import notification_texts, saying

pytestmark = pytest.mark.django_db
AT_NOON = datetime(2026, 12, 7, 12, tzinfo=UTC).isoformat()
SENTENCES = [Path(app, "sentences.py") for app in ("accounts", "classroom", "joins", "privacy")]


def tell(user, kind, **facts):
    Notification.objects.notify([user], kind=kind, facts=facts, link="/")


@pytest.mark.rule("I1")
def test_who_reads_it_reads_moments_in_their_time_zone(amara, leo):
    for reader, zone in ((amara, "Africa/Lagos"), (leo, "Asia/Tokyo")):
        reader.time_zone = zone
        reader.save()
        tell(reader, of_joining.WAITS_LONG, class_name="Biology 9B", asked_at=AT_NOON, manager="Ms Okafor")

    assert "since Monday 7 December, 13:00." in notification_texts(amara)[0]
    assert "since Monday 7 December, 21:00." in notification_texts(leo)[0]


def test_the_end_of_a_day_is_its_day_in_their_time_zone(mr_lind):
    mr_lind.time_zone = "Europe/Stockholm"
    mr_lind.save()
    midnight = datetime(2026, 12, 7, 23, tzinfo=UTC).isoformat()
    tell(mr_lind, of_classes.MADE_CO_TEACHER_UNTIL, class_name="Biology 9B", co_teacher_until=midnight)

    assert notification_texts(mr_lind) == [
        "You're now a co-teacher of Biology 9B, until the end of Monday 7 December 2026."
    ]


def test_a_teacher_and_a_student_may_read_different_sentences(amara, mr_lind):
    for reader in (amara, mr_lind):
        tell(reader, of_classes.REMOVED, class_name="Biology 9B")

    assert notification_texts(amara)[0].endswith("Talk to your teacher.")
    assert notification_texts(mr_lind)[0].endswith("Talk to its teacher.")


def test_a_name_with_a_percent_sign_is_only_a_name(amara):
    tell(amara, of_classes.MADE_MEMBER, class_name="100% %(by)s %s")

    assert notification_texts(amara) == ["You're now a member of 100% %(by)s %s."]


@pytest.mark.fault("F27")
def test_what_the_release_before_has_written_is_read_as_it_was(amara):
    Notification.objects.create(user=amara, text="You are in 100% of Biology 9B.", link="/")

    assert notification_texts(amara) == ["You are in 100% of Biology 9B."]


@pytest.mark.fault("F27")
def test_what_the_next_release_has_written_is_no_fault(amara):
    tell(amara, "of-the-next-release", class_name="Biology 9B")

    assert notification_texts(amara) == [notification_kinds.UNKNOWN]


def test_no_two_kinds_have_one_name():
    with pytest.raises(ValueError, match="of-tests"):
        notification_kinds.register(saying("")["kind"], "Something else")


def test_each_kind_is_written_somewhere():
    """A sentence that nothing says any more would be translated for nothing."""
    kinds = {
        (path.parent, name)
        for path in SENTENCES
        for name in re.findall(r"^([A-Z_]+) = register", path.read_text(), re.M)
    }
    unused = [
        f"{app}/sentences.py: {name}"
        for app, name in kinds
        if not any(f"sentences.{name}" in path.read_text() for path in Path(app).rglob("*.py"))
    ]

    assert len(kinds) > 40
    assert unused == []
