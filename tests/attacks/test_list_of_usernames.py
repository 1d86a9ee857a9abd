"""A teacher tries to list the usernames of a school, with Codes of their own and a browser that looks new each time."""

import pytest

from accounts.models import User
from classroom.models import Classroom
from joins.acts.ask import ask_by_join_url
from joins.models import JoinCode
from tests.factories import ClassroomFactory, StudentFactory
from tests.joins.guessing import SIGN_UP, browser_at, newcomer

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free, pytest.mark.threat("T54", "T11")]
ALREADY = "Somebody already has this username."
FEW = {"taken": "3/h/key,300/h/ip", "taken_early": "3/h/key,300/h/ip"}


def reset(classroom, owner):
    return JoinCode.objects.get_current(classroom).reset(by=owner).code


def another_class(classroom, owner):
    return JoinCode.objects.get_current(ClassroomFactory(by=owner)).code


@pytest.mark.parametrize("password", ["short", "plain words"], ids=["no account is created", "all is right"])
@pytest.mark.parametrize("new_code", [reset, another_class])
def test_a_new_code_gives_no_new_questions(biology, ms_okafor, amara, settings, new_code, password):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | FEW

    pages = [
        browser_at(f"198.51.100.{number}").post(
            SIGN_UP, newcomer("amara", new_code(biology, ms_okafor)) | {"password1": password}
        )
        for number in range(6)
    ]

    assert [ALREADY in page.content.decode() for page in pages] == [True] * 3 + [False] * 3


def lock(code, owner):
    code.lock(by=owner)


def crowd(code, owner):
    """The next one to join would lock the Code."""
    Classroom.objects.update(expected_size=0)


@pytest.mark.parametrize("shut", [lock, crowd])
def test_a_full_queue_creates_no_account_and_does_not_tell_which_usernames_are_taken(
    biology, biology_code, ms_okafor, amara, settings, shut
):
    """Otherwise a teacher who fills their own queue could ask for all names, and no account would show it."""
    settings.MOST_PENDING_IN_CLASS = 1
    ask_by_join_url(biology.join_url, by=StudentFactory())
    shut(biology_code(), ms_okafor)

    for username in ("amara", "nobody"):
        page = browser_at("198.51.100.1").post(SIGN_UP, newcomer(username, biology_code().code))
        assert list(page.context["form"].errors) == ["code"]
        assert "Biology 9B" not in page.content.decode()

    assert not User.objects.filter(username="nobody").exists()
