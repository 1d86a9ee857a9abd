"""The clock of the web server's machine is wrong by a month. Only the database's clock decides and suggests times."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import SignUp
from joins.times import lock_choices
from tests.clock import time_passes
from tests.factories import StudentFactory
from tests.hooks import page_text

pytestmark = [pytest.mark.django_db, pytest.mark.fault("F21")]

A_MONTH = timedelta(days=30)


@pytest.fixture(params=[-A_MONTH, A_MONTH], ids=["behind", "ahead"])
def wrong_clock(request):
    with time_machine.travel(timezone.now() + request.param):
        yield


@pytest.mark.rule("K5")
def test_an_unlocked_code_lets_in_and_one_whose_moment_has_come_does_not(
    wrong_clock, sign_in, biology, biology_code, amara, leo
):
    assert sign_in(amara).post("/join/", {"code": biology_code().code})["Location"] == biology.path
    time_passes(days=14)

    assert sign_in(leo).post("/join/", {"code": biology_code().code})["Location"] == "/"


@pytest.mark.rule("K7")
def test_the_moments_that_the_door_proposes_are_taken(wrong_clock, biology, biology_code, okafors_browser):
    proposed = re.findall(
        r'name="choice" value="([^"]+)"', okafors_browser.get(biology.path).content.decode()
    )

    for choice in proposed:
        biology_code().unlock(by=biology.owner, restarts=True)
        okafors_browser.post(f"{biology.path}code/lock-at/", {"choice": choice})
        _, moment = lock_choices(biology.now())[choice]
        assert abs(biology_code().locks_at - moment) <= timedelta(minutes=1)
    assert len(proposed) >= 2


@pytest.mark.threat("T30")
def test_the_page_about_a_leak_begins_with_the_hour_in_which_people_joined(
    wrong_clock, biology, biology_code, amara, okafors_browser
):
    """Nobody stays in because a machine's clock is ahead."""
    use_code(biology_code().code, by=amara)

    page = page_text(okafors_browser.get(f"{biology.path}code/leaked/"))

    assert "Nobody stays · 1 goes to the queue" in page


@pytest.mark.threat("T34")
def test_what_accounts_made_today_share_is_no_more(physics, join_url, physics_code, mr_brandt, wrong_clock):
    physics.edit(by=mr_brandt, expected_size=1)
    students = StudentFactory.create_batch(4)
    for student in students:
        SignUp.objects.create(user=student, join_code=physics_code())

    folded = [ask_by_join_url(join_url, by=student).over_quota for student in students]

    assert folded == [False, False, False, True]
