"""Notifications that are due become one digest for each person and topic, and a run never sends too many."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from accounts.models import Digest, Notification, User
from tests.clock import time_passes
from tests.joins.races import run_together
from tests.notifications import saying

pytestmark = [pytest.mark.django_db, pytest.mark.rule("N2")]
NOW = timedelta(0)


def tell(*people, topic="biology", mail_after=NOW):
    return Notification.objects.notify(
        people, **saying("Somebody asks to join."), link="/", topic=topic, mail_after=mail_after
    )


def gathered():
    """How many notifications each digest holds, by person and topic."""
    Digest.objects.gather()
    return [
        (digest.user.username, digest.topic, digest.notifications.count())
        for digest in Digest.objects.order_by("user__username", "topic")
    ]


def test_one_digest_a_person_and_topic(ms_okafor, mr_lind):
    for _ in range(3):
        tell(ms_okafor, mr_lind)
    tell(ms_okafor, topic="chess")

    assert gathered() == [("lind", "biology", 3), ("okafor", "biology", 3), ("okafor", "chess", 1)]


def test_gathering_twice_makes_nothing_more(ms_okafor):
    tell(ms_okafor)

    assert gathered() == gathered() == [("okafor", "biology", 1)]


@pytest.mark.fault("F06")
def test_one_run_writes_to_so_many_people_and_the_next_one_goes_on(
    monkeypatch, ms_okafor, mr_lind, mr_brandt
):
    """After a day without mail, a run must still finish within its time limit."""
    monkeypatch.setattr("accounts.models.digest.MOST_PEOPLE_A_RUN", 2)
    tell(ms_okafor, mr_lind, mr_brandt)

    assert [len(gathered()), len(gathered())] == [2, 3]


def test_what_comes_due_first_takes_the_rest_of_its_topic_along(ms_okafor):
    tell(ms_okafor, mail_after=timedelta(hours=1))
    assert gathered() == []

    tell(ms_okafor)
    assert gathered() == [("okafor", "biology", 2)]


def test_what_was_read_or_is_for_no_mail_stays_out(ms_okafor):
    tell(ms_okafor)
    ms_okafor.notifications.mark_read()
    tell(ms_okafor, mail_after=None)
    assert gathered() == []

    tell(ms_okafor)
    assert gathered() == [("okafor", "biology", 1)]


@pytest.mark.threat("T35")
def test_the_next_digest_of_a_topic_waits_a_quarter_of_an_hour(ms_okafor):
    tell(ms_okafor)
    gathered()
    tell(ms_okafor)

    time_passes(minutes=14)
    assert len(gathered()) == 1
    time_passes(minutes=2)
    assert len(gathered()) == 2


@pytest.mark.threat("T35")
def test_at_most_ten_a_day_then_they_go_on(ms_okafor):
    for _ in range(12):
        tell(ms_okafor)
        Digest.objects.gather()
        time_passes(hours=1)
    assert Digest.objects.count() == 10

    time_passes(hours=13)
    Digest.objects.gather()
    assert Digest.objects.count() == 11  # one digest with the two that were held back
    assert not Notification.objects.to_mail().exists()


@pytest.mark.fault("F02")
def test_after_three_days_without_a_worker_there_is_one_mail_not_many(ms_okafor):
    for _ in range(3):
        tell(ms_okafor)
        time_passes(days=1)

    assert gathered() == [("okafor", "biology", 3)]


@pytest.mark.parametrize("verification", ["optional", "mandatory"])
def test_closed_accounts_get_none(settings, ms_okafor, verification):
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    tell(ms_okafor)
    User.objects.close()

    assert gathered() == []


@pytest.mark.threat("T53")
def test_with_a_mail_server_only_verified_addresses_get_one(mail_server, ms_okafor, mr_lind):
    tell(ms_okafor, mr_lind)
    EmailAddress.objects.filter(user=mr_lind).update(verified=False)

    assert gathered() == [("okafor", "biology", 1)]


def test_the_number_of_queries_does_not_grow_with_the_notifications(ms_okafor, count_queries):
    for _ in range(50):
        tell(ms_okafor)

    with count_queries(6):
        Digest.objects.gather()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("again", range(2))
def test_two_at_once_make_no_digest_twice(again, ms_okafor, mr_lind, mr_brandt):
    for _ in range(5):
        tell(ms_okafor, mr_lind, mr_brandt)

    assert run_together(*[Digest.objects.gather] * 2) == [None, None]

    assert sorted(gathered()) == [("brandt", "biology", 5), ("lind", "biology", 5), ("okafor", "biology", 5)]
