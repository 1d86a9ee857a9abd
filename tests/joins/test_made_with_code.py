"""Homeroom knows with which Code a student's account was created."""

import pytest

from accounts.models import User
from joins.models import SignUp
from tests.joins.test_sign_up_with_code import GRACE, UNKNOWN_CODE, URL

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T15", "T34")]


@pytest.fixture
def sign_up(client):
    return lambda code, **fields: client.post(URL, GRACE | {"code": code} | fields)


@pytest.mark.rule("A3")
def test_an_unlocked_code_is_kept_with_the_account_it_made(sign_up, biology, biology_code):
    sign_up(biology_code().code)

    grace = User.objects.get(username="grace")
    assert (grace.sign_up.join_code, grace.sign_up.join_code.classroom) == (biology_code(), biology)
    assert grace.sign_up.at is not None


@pytest.mark.rule("A3", "J2")
def test_so_is_a_locked_one(sign_up, locked_code):
    """Even though the person only waits."""
    sign_up(locked_code.code)

    assert SignUp.objects.get(user__username="grace").join_code == locked_code


@pytest.mark.rule("A5", "K4")
def test_the_code_stays_the_one_that_made_it_through_resets_and_other_classes(
    sign_up, client, biology_code, physics_code, ms_okafor
):
    first = biology_code()
    sign_up(first.code)
    first.reset(by=ms_okafor)
    client.post("/join/", {"code": physics_code().code})

    grace = User.objects.get(username="grace")
    assert grace.memberships.count() == 2
    assert grace.sign_up.join_code == first


@pytest.mark.rule("A3")
def test_no_account_no_row(sign_up, biology):
    assert sign_up(UNKNOWN_CODE).status_code == 422
    assert not SignUp.objects.exists()


@pytest.mark.rule("K4")
def test_a_deleted_class_leaves_the_row_without_a_class(sign_up, biology, biology_code, ms_okafor):
    """So nobody can claim the account through a class that is gone."""
    sign_up(biology_code().code)
    biology.delete_class(by=ms_okafor)

    assert SignUp.objects.get().join_code.classroom is None
