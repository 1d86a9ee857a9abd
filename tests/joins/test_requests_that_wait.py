"""A request that waits a day is told again, once, and after three days its requester reads whom to ask."""

import pytest
from django.core import mail

from accounts.models import User
from accounts.tasks import deliver_digests
from accounts.times import format_moment
from classroom.acts.hand_over import hand_over_orphaned
from joins.acts.ask import ask_by_join_url
from joins.models import JoinRequest
from joins.tasks import remind_of_requests
from tests.clock import time_passes
from tests.hooks import page_text
from tests.notifications import notification_texts, unread_texts

pytestmark = [pytest.mark.django_db, pytest.mark.rule("N4")]


def test_every_manager_is_told_again_after_a_day_once(amara_waits, ms_okafor, mr_lind):
    for manager in (ms_okafor, mr_lind):
        manager.notifications.mark_read()
    time_passes(hours=23)
    remind_of_requests()
    assert unread_texts(ms_okafor) == []

    time_passes(hours=2)
    remind_of_requests()
    for manager in (ms_okafor, mr_lind):
        [sentence] = unread_texts(manager)
        assert sentence.startswith("Amara Toure asks to join Biology 9B. They have waited since ")
        manager.notifications.mark_read()

    remind_of_requests()
    time_passes(days=1)
    remind_of_requests()
    assert unread_texts(ms_okafor) == unread_texts(mr_lind) == []


@pytest.mark.rule("Q4")
@pytest.mark.parametrize(("days", "day"), [(0, "today"), (1, "yesterday"), (2, "on ")])
def test_the_page_says_as_people_do_when_somebody_asked(amara_waits, amaras_browser, days, day):
    time_passes(days=days)

    assert f"You asked to join {day}" in page_text(amaras_browser.get("/"))


def test_also_by_mail_and_once(amara_waits, ms_okafor):
    time_passes(minutes=16)
    deliver_digests()
    time_passes(hours=25)
    for _ in range(2):
        remind_of_requests()
        deliver_digests()

    mine = [letter for letter in mail.outbox if letter.to == [ms_okafor.email]]
    assert ["waited since" in letter.body for letter in mine] == [False, True]


def test_a_lesson_is_one_reminder(amara_waits, join_url, leo, ms_okafor):
    time_passes(minutes=30)
    ask_by_join_url(join_url, by=leo)
    time_passes(hours=23, minutes=45)
    remind_of_requests()
    ms_okafor.notifications.mark_read()
    time_passes(hours=1)
    remind_of_requests()

    assert unread_texts(ms_okafor) == []


def test_what_is_decided_or_cancelled_or_archived_is_not_told(
    amara_waits, leo_waits, biology, decide, ms_okafor
):
    decide(ms_okafor, "deny", amara_waits)
    leo_waits.withdraw()
    time_passes(days=4)
    remind_of_requests()
    assert unread_texts(ms_okafor) == []
    assert not JoinRequest.objects.exclude(reminded_at=None).exists()


def test_an_archived_class_tells_nobody(amara_waits, biology, ms_okafor, amara):
    biology.archive(by=ms_okafor)
    time_passes(days=4)
    remind_of_requests()

    assert notification_texts(amara) == []


def test_after_three_days_the_requester_reads_whom_to_ask_once(amara_waits, amara, amaras_browser):
    time_passes(days=2)
    remind_of_requests()
    assert notification_texts(amara) == []
    assert "You don't have to do anything." in page_text(amaras_browser.get("/"))

    time_passes(days=1, minutes=1)
    for _ in range(2):
        remind_of_requests()
    since = format_moment(JoinRequest.objects.get().asked_at)
    assert notification_texts(amara) == [
        f"Your request to join Biology 9B has waited since {since}. Ask Ngozi Okafor about it."
    ]
    assert "You've waited for more than three days, so ask them about it." in page_text(
        amaras_browser.get("/")
    )


def test_if_nobody_can_answer_both_are_told_once_somebody_can(
    amara_waits, biology, amara, ms_okafor, mr_lind, mr_brandt
):
    User.objects.filter(pk__in=[ms_okafor.pk, mr_lind.pk]).close()
    time_passes(days=4)
    remind_of_requests()
    assert notification_texts(amara) == []

    hand_over_orphaned(biology, mr_brandt)
    mr_brandt.notifications.mark_read()
    remind_of_requests()
    [sentence] = notification_texts(amara)
    assert "Ask Felix Brandt about it." in sentence
    [sentence] = unread_texts(mr_brandt)
    assert "waited since" in sentence
