"""Data that is no longer needed is deleted in small lots, and nothing else is."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.models import Digest, Letter, LogInTry, Notification, Session
from classroom.acts.class_list import keep
from classroom.acts.invite import invite
from classroom.models import CoTeacherInvitation
from classroom.tasks import tell_of_ended_invitations
from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.acts.move_to_queue import move_to_queue
from joins.models import ClassNetwork, JoinRequest, KnownNetwork
from privacy import tasks
from privacy.models import retention
from privacy.tasks import forget
from tests.clock import time_passes
from tests.notifications import saying
from tests.tables import tables

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T92")]


def forget_after(**span):
    time_passes(**span)
    forget()


@pytest.fixture
def amara_was_denied(biology, amara, ms_okafor):
    queue.decide(biology, [ask_by_join_url(biology.join_url, by=amara).pk], "deny", by=ms_okafor)


@pytest.mark.rule("K9", "Q8")
def test_a_decided_request_goes_after_thirty_days_and_the_history_still_tells_it(
    amara_was_denied, biology, amara, ms_okafor
):
    forget_after(days=29)
    assert JoinRequest.objects.count() == 1

    forget_after(days=1)

    assert not JoinRequest.objects.exists()
    act = biology.events.get(kind="deny_request")
    assert (act.by, act.user) == (ms_okafor, amara)


@pytest.mark.rule("C3")
def test_an_invitation_goes_a_week_after_its_end(biology, ms_okafor):
    invite(biology, by=ms_okafor, email="ana@school.example")
    biology.delete_class(
        by=ms_okafor
    )  # the address doesn't stay any longer because nobody is told of its end
    forget_after(days=7)
    tell_of_ended_invitations()

    forget_after(days=6, hours=23)
    assert CoTeacherInvitation.objects.exists()
    forget_after(hours=1)

    assert not CoTeacherInvitation.objects.exists()


@pytest.mark.rule("C4")
def test_who_still_waits_waits_on(biology, amara, ms_okafor):
    ask_by_join_url(biology.join_url, by=amara)

    forget_after(days=300)

    assert JoinRequest.objects.pending().get().user == amara
    assert ms_okafor.notifications.unread().count() == 1


@pytest.mark.threat("T30")
def test_who_was_moved_to_queue_and_withdrew_is_still_to_be_looked_at(
    biology, biology_code, amara, ms_okafor
):
    use_code(biology_code().code, by=amara)
    move_to_queue(biology, "amara", by=ms_okafor)
    JoinRequest.objects.get().withdraw()

    forget_after(days=60)

    assert JoinRequest.objects.get().moved_to_queue


def test_notifications_go_thirty_days_after_they_were_read_or_a_year_after_they_were_told(ms_okafor, amara):
    Notification.objects.notify([ms_okafor, amara], **saying("Something was said."), link="/")
    ms_okafor.notifications.mark_read()

    forget_after(days=31)
    assert [told.user for told in Notification.objects.all()] == [amara]

    forget_after(days=335)
    assert not Notification.objects.exists()


@pytest.mark.threat("T18")
def test_networks_go_thirty_days_after_anybody_was_there(biology):
    ClassNetwork.objects.record_join("192.0.2.1", biology.pk)
    KnownNetwork.objects.record("192.0.2.1")

    forget_after(days=29)
    assert (ClassNetwork.objects.count(), KnownNetwork.objects.count()) == (1, 1)

    forget_after(days=1)
    assert (ClassNetwork.objects.count(), KnownNetwork.objects.count()) == (0, 0)


def test_mails_go_thirty_days_after_they_were_sent(ms_okafor):
    sent, waiting = (Digest.objects.create(user=ms_okafor, topic=topic) for topic in "ab")
    Digest.objects.filter(pk=sent.pk).update(sent_at=timezone.now())

    forget_after(days=31)

    assert list(Digest.objects.all()) == [waiting]


def test_letters_go_thirty_days_after_they_were_given_up():
    given_up, waiting = (Letter.objects.create(kind="kind", to="a@home.example") for _ in "ab")
    Letter.objects.filter(pk=given_up.pk).update(given_up_at=timezone.now())

    forget_after(days=29)
    assert Letter.objects.count() == 2
    forget_after(days=2)

    assert list(Letter.objects.all()) == [waiting]


def test_mails_that_are_files_go_too(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path
    for name, days in (("old.log", 31), ("new.log", 29)):
        (tmp_path / name).write_text("Dear Amara")
        at = time.time() - timedelta(days=days).total_seconds()
        os.utime(tmp_path / name, (at, at))

    forget()

    assert [file.name for file in Path(tmp_path).iterdir()] == ["new.log"]


def test_the_operators_log_goes_after_a_year(ms_okafor):
    for days in (366, 364):
        at = timezone.now() - timedelta(days=days)
        LogEntry.objects.create(
            user=ms_okafor, action_flag=2, object_repr=str(days), object_id="1", action_time=at
        )

    forget()

    assert LogEntry.objects.get().object_repr == "364"


@pytest.mark.fault("F02")
def test_a_big_database_is_done_in_small_lots_and_twice_changes_nothing(
    ms_okafor, monkeypatch, django_capture_on_commit_callbacks
):
    """So the first run doesn't overload the database."""
    monkeypatch.setattr(retention, "BATCH_SIZE", 10)
    Notification.objects.notify([ms_okafor] * 25, **saying("Something was said."), link="/")
    ms_okafor.notifications.mark_read()
    time_passes(days=31)
    old = retention.outdated()["read notifications"]

    assert [retention.delete_batch(old) for _ in range(4)] == [10, 10, 5, 0]
    before = tables()
    forget()
    assert tables() == before


def test_sessions_go_in_small_lots_when_they_are_over(monkeypatch):
    """One statement for all of them would be stopped by the database after a flood, and so would each later one."""
    monkeypatch.setattr(retention, "BATCH_SIZE", 10)
    now = timezone.now()
    Session.objects.bulk_create(
        Session(session_key=f"over-{number}", session_data="", expire_date=now) for number in range(25)
    )
    Session.objects.create(session_key="lasts", session_data="", expire_date=now + timedelta(minutes=1))

    assert retention.delete_batch(retention.outdated()["sessions"]) == 10
    forget()

    assert Session.objects.get().session_key == "lasts"


@pytest.mark.rule("L2")
@pytest.mark.threat("T97")
def test_a_program_that_logs_in_again_and_again_does_not_fill_the_disk(amara, leo, monkeypatch):
    """Each log-in stores a session for days. The newest ones of each person stay."""
    monkeypatch.setattr(retention, "MOST_SESSIONS_OF_ONE", 3)
    for person, minute in [(amara, minute) for minute in range(8)] + [(leo, 0), (None, 0)]:
        ends = timezone.now() + timedelta(days=3, minutes=minute)
        Session.objects.create(
            pk=f"{person and person.pk}-{minute}", session_data="", expire_date=ends, user=person
        )

    forget()

    left = Session.objects.order_by("pk").values_list("pk", flat=True)
    assert set(left) == {f"{amara.pk}-{minute}" for minute in (5, 6, 7)} | {f"{leo.pk}-0", "None-0"}


def test_a_flood_of_one_kind_keeps_no_other_kind_longer(biology, ms_okafor, monkeypatch):
    """A run has time for three lots here, and ten would be needed for the wrong passwords."""
    monkeypatch.setattr(retention, "BATCH_SIZE", 10)
    looks = iter([0] * 3 + [tasks.RUN_FOR] * 100)
    monkeypatch.setattr(tasks, "monotonic", lambda: next(looks, tasks.RUN_FOR))
    keep(biology, ["Ana López"], by=ms_okafor)
    LogInTry.objects.bulk_create(LogInTry(lately="x") for _ in range(100))

    forget_after(days=43)

    assert not biology.listed_names.exists()
    assert LogInTry.objects.exists()
