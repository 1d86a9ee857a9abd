import pytest
from django.conf import settings

from classroom.models import Membership
from joins.exceptions import UnknownCode
from joins.models import JoinCode, JoinRequest
from tests.clock import time_passes


def test_an_unlocked_code_lets_a_student_walk_in(biology, biology_code, amara):
    """J1"""
    assert JoinCode.objects.redeem(biology_code().code, by=amara) == biology

    membership = Membership.objects.get(user=amara)
    assert (membership.role, membership.door, membership.code) == ("member", "code", biology_code().code)


def test_a_code_used_one_second_after_its_moment_is_locked(biology, biology_code, amara):
    """K5: the clock alone, with no job run."""
    time_passes(seconds=settings.CODE_UNLOCKED_FOR.total_seconds() + 1)

    asked = JoinCode.objects.redeem(biology_code().code, by=amara)

    assert (asked.status, asked.door) == ("pending", "code")
    assert not biology.memberships.filter(user=amara).exists()


def test_a_locked_code_only_knocks_until_it_is_unlocked(biology, biology_code, amara, leo, ms_okafor):
    code = biology_code().code
    biology_code().lock(by=ms_okafor)

    assert isinstance(JoinCode.objects.redeem(code, by=amara), JoinRequest)
    biology_code().unlock(by=ms_okafor)
    assert biology_code().code == code
    assert JoinCode.objects.redeem(code, by=leo) == biology
    assert JoinRequest.objects.get(user=amara).status == "pending"
    assert JoinCode.objects.redeem(code, by=amara) == biology
    assert JoinRequest.objects.get(user=amara).status == "admitted"


def test_a_reset_code_is_dead(biology, biology_code, amara, ms_okafor):
    """K8"""
    old = biology_code().code
    biology_code().reset(by=ms_okafor)

    with pytest.raises(UnknownCode):
        JoinCode.objects.redeem(old, by=amara)
    assert biology_code().state == "unlocked"


def test_the_sweep_stamps_each_code_once(biology, biology_code, ms_okafor, mr_lind):
    """K6"""
    time_passes(days=20)

    assert [JoinCode.objects.lock_due(), JoinCode.objects.lock_due()] == [1, 0]

    assert biology_code().locked_at == biology_code().locks_at
    assert [ms_okafor.notifications.count(), mr_lind.notifications.count()] == [1, 1]
