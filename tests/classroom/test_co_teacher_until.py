"""A co-teacher until a date, such as a substitute: the clock ends the rights, not the worker (C3)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from classroom.acts.copy import copy_class
from classroom.acts.hand_over import hand_over_orphaned
from classroom.exceptions import NotAllowed
from classroom.models import Classroom, Event, Membership
from classroom.tasks import end_co_teachers, warn_co_teachers
from joins.acts.ask import ask_by_join_url
from tests.clock import time_passes
from tests.factories import MembershipFactory
from tests.hooks import alerts, page_text
from tests.joins.races import run_together
from tests.notifications import notification_texts, unread_texts

pytestmark = [pytest.mark.django_db, pytest.mark.rule("C3")]

IN_ONE_HOUR = timedelta(hours=1)


@pytest.fixture
def substitute(biology, mr_brandt_is_member, ms_okafor):
    """Mr Brandt, a co-teacher of Biology 9B for one more hour."""
    mr_brandt_is_member.make_co_teacher(by=ms_okafor, until=timezone.now() + IN_ONE_HOUR)
    return mr_brandt_is_member.user


@pytest.fixture
def give(sign_in, ms_okafor, url):
    """give("2026-12-12") sends the page's form as the owner."""
    return lambda until: sign_in(ms_okafor).post(url("members/brandt/co-teacher/"), {"until": until})


def place(user, classroom):
    return classroom.memberships.get(user=user)


def run_tasks():
    warn_co_teachers()
    end_co_teachers()


@pytest.mark.rule("C2")
@pytest.mark.threat("T09", "T60")
def test_the_rights_end_at_the_instant_without_any_worker(substitute, biology, sign_in, url, leo):
    """On each page, in each act, and in the head of the page."""
    ask_by_join_url(biology.join_url, by=leo)
    browser = sign_in(substitute)
    time_passes(minutes=59, seconds=50)
    assert browser.get(url("requests/")).status_code == 200
    assert "1 waiting" in browser.get("/").content.decode()
    biology.edit(by=substitute, name="Biology 9C")

    time_passes(seconds=10)

    assert Membership.objects.get(user=substitute, classroom=biology).role == "co-teacher"  # not written yet
    assert browser.get(url("requests/")).status_code == 403
    assert browser.post(url("code/lock/")).status_code == 403
    with pytest.raises(NotAllowed):
        biology.edit(by=substitute, name="Biology 9D")
    home = browser.get("/").content.decode()
    assert "waiting" not in home
    assert "Co-teacher" not in home
    members = browser.get(url("members/"))
    assert members.status_code == 200
    assert "remove/" not in members.content.decode()


@pytest.mark.threat("T60")
def test_who_is_no_co_teacher_any_more_is_told_of_no_request(substitute, biology, leo, mr_lind):
    time_passes(hours=1)

    ask_by_join_url(biology.join_url, by=leo)

    assert any("Leo" in text for text in notification_texts(mr_lind))
    assert not any("Leo" in text for text in notification_texts(substitute))
    assert substitute not in biology.managers()


@pytest.mark.rule("C6")
def test_a_class_whose_last_manager_is_over_has_none(substitute, biology, ms_okafor, mr_lind):
    type(ms_okafor).objects.filter(pk__in=[ms_okafor.pk, mr_lind.pk]).update(is_active=False)
    assert not Classroom.objects.without_manager().filter(pk=biology.pk).exists()

    time_passes(hours=1)

    assert Classroom.objects.without_manager().filter(pk=biology.pk).exists()


def test_before_the_worker_has_written_it_they_can_leave_and_be_removed(
    substitute, biology, sign_in, url, linds_browser, mr_lind, mr_brandt_is_member
):
    """As a plain member: another co-teacher could not remove a co-teacher."""
    assert linds_browser.post(url("members/brandt/remove/")).status_code == 403
    time_passes(hours=1)
    assert url("members/brandt/remove/") in linds_browser.get(url("members/")).content.decode()
    assert linds_browser.post(url("members/brandt/remove/")).status_code == 302
    assert not biology.memberships.filter(user=substitute).exists()

    Membership.objects.create(
        classroom=biology,
        user=substitute,
        role="co-teacher",
        door="opened",
        co_teacher_until=timezone.now() - IN_ONE_HOUR,
    )
    assert sign_in(substitute).post(url("leave/")).status_code == 302
    assert not biology.memberships.filter(user=substitute).exists()


def test_the_worker_writes_the_end_down_once_and_tells_both(substitute, biology, ms_okafor, acts):
    until = place(substitute, biology).co_teacher_until
    time_passes(hours=1)
    run_tasks()
    run_tasks()

    mine = place(substitute, biology)
    assert (mine.role, mine.co_teacher_until, mine.co_teacher_warned_at) == ("member", None, None)
    [ended] = biology.events.filter(kind=Event.Kind.END_CO_TEACHER)
    assert (ended.by, ended.user, ended.at) == (None, substitute, until - IN_ONE_HOUR)
    over = "co-teacher rights in Biology 9B have ended"
    assert unread_texts(substitute) == [f"Your {over}. You're now a member."]
    assert unread_texts(ms_okafor) == ["The co-teacher rights of Felix Brandt in Biology 9B have ended."]


def test_the_history_says_that_the_clock_did_it(substitute, sign_in, ms_okafor, url):
    time_passes(hours=1)
    run_tasks()

    history = " ".join(sign_in(ms_okafor).get(url("history/")).content.decode().split())
    assert "The co-teacher rights ended for" in history


def test_nobody_is_told_a_day_before_of_what_was_given_for_less(substitute, ms_okafor):
    run_tasks()
    time_passes(minutes=30)
    run_tasks()

    assert not any("within a day" in text for text in notification_texts(substitute))
    assert notification_texts(ms_okafor) == []


def test_both_are_told_a_day_before_once(biology, mr_brandt_is_member, mr_brandt, ms_okafor):
    mr_brandt_is_member.make_co_teacher(by=ms_okafor, until=timezone.now() + timedelta(days=3))
    time_passes(days=1, hours=23)
    run_tasks()
    assert not any("within a day" in text for text in notification_texts(mr_brandt))

    time_passes(hours=2)
    for _ in range(2):
        run_tasks()

        told = [text for text in notification_texts(mr_brandt) if "within a day" in text]
        assert told == ["Your co-teacher rights in Biology 9B end within a day."]
        assert notification_texts(ms_okafor) == [
            "The co-teacher rights of Felix Brandt in Biology 9B end within a day."
        ]


def test_an_owner_with_a_closed_account_is_told_nothing(substitute, ms_okafor):
    type(ms_okafor).objects.filter(pk=ms_okafor.pk).update(is_active=False)
    time_passes(hours=1)
    run_tasks()

    assert notification_texts(ms_okafor) == []


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_day_ends_in_the_owners_time_zone(zone, give, biology, mr_brandt_is_member, mr_brandt, ms_okafor):
    type(ms_okafor).objects.filter(pk=ms_okafor.pk).update(time_zone=zone)
    day = timezone.localdate(timezone=ZoneInfo(zone)) + timedelta(days=10)

    assert give(day.isoformat()).status_code == 302

    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    assert place(mr_brandt, biology).co_teacher_until == midnight.astimezone(UTC)


def test_today_is_a_day_and_so_is_the_same_one_next_year(give, biology, mr_brandt_is_member, mr_brandt):
    for days in (0, 365):
        day = timezone.localdate() + timedelta(days=days)
        assert give(day.isoformat()).status_code == 302
        assert place(mr_brandt, biology).role == "co-teacher"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1999-01-01", "This day is over. Choose today or a later day."),
        ("0001-01-01", "This day is over. Choose today or a later day."),
        ("2036-12-12", "This day is more than a year away."),
        ("9999-12-31", "This day is more than a year away."),
        ("next week", "This is no day. Choose one from the field, or leave it empty."),
        ("2026-02-31", "This is no day. Choose one from the field, or leave it empty."),
    ],
)
def test_a_day_that_can_not_be_gets_a_sentence_and_stays_in_the_field(
    typed, sentence, give, biology, mr_brandt_is_member, mr_brandt
):
    answer = give(typed)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert f'value="{typed}"' in page
    assert place(mr_brandt, biology).role == "member"


@pytest.mark.rule("J10")
def test_a_second_press_changes_and_tells_nothing(give, biology, mr_brandt_is_member, mr_brandt, acts):
    day = (timezone.localdate() + timedelta(days=10)).isoformat()
    first, second = give(day), give(day)

    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert acts() == [("make_co_teacher", "okafor", "brandt")]
    assert len(notification_texts(mr_brandt)) == 1


def test_another_day_or_none_changes_the_end(give, biology, mr_brandt_is_member, mr_brandt, leo, acts):
    """What they were told of those who wait stays unread: they go on looking after the class."""
    give((timezone.localdate() + timedelta(days=10)).isoformat())
    ask_by_join_url(biology.join_url, by=leo)

    give((timezone.localdate() + timedelta(days=20)).isoformat())
    give("")

    assert place(mr_brandt, biology).co_teacher_until is None
    assert [act for act, *_ in acts() if act != "ask"] == ["make_co_teacher"] * 3
    assert "Leo Park asks to join Biology 9B." in unread_texts(mr_brandt)


def test_rights_that_were_given_again_do_not_end_with_the_first_day(substitute, biology, ms_okafor):
    place(substitute, biology).make_co_teacher(by=ms_okafor)
    time_passes(hours=1)
    run_tasks()

    assert place(substitute, biology).role == "co-teacher"
    assert substitute in biology.managers()


def test_every_other_role_has_no_end(substitute, biology, ms_okafor):
    place(substitute, biology).make_member(by=ms_okafor)
    assert place(substitute, biology).co_teacher_until is None

    place(substitute, biology).make_co_teacher(by=ms_okafor, until=timezone.now() + IN_ONE_HOUR)
    biology.transfer(by=ms_okafor, to=substitute)
    assert place(substitute, biology).co_teacher_until is None
    time_passes(hours=2)
    run_tasks()
    assert biology.owner == substitute


@pytest.mark.rule("C6")
def test_an_operator_makes_a_substitute_owner_without_an_end(substitute, biology, ms_okafor, operator):
    type(ms_okafor).objects.filter(pk=ms_okafor.pk).update(is_active=False)
    hand_over_orphaned(biology, to=substitute, by=operator)

    assert place(substitute, biology).co_teacher_until is None


def test_who_accepts_an_invitation_after_the_end_is_co_teacher_for_good(
    link, sign_in, ana, biology, ms_okafor
):
    mine = MembershipFactory(classroom=biology, user=ana)
    mine.make_co_teacher(by=ms_okafor, until=timezone.now() + IN_ONE_HOUR)
    time_passes(hours=1)

    assert sign_in(ana).post(link).status_code == 302

    assert (place(ana, biology).role, place(ana, biology).co_teacher_until) == ("co-teacher", None)
    assert ana in biology.managers()


@pytest.mark.rule("C4")
def test_a_copy_for_the_next_year_takes_no_substitute_along(substitute, biology, ms_okafor, mr_lind):
    new = copy_class(biology, by=ms_okafor, name="Biology 10B", co_teachers=True)

    assert new.managers() == [ms_okafor, mr_lind]


def test_the_page_and_the_list_say_until_when(give, mr_brandt_is_member, ms_okafor, sign_in, url):
    browser = sign_in(ms_okafor)
    page = browser.get(url("members/brandt/co-teacher/")).content.decode()
    assert "Make <bdi>Felix Brandt</bdi> a co-teacher" in page
    assert 'type="date"' in page

    day = timezone.localdate() + timedelta(days=10)
    give(day.isoformat())

    year = f" {day.year}" if day.year != timezone.localdate().year else ""
    assert f"Co-teacher until {day.day} {day:%b}{year}" in browser.get(url("members/")).content.decode()
    page = browser.get(url("members/brandt/co-teacher/")).content.decode()
    assert "How long will <bdi>Felix Brandt</bdi> be a co-teacher?" in page
    assert f'value="{day.isoformat()}"' in page


def test_the_history_says_until_when(give, mr_brandt_is_member, ms_okafor, sign_in, url):
    until = timezone.localdate() + timedelta(days=9)
    given = "Ngozi Okafor gave co-teacher rights to "

    give(until.isoformat())
    history = page_text(sign_in(ms_okafor).get(url("history/")))
    assert f"{given}Felix Brandt, until the end of {date_format(until, 'l j F Y')}" in history

    give("")
    history = page_text(sign_in(ms_okafor).get(url("history/")))
    assert history.count(given) == 2
    assert history.count("until the end of") == 1


@pytest.mark.parametrize(("username", "status"), [("amara", 403), ("okafor", 409), ("nobody", 404)])
def test_there_is_no_page_for_those_who_can_not_become_co_teacher(
    username, status, amara_is_member, ms_okafor, sign_in, url
):
    answer = sign_in(ms_okafor).get(url(f"members/{username}/co-teacher/"))

    assert answer.status_code == status
    if username == "amara":
        assert alerts(answer) == ["Only a teacher's account can become co-teacher."]


def test_the_notification_says_until_when(give, mr_brandt_is_member, mr_brandt):
    end = timezone.localdate() + timedelta(days=10)
    give(end.isoformat())

    day = f"{end:%A} {end.day} {end:%B %Y}"
    assert notification_texts(mr_brandt) == [
        f"You're now a co-teacher of Biology 9B, until the end of {day}."
    ]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_write_one_end(substitute, biology, ms_okafor):
    for _ in range(5):
        place(substitute, biology).make_co_teacher(by=ms_okafor, until=timezone.now() + IN_ONE_HOUR)
        biology.events.filter(kind=Event.Kind.END_CO_TEACHER).delete()
        time_passes(hours=1)

        run_together(*[end_co_teachers] * 3)

        assert biology.events.filter(kind=Event.Kind.END_CO_TEACHER).count() == 1
        assert place(substitute, biology).role == "member"
    assert len([text for text in notification_texts(ms_okafor) if "have ended" in text]) == 5


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_end_and_another_day_at_the_same_moment_leave_one_of_the_two(substitute, biology, ms_okafor):
    """If the owner gives more time just then, the co-teacher keeps it, or was ended before and gets it anew."""
    for _ in range(5):
        mine = place(substitute, biology)
        mine.make_co_teacher(by=ms_okafor, until=timezone.now() + IN_ONE_HOUR)
        time_passes(hours=1)
        later = timezone.now() + timedelta(days=3)

        run_together(end_co_teachers, lambda mine=mine, later=later: mine.make_co_teacher(ms_okafor, later))

        assert (place(substitute, biology).role, place(substitute, biology).co_teacher_until) == (
            "co-teacher",
            later,
        )


def test_the_administration_leaves_the_day_of_a_lasting_co_teacher_empty(biology, operators_browser):
    """It said "None"."""
    page = operators_browser.get(f"/admin/classroom/classroom/{biology.pk}/change/")

    assert "Jonas Lind" in page_text(page)
    assert "None" not in page_text(page)


@pytest.mark.threat("T35")
def test_no_owner_fills_somebodys_list_by_changing_the_day(mr_brandt, mr_brandt_is_member, ms_okafor):
    before = mr_brandt.notifications.count()

    for days in range(1, 6):
        mr_brandt_is_member.make_co_teacher(by=ms_okafor, until=timezone.now() + timedelta(days=days))
    mr_brandt_is_member.make_co_teacher(by=ms_okafor)

    assert unread_texts(mr_brandt)[-1] == "You're now a co-teacher of Biology 9B."
    assert mr_brandt.notifications.count() == before + 1
