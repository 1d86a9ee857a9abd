"""Who is notified of what, once, and when there is nothing left to answer."""

import re

import pytest
from django.core import mail
from django.db import transaction

from accounts.models import Notification
from accounts.tasks import deliver_digests
from classroom.exceptions import Refusal
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinRequest
from tests.clock import time_passes
from tests.factories import MembershipFactory, StudentFactory
from tests.hooks import hooks
from tests.notifications import notification_texts, unread_texts


@pytest.mark.rule("J2", "Q5", "N1")
@pytest.mark.parametrize("door", ["code", "join-url"])
def test_every_manager_is_told_of_a_request_and_nobody_else(
    biology, join_url, locked_code, amara, leo, ms_okafor, mr_lind, mr_brandt, door
):
    MembershipFactory(classroom=biology, user=leo)
    join_request = (
        ask_by_join_url(join_url, amara)
        if door == "join-url"
        else use_code(locked_code.code, by=amara).join_request
    )

    for manager in (ms_okafor, mr_lind):
        notification = manager.notifications.get()
        assert notification_texts(manager) == ["Amara Toure asks to join Biology 9B."]
        assert notification.link == f"{biology.path}requests/"
        assert notification.about == join_request.about
    assert Notification.objects.exclude(user__in=[ms_okafor, mr_lind]).count() == 0


@pytest.mark.rule("N1")
@pytest.mark.parametrize("answer", ["approve", "deny", "keep-out", "withdraw", "walk in"])
def test_what_one_has_dealt_with_is_read_for_all(
    decide, amara_waits, leo_waits, biology_code, amara, ms_okafor, mr_lind, answer
):
    if answer == "withdraw":
        amara_waits.withdraw()
    elif answer == "walk in":
        use_code(biology_code().code, by=amara)
    else:
        decide(mr_lind, answer, amara_waits)

    assert unread_texts(ms_okafor) == unread_texts(mr_lind) == ["Leo Park asks to join Biology 9B."]


@pytest.mark.rule("N2")
def test_a_refused_request_tells_nobody(biology, join_url, amara, ms_okafor):
    biology.archive(by=ms_okafor)
    with pytest.raises(Refusal):
        ask_by_join_url(join_url, by=amara)

    assert not Notification.objects.exists()


@pytest.mark.rule("N2")
def test_a_fact_that_is_undone_was_never_told(biology, join_url, amara):
    """The notification is written in the same transaction."""
    with transaction.atomic():
        ask_by_join_url(join_url, by=amara)
        transaction.set_rollback(True)

    assert not Notification.objects.exists()
    assert not JoinRequest.objects.exists()


@pytest.mark.rule("N1")
def test_the_count_of_unread_ones_shows_on_every_page(biology, url, amara_waits, leo_waits, okafors_browser):
    for path in ("/", "/join/", biology.path, url("requests/"), url("code/reset/"), "/accounts/profile/"):
        assert hooks(okafors_browser.get(path), "data-unread") == ["1"], path


@pytest.mark.rule("Q5", "N2")
@pytest.mark.threat("T35", "T39")
def test_requests_are_mailed_together_and_not_one_by_one(biology, amara_waits, leo_waits, ms_okafor):
    """After a quarter of an hour each manager gets one mail, which links to the queue and never to an act."""
    deliver_digests()
    assert mail.outbox == []
    time_passes(minutes=16)
    deliver_digests()
    deliver_digests()

    assert sorted(letter.to[0] for letter in mail.outbox) == ["lind@school.example", "okafor@school.example"]
    text = mail.outbox[0].body
    assert "2 people ask to join Biology 9B (Amara T. and Leo P.)." in text
    assert re.findall(r"https?://[^/\s]+(/\S+)", text) == [f"{biology.path}requests/"]


@pytest.mark.rule("N1", "N2")
def test_what_was_answered_in_time_is_not_mailed(decide, amara_waits, leo_waits, ms_okafor):
    decide(ms_okafor, "approve", amara_waits, leo_waits)
    time_passes(minutes=16)
    deliver_digests()

    assert mail.outbox == []


@pytest.mark.rule("Q4")
def test_the_result_is_mailed_to_who_has_an_address(decide, join_url, ms_okafor):
    grace = StudentFactory(first_name="Grace", email="grace@home.example")
    decide(ms_okafor, "approve", ask_by_join_url(join_url, by=grace))
    deliver_digests()

    (letter,) = mail.outbox
    assert letter.to == ["grace@home.example"]
    assert "You've been let in. You're in Biology 9B now." in letter.body


@pytest.mark.rule("A4", "N2")
@pytest.mark.parametrize("decision", ["approve", "deny", "keep-out"])
def test_nothing_waits_to_be_mailed_to_who_has_none(decide, amara_waits, amara, ms_okafor, decision):
    """Otherwise every run would look at it again."""
    decide(ms_okafor, decision, amara_waits)

    assert len(unread_texts(amara)) == 1
    assert not amara.notifications.to_mail().exists()


@pytest.mark.rule("K10")
@pytest.mark.threat("T26")
def test_no_mail_bears_a_code(biology_code, locked_code, amara, ms_okafor):
    use_code(locked_code.code, by=amara)
    time_passes(minutes=16)
    deliver_digests()

    for letter in mail.outbox:
        everything = f"{letter.subject} {letter.body} {letter.alternatives}"
        assert biology_code().code not in everything
        assert biology_code().in_threes not in everything
