"""Once a week the managers of a class read how many came, who waits and when the Code locks (N5)."""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Notification, User
from accounts.tasks import deliver_digests
from joins.acts import week
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinRequest
from joins.tasks import tell_of_week
from joins.times import week_begin
from tests.clock import time_passes
from tests.factories import ClassroomFactory, student_called
from tests.joins.races import run_together
from tests.notifications import unread_texts

pytestmark = [pytest.mark.django_db, pytest.mark.rule("N5")]


@pytest.fixture
def monday(settings, monkeypatch):
    """The last days have been a week that ended this minute, on a Monday at six in the time zone of the school."""
    settings.TIME_ZONE = "UTC"
    begin = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=1)
    monkeypatch.setattr("joins.acts.week.week_begin", lambda now: begin)
    monkeypatch.setattr("joins.current_notices.week_begin", lambda now: begin)
    return begin


@pytest.fixture
def joins(biology_code):
    """joins("Ada Adams") -> a new student of this name who has joined with the Code."""
    return lambda name, code=None: use_code((code or biology_code()).code, by=student_called(name))


@pytest.fixture
def days_later():
    """days_later() -> everything until now happened two days ago, in the week before the monday."""
    return partial(time_passes, days=2)


def only_about_weeks(user):
    user.notifications.exclude(about__startswith="week:").delete()
    return unread_texts(user)


def test_every_manager_reads_it_once(joins, join_url, days_later, monday, ms_okafor, mr_lind, biology_code):
    joins("Ada Adams")
    joins("Ben Bell")
    for name in ("Cleo Cox", "Dan Dahl", "Eve East"):
        ask_by_join_url(join_url, by=student_called(name))
    days_later()

    for _ in range(3):
        tell_of_week()

    for manager in (ms_okafor, mr_lind):
        [sentence] = only_about_weeks(manager)
        assert (
            "in Biology 9B: 2 people joined. 3 people wait to be let in (Cleo C., Dan D. and 1 more)."
            in sentence
        )
        assert sentence.endswith(
            f"The Code locks on {biology_code().locks_at:%A} {_day(biology_code().locks_at)}."
        )


def _day(moment):
    return f"{moment.day} {moment:%B, %H:%M}"


@pytest.mark.parametrize("late", [timedelta(hours=2), timedelta(hours=23)])
def test_it_may_run_late(joins, days_later, monday, ms_okafor, late):
    joins("Ada Adams")
    days_later()

    week.tell(monday + late)
    week.tell(monday + late + timedelta(minutes=10))

    assert len(only_about_weeks(ms_okafor)) == 1


def test_a_day_later_it_is_no_news_any_more(joins, days_later, monday, ms_okafor):
    joins("Ada Adams")
    days_later()

    week.tell(monday + timedelta(days=1, minutes=1))

    assert only_about_weeks(ms_okafor) == []


def test_a_class_without_news_says_nothing(joins, monday, ms_okafor, biology):
    """Nobody has joined in these seven days, and nobody waits. What has happened since then is next week's."""
    joins("Ada Adams")
    time_passes(days=9)
    joins("Ben Bell")

    tell_of_week()

    assert only_about_weeks(ms_okafor) == []


def test_people_who_wait_are_news_each_week(amara_waits, days_later, monday, ms_okafor):
    days_later()
    tell_of_week()
    [sentence] = only_about_weeks(ms_okafor)
    assert "Nobody joined. Amara T. waits to be let in." in sentence
    ms_okafor.notifications.mark_read()

    time_passes(days=7)
    tell_of_week()

    assert len(only_about_weeks(ms_okafor)) == 1
    assert JoinRequest.objects.pending().exists()  # nobody is decided on by silence


def test_a_locked_code_is_said_to_be_locked(joins, days_later, monday, ms_okafor, biology_code):
    joins("Ada Adams")
    biology_code().lock(by=ms_okafor)
    days_later()
    tell_of_week()

    [sentence] = only_about_weeks(ms_okafor)
    assert sentence.endswith("1 person joined. The Code is locked.")


def test_neither_an_archived_class_nor_one_without_a_teacher_is_told_of(
    joins, days_later, monday, biology, ms_okafor, mr_lind
):
    chess = ClassroomFactory(by=mr_lind)
    joins("Ada Adams")
    joins("Ben Bell", chess.join_codes.get())
    days_later()
    biology.archive(by=ms_okafor)
    User.objects.filter(pk=mr_lind.pk).close()

    tell_of_week()

    assert not Notification.objects.filter(about__startswith="week:").exists()


def test_one_mail_has_a_line_for_each_class(
    joins, days_later, monday, ms_okafor, mr_lind, biology, biology_code, client
):
    chess = ClassroomFactory(name="Chess club", by=ms_okafor)
    joins("Ada Adams")
    joins("Ben Bell", chess.join_codes.get())
    for name in ("Ada A", "Ben B", "Cleo C", "Dan D", "Eve E", "Finn F", "Gia G"):
        ask_by_join_url(biology.join_url, by=student_called(name))
    days_later()
    Notification.objects.all().delete()

    for _ in range(2):
        tell_of_week()
        deliver_digests()

    [letter] = [letter for letter in mail.outbox if letter.to == [ms_okafor.email]]
    assert letter.subject == "1 person joined Biology 9B, and 1 more new notification"
    assert "7 people wait to be let in (Ada A., Ben B., Cleo C., Dan D., Eve E. and 2 more)." in letter.body
    for classroom in (biology, chess):
        assert f"in {classroom.name}: 1 person joined." in letter.body
        assert f"{classroom.path}\n" in letter.body  # a page, and no act (Q5)
    assert len([letter for letter in mail.outbox if letter.to == [mr_lind.email]]) == 1


def test_somebody_who_manages_the_class_no_more_gets_no_mail(
    joins, days_later, monday, biology, mr_lind, ms_okafor
):
    joins("Ada Adams")
    days_later()
    tell_of_week()
    biology.memberships.get(user=mr_lind).make_member(by=ms_okafor)
    mr_lind.notifications.exclude(about__startswith="week:").delete()
    deliver_digests()

    assert [letter for letter in mail.outbox if letter.to == [mr_lind.email]] == []


def test_who_has_gone_by_then_is_not_named(amara_waits, days_later, monday, ms_okafor, joins):
    joins("Ada Adams")
    days_later()
    tell_of_week()
    amara_waits.withdraw()

    [sentence] = only_about_weeks(ms_okafor)
    assert "1 person joined. The Code" in sentence


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_say_it_once(joins, days_later, monday, ms_okafor, mr_lind):
    joins("Ada Adams")
    days_later()

    for manager in run_together(tell_of_week, tell_of_week) and (ms_okafor, mr_lind):
        assert manager.notifications.filter(about__startswith="week:").count() == 1


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("now", "begin"),
    [
        ((2026, 11, 30, 6, 0), (2026, 11, 30, 6)),  # a Monday
        ((2026, 11, 30, 5, 59), (2026, 11, 23, 6)),
        ((2026, 12, 6, 23, 59), (2026, 11, 30, 6)),  # the Sunday after it
        ((2026, 10, 26, 7, 0), (2026, 10, 26, 6)),  # after the night in which the clocks went back
    ],
)
def test_a_week_begins_on_monday_at_six_in_the_time_zone_of_the_school(settings, now, begin):
    settings.TIME_ZONE = "Europe/Oslo"
    oslo = ZoneInfo("Europe/Oslo")

    assert week_begin(datetime(*now, tzinfo=oslo)) == datetime(*begin, tzinfo=oslo)
