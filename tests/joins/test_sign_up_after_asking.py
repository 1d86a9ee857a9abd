"""A Join URL creates no account. What the person wanted is kept until a Code has created one."""

import pytest

from accounts.models import User
from classroom.models import Membership
from tests.hooks import page_text, pop_ups
from tests.joins.test_sign_up_with_code import GRACE
from tests.joins.test_whose_wish import STUDENT, asked_by
from tests.joins.test_wish import SENTENCE

pytestmark = [pytest.mark.django_db, pytest.mark.rule("J7")]


def test_a_student_without_an_account_is_told_kindly_that_a_code_is_needed(client, asked_at_join_url):
    """The page of the Join URL has named the class already, so this one may name it too."""
    page = page_text(client.get(STUDENT))

    assert "You're asking to join Biology 9B." in page
    assert "you also need a class Code" in page


@pytest.mark.rule("J1")
def test_with_the_unlocked_code_of_the_same_class_the_code_decides(
    client, asked_at_join_url, biology, biology_code
):
    page = client.post(STUDENT, GRACE | {"code": biology_code().code}, follow=True)

    assert page.redirect_chain == [(biology.path, 302)]
    assert Membership.objects.get(user__username="grace").door == "code"
    assert (asked_by(), pop_ups(page)) == ([], [])


@pytest.mark.rule("J2")
def test_with_the_locked_code_of_the_same_class_there_is_one_request_and_one_pop_up(
    client, asked_at_join_url, locked_code
):
    page = client.post(STUDENT, GRACE | {"code": locked_code.code}, follow=True)

    assert asked_by() == [("grace", "code", "pending")]
    assert len(pop_ups(page)) == 1


def test_with_the_code_of_another_class_both_wishes_come_true(
    client, asked_at_join_url, physics, physics_code
):
    page = client.post(STUDENT, GRACE | {"code": physics_code().code}, follow=True)

    assert page.redirect_chain == [(physics.path, 302)]
    assert Membership.objects.get(user__username="grace").classroom == physics
    assert asked_by() == [("grace", "join-url", "pending")]
    assert pop_ups(page) == [SENTENCE]


@pytest.mark.rule("A3")
def test_a_bad_code_keeps_the_wish_for_the_next_try(client, asked_at_join_url, biology_code, physics_code):
    client.post(STUDENT, GRACE | {"code": "BDK"})
    assert User.objects.filter(username="grace").count() == 0

    client.post(STUDENT, GRACE | {"code": physics_code().code})
    assert asked_by() == [("grace", "join-url", "pending")]
