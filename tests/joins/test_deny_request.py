"""A manager says no. A day later the person can ask again, and an unlocked Code still lets them in."""

import re
from datetime import timedelta

import pytest
from django.conf import settings

from accounts.models import Notification
from accounts.times import format_moment
from classroom.models import Event
from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.exceptions import AskedTooSoon
from joins.models import JoinRequest
from tests.clock import time_passes
from tests.hooks import alerts
from tests.notifications import saying


@pytest.fixture
def denied(decided):
    return decided("deny")


@pytest.mark.rule("Q6", "Q8")
def test_denying_ends_the_request_and_is_remembered(denied, biology, amara, ms_okafor):
    assert (denied.status, denied.decided_by) == ("denied", ms_okafor)
    assert not biology.memberships.filter(user=amara).exists()
    event = Event.objects.get(kind="deny_request")
    assert (event.by, event.user) == (ms_okafor, amara)


@pytest.mark.rule("Q4")
def test_the_person_is_told(denied, amara):
    notification = amara.notifications.get()
    sentence = (
        r"Your teacher said no to your request to join Biology 9B\. You can ask again from \w+ \d+ \w+, \d\d:\d\d\. "
        r"Not sure why\? Talk to your teacher\."
    )
    assert re.fullmatch(sentence, notification.sentence)
    assert notification.link == "/"


@pytest.mark.rule("Q4")
def test_where_the_card_was_stands_the_way_to_the_result_until_it_is_read(denied, amara, amaras_browser):
    assert "You have a new message." in amaras_browser.get("/").content.decode()

    Notification.objects.notify([amara], **saying("Biology 9B has a new note."), link="/")
    assert "You have 2 new messages." in amaras_browser.get("/").content.decode()

    amaras_browser.post("/notifications/read/")

    assert "new message" not in amaras_browser.get("/").content.decode()


@pytest.mark.rule("Q6")
@pytest.mark.threat("T50")
def test_within_a_day_nobody_asks_again(sign_in, denied, join_url, amara):
    """The person is told from when they can."""
    assert timedelta(days=1) == settings.ASK_AGAIN_AFTER
    told = Notification.objects.count()
    page = sign_in(amara).post(join_url.path)

    assert page.status_code == 409
    assert alerts(page)[0].startswith(
        "A teacher said no to your last request to join Biology 9B. You can ask again tomorrow after "
    )
    assert (JoinRequest.objects.count(), Notification.objects.count()) == (1, told)
    assert "Ask to join</button>" not in page.content.decode()


@pytest.mark.rule("Q6")
def test_neither_by_a_locked_code(denied, locked_code, amara):
    with pytest.raises(AskedTooSoon):
        use_code(locked_code.code, by=amara)


@pytest.fixture
def denied_again(denied, decide, join_url, amara, ms_okafor):
    """A day later Amara asked again and was denied again."""
    time_passes(days=1, seconds=1)
    again = ask_by_join_url(join_url, by=amara)
    decide(ms_okafor, "deny", again)
    return again


@pytest.mark.rule("Q6")
@pytest.mark.threat("T50")
@pytest.mark.parametrize(
    ("denial", "days", "may"),
    [
        ("denied", 0.99, False),
        ("denied", 1.01, True),
        ("denied_again", 1.01, False),
        ("denied_again", 6.99, False),
        ("denied_again", 7.01, True),
    ],
)
def test_one_asks_again_after_a_day_and_after_the_second_denial_after_seven(
    request, join_url, amara, denial, days, may
):
    last = request.getfixturevalue(denial)
    time_passes(days=days)

    if not may:
        with pytest.raises(AskedTooSoon):
            ask_by_join_url(join_url, by=amara)
        return
    again = ask_by_join_url(join_url, by=amara)
    assert (again.status, again.pk > last.pk) == ("pending", True)


@pytest.mark.rule("Q4")
@pytest.mark.threat("T50")
def test_the_moment_told_is_the_moment_from_which_one_can(denied_again, join_url, amara):
    denied_again.refresh_from_db()
    in_a_week = format_moment(denied_again.decided_at + timedelta(days=7))
    day, time = in_a_week.split(", ")
    told = amara.notifications.order_by("pk").last().sentence

    assert f"You can ask again from {day}" in told
    with pytest.raises(AskedTooSoon, match=f"You can ask again on {day} after {time}"):
        ask_by_join_url(join_url, by=amara)


@pytest.mark.rule("Q6")
@pytest.mark.threat("T50")
def test_whom_another_class_has_denied_waits_a_day_here(denied_again, physics, decide, amara, mr_brandt):
    join_request = ask_by_join_url(physics.join_url, by=amara)
    queue.decide(physics, [join_request.pk], "deny", by=mr_brandt)
    time_passes(days=1, seconds=1)

    assert ask_by_join_url(physics.join_url, by=amara).status == "pending"


@pytest.mark.rule("Q6")
def test_an_unlocked_code_still_lets_in(denied, biology, biology_code, amara):
    assert use_code(biology_code().code, by=amara).is_member


@pytest.mark.rule("Q6")
def test_a_denial_here_keeps_no_other_door_shut(denied, physics, amara):
    assert ask_by_join_url(physics.join_url, by=amara).status == "pending"


@pytest.mark.rule("Q6")
@pytest.mark.rule("N3")
@pytest.mark.threat("T50")
@pytest.mark.parametrize(("minutes", "held_back"), [(0, True), (59, True), (61, False)])
def test_who_cancels_and_asks_again_is_shown_again_and_only_the_mail_is_held_back(
    amara_waits, join_url, amara, ms_okafor, minutes, held_back
):
    """Only people who were told no have to wait a day (Q6)."""
    amara_waits.withdraw()
    time_passes(minutes=minutes)

    assert ask_by_join_url(join_url, by=amara).status == "pending"
    told = ms_okafor.notifications.unread().get()
    hour = timedelta(hours=1) if held_back else settings.DIGEST_EVERY
    assert told.mail_at - told.created_at == hour
