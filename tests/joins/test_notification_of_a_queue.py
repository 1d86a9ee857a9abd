"""A manager has one unread notification of all requests in a class. It says who waits whenever it is read."""

import pytest
from django.core import mail

from accounts.models import Digest, Notification
from accounts.tasks import deliver_digests
from joins import notices
from joins.acts.ask import ask_by_join_url
from joins.acts.move_to_queue import move_to_queue
from joins.acts.undo import undo
from privacy.models import Person
from tests.clock import time_passes
from tests.notifications import notification_texts, unread_texts

pytestmark = [pytest.mark.django_db, pytest.mark.rule("N3")]


def test_it_counts_and_names_the_first_two(asks, ms_okafor, mr_lind):
    for name in ("Ada Adams", "Finn Flood", "Juan de la Cruz"):
        asks(name)

    assert unread_texts(ms_okafor) == ["3 people ask to join Biology 9B (Ada A., Finn F. and 1 more)."]
    assert Notification.objects.filter(user__in=[ms_okafor, mr_lind]).count() == 2


def test_the_page_of_notifications_says_it_too(asks, sign_in, ms_okafor):
    asks("Ada Adams")
    asks("Finn Flood")
    browser = sign_in(ms_okafor)
    for path in ("/notifications/", f"/notifications/{ms_okafor.notifications.get().pk}/"):
        assert "2 people ask to join Biology 9B (Ada A. and Finn F.)." in browser.get(path).content.decode()


def test_a_mail_names_at_most_five_and_leads_to_the_queue(asks, biology, sign_in, ms_okafor):
    for name in ("Ada A", "Ben B", "Cleo C", "Dan D", "Eve E", "Finn F", "Gia G"):
        asks(name)
    time_passes(minutes=16)
    deliver_digests()

    letter = next(letter for letter in mail.outbox if letter.to == [ms_okafor.email])
    sentence = "7 people ask to join Biology 9B (Ada A., Ben B., Cleo C., Dan D., Eve E. and 2 more)."
    assert letter.subject == "7 people ask to join Biology 9B"
    for part in (letter.body, letter.alternatives[0].content):
        assert sentence in part
        assert part.count("/requests/") == 1
    sign_in(ms_okafor).get(f"{biology.path}requests/")
    assert unread_texts(ms_okafor)  # looking decides nothing


@pytest.mark.threat("T44")
def test_the_subject_of_one_request_names_nobody(asks):
    asks("Ada Adams")
    time_passes(minutes=16)
    deliver_digests()

    assert {letter.subject for letter in mail.outbox} == {"1 person asks to join Biology 9B"}


def test_a_decision_takes_the_person_out_of_everybodys_sentence(asks, decide, ms_okafor, mr_lind):
    first, second = asks("Ada Adams"), asks("Finn Flood")

    decide(mr_lind, "deny", first)
    assert unread_texts(ms_okafor) == unread_texts(mr_lind) == ["Finn Flood asks to join Biology 9B."]

    second.withdraw()
    assert unread_texts(ms_okafor) == unread_texts(mr_lind) == []
    assert notification_texts(ms_okafor) == ["People asked to join Biology 9B."]


def test_after_it_was_read_it_says_who_waits_as_long_as_somebody_does(asks, ms_okafor):
    join_request = asks("Ada Adams")
    ms_okafor.notifications.mark_read()
    assert notification_texts(ms_okafor) == ["Ada Adams asks to join Biology 9B."]

    join_request.withdraw()
    assert notification_texts(ms_okafor) == ["People asked to join Biology 9B."]


def test_whoever_asks_after_it_was_read_makes_a_new_one(asks, ms_okafor, mr_lind):
    asks("Ada Adams")
    ms_okafor.notifications.mark_read()
    asks("Finn Flood")

    assert notification_texts(ms_okafor) == [
        "People asked to join Biology 9B.",
        "2 people ask to join Biology 9B (Ada A. and Finn F.).",
    ]
    assert mr_lind.notifications.count() == 1


def test_it_comes_on_top_again(asks, biology, ms_okafor):
    asks("Ada Adams")
    time_passes(hours=1)
    ms_okafor.notifications.create(text="Something else", link="/")
    time_passes(hours=1)
    asks("Finn Flood")

    assert [one.sentence for one in ms_okafor.notifications.newest_first()][1] == "Something else"


@pytest.mark.rule("N2")
def test_who_asks_after_a_mail_is_mailed_too(asks, ms_okafor):
    asks("Ada Adams")
    time_passes(minutes=16)
    deliver_digests()
    asks("Finn Flood")
    time_passes(minutes=16)
    deliver_digests()

    mine = [letter.subject for letter in mail.outbox if letter.to == [ms_okafor.email]]
    assert mine == ["1 person asks to join Biology 9B", "2 people ask to join Biology 9B"]


@pytest.mark.rule("N2")
def test_who_asks_while_a_mail_is_being_sent_is_in_the_next_one(asks, ms_okafor):
    """That mail may have been written already."""
    asks("Ada Adams")
    time_passes(minutes=16)
    Digest.objects.gather()
    asks("Finn Flood")

    assert ms_okafor.notifications.get().digest is None
    assert ms_okafor.notifications.to_mail().exists()


def test_one_more_does_not_put_the_mail_off(asks, ms_okafor):
    asks("Ada Adams")
    at = ms_okafor.notifications.get().mail_at
    time_passes(minutes=5)
    asks("Finn Flood")

    assert ms_okafor.notifications.get().mail_at <= at


@pytest.mark.threat("T50")
def test_who_cancels_and_asks_again_beside_others_is_shown_again_with_a_late_mail(asks, join_url, ms_okafor):
    asks("Ada Adams")
    join_request = asks("Finn Flood")
    time_passes(minutes=16)
    deliver_digests()
    join_request.withdraw()
    ask_by_join_url(join_url, by=join_request.user)

    told = ms_okafor.notifications.unread().get()
    assert unread_texts(ms_okafor) == ["2 people ask to join Biology 9B (Ada A. and Finn F.)."]
    assert (told.mail_at - told.created_at).total_seconds() == 60 * 60


@pytest.mark.threat("T93")
def test_an_erased_person_is_in_no_sentence(asks, ms_okafor):
    join_request = asks("Ada Adams")
    asks("Finn Flood")
    Person.objects.get(pk=join_request.user_id).erase()

    assert unread_texts(ms_okafor) == ["Finn Flood asks to join Biology 9B."]


@pytest.mark.threat("T60")
@pytest.mark.rule("C2")
def test_who_manages_the_class_no_longer_reads_no_names_and_gets_no_mail(asks, biology, ms_okafor, mr_lind):
    asks("Ada Adams")
    biology.memberships.get(user=mr_lind).make_member(by=ms_okafor)
    mr_lind.notifications.filter(about=f"requests:{biology.pk}").update(read_at=None)  # the worst case
    assert "Ada" not in " ".join(notification_texts(mr_lind))

    time_passes(minutes=16)
    deliver_digests()
    deliver_digests()

    assert not any("Ada" in letter.body for letter in mail.outbox if letter.to == [mr_lind.email])
    assert not mr_lind.notifications.filter(about=f"requests:{biology.pk}").unread().exists()


def test_an_archived_class_mails_nothing(asks, biology, ms_okafor):
    asks("Ada Adams")
    biology.archive(by=ms_okafor)
    time_passes(minutes=16)
    deliver_digests()

    assert not any("Ada" in letter.body for letter in mail.outbox)


def test_undone_it_is_one_again(asks, decide, ms_okafor, mr_lind):
    first = asks("Ada Adams")
    decide(ms_okafor, "deny", first)
    second = asks("Finn Flood")
    decide(ms_okafor, "deny", second)
    undo(first, by=ms_okafor)
    undo(second, by=ms_okafor)

    assert unread_texts(mr_lind) == ["2 people ask to join Biology 9B (Ada A. and Finn F.)."]


def test_who_was_moved_to_the_queue_waits_there_too(asks, biology, biology_code, amara_joined, ms_okafor):
    move_to_queue(biology, "amara", by=ms_okafor)
    assert unread_texts(ms_okafor) == []

    time_passes(seconds=1)
    asks("Finn Flood")
    assert unread_texts(ms_okafor) == ["2 people ask to join Biology 9B (Amara T. and Finn F.)."]


def test_a_manager_who_opens_it_at_this_moment_gets_another_one(
    biology, amara_waits, leo, ms_okafor, monkeypatch
):
    def say_too_late(reading, updating, needs_update):
        (query, *values), (update, *new_values) = reading, updating
        managing = query.all(*values)
        ms_okafor.notifications.mark_read()
        return managing, update.run(*new_values)

    monkeypatch.setattr(notices, "read_and_update", say_too_late)
    ask_by_join_url(biology.join_url, by=leo)

    assert ms_okafor.notifications.unread().count() == 1
