"""If an owner is away for a month while people wait, the co-teachers and the operators are told (C6)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from joins.acts.ask import ask_by_join_url
from joins.tasks import tell_of_absent_owners
from tests.clock import time_passes
from tests.factories import StudentFactory
from tests.joins.races import run_together
from tests.notifications import unread_texts

pytestmark = [pytest.mark.django_db, pytest.mark.rule("C6")]

AWAY = "Ngozi Okafor, who owns Biology 9B, has not logged in for a month, and people wait to be let in."
FOR_CO_TEACHERS = f"{AWAY} You can let them in."
FOR_OPERATORS = f"{AWAY} If the account is closed, you can give the class to another teacher."


@pytest.fixture
def away(ms_okafor):
    """away(days=30) sets when Ms Okafor has logged in last."""

    def set_last_login(**ago):
        User.objects.filter(pk=ms_okafor.pk).update(last_login=timezone.now() - timedelta(**ago))

    return set_last_login


@pytest.fixture
def waits(biology):
    """Somebody has asked to join Biology 9B more than a day ago."""
    ask_by_join_url(biology.join_url, by=StudentFactory())
    time_passes(days=1, minutes=1)


def told(user):
    tell_of_absent_owners()
    return [text for text in unread_texts(user) if AWAY in text]


def test_the_co_teachers_and_the_operators_are_told_once(waits, away, ms_okafor, mr_lind, operator):
    away(days=30)

    for _ in range(2):
        assert told(mr_lind) == [FOR_CO_TEACHERS]
        assert told(operator) == [FOR_OPERATORS]
    assert told(ms_okafor) == []
    [notification] = operator.notifications.all()
    assert notification.link == "/"
    assert notification.mail_at is not None


def test_nobody_is_told_before_a_month(waits, away, mr_lind, operator):
    away(days=29, hours=23)

    assert told(mr_lind) == told(operator) == []


def test_nobody_is_told_if_nobody_waits_for_a_day(biology, away, mr_lind):
    away(days=40)
    assert told(mr_lind) == []
    ask_by_join_url(biology.join_url, by=StudentFactory())
    assert told(mr_lind) == []


def test_nobody_is_told_of_an_archived_class_or_a_closed_account(
    waits, away, biology, ms_okafor, mr_lind, operator
):
    away(days=40)
    biology.archive(by=ms_okafor)
    assert told(mr_lind) == []
    biology.restore(by=ms_okafor)
    User.objects.filter(pk=ms_okafor.pk).update(is_active=False)
    assert told(operator) == []  # the first page of the administration names such classes


def test_another_absence_is_told_again(waits, away, mr_lind):
    away(days=31)
    assert told(mr_lind) == [FOR_CO_TEACHERS]
    time_passes(days=40)  # the owner came back in the meantime, and left again
    away(days=30)

    assert told(mr_lind) == [FOR_CO_TEACHERS] * 2


def test_a_co_teacher_who_is_an_operator_reads_one_sentence(waits, away, mr_lind):
    away(days=30)
    User.objects.filter(pk=mr_lind.pk).update(is_staff=True)

    assert told(mr_lind) == [FOR_CO_TEACHERS]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_tell_once(waits, away, mr_lind):
    away(days=30)
    run_together(tell_of_absent_owners, tell_of_absent_owners)

    assert told(mr_lind) == [FOR_CO_TEACHERS]
