"""Homeroom knows with which Code a student's account was created."""

import pytest

from accounts.models import User
from joins.models import SignUp
from tests.joins.test_sign_up_with_code import GRACE, URL

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T15", "T34")]


@pytest.fixture
def sign_up(client):
    return lambda code, **fields: client.post(URL, GRACE | {"code": code} | fields)


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


@pytest.mark.rule("K4")
def test_a_deleted_class_leaves_the_row_without_a_class(sign_up, biology, biology_code, ms_okafor):
    """So nobody can claim the account through a class that is gone."""
    sign_up(biology_code().code)
    biology.delete_class(by=ms_okafor)

    assert SignUp.objects.get().join_code.classroom is None
