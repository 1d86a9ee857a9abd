"""Many wrong Codes at the same moment, on both databases."""

import pytest

from joins.models import Guess
from tests.factories import ClassroomFactory, StudentFactory
from tests.joins.guessing import (
    SCHOOL,
    browser_at,
    guessed_from_everywhere,
    join,
    sign_up,
    wrong_codes,
)
from tests.joins.races import run_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.threat("T22")]


@pytest.mark.parametrize("again", range(2))
def test_of_thirty_at_once_in_one_account_at_most_ten_learn_that_their_code_is_wrong(again):
    """From then on the right one is refused as well."""
    student, right = StudentFactory(), ClassroomFactory().join_codes.get().code
    browsers = [browser_at(f"192.0.2.{number}", student) for number in range(30)]

    answers = run_together(
        *[
            lambda browser=browser, code=code: join(browser, code).status_code
            for browser, code in zip(browsers, wrong_codes(30), strict=True)
        ]
    )

    assert answers.count(422) + answers.count(429) == 30
    assert answers.count(422) <= 10
    assert join(browsers[0], right).status_code == 429


def test_of_a_hundred_in_one_network_in_four_bursts_at_most_sixty_do():
    """Each burst can exceed the limit by as many as are under way at once."""
    answers = []
    for start in range(0, 100, 25):
        codes = wrong_codes(100)[start : start + 25]
        answers += run_together(
            *[lambda code=code: sign_up(browser_at(SCHOOL), code).status_code for code in codes]
        )

    assert answers.count(422) + answers.count(429) == 100
    assert answers.count(422) <= 60
    assert 60 <= Guess.objects.count() < 60 + 25


@pytest.mark.threat("T18")
def test_of_forty_at_once_from_as_many_networks_at_most_what_is_left_of_the_pool_learn():
    """290 wrong Codes are counted already. Ten more learn that theirs is wrong, and thirty learn nothing."""
    right = ClassroomFactory().join_codes.get().code
    guessed_from_everywhere(290)

    answers = run_together(
        *[
            lambda number=number, code=code: sign_up(browser_at(f"10.9.0.{number}"), code).status_code
            for number, code in enumerate(wrong_codes(41)[1:])
        ]
    )

    assert answers.count(422) + answers.count(429) == 40
    assert answers.count(422) <= 10
    assert sign_up(browser_at("10.9.1.1"), right).status_code == 429


@pytest.mark.threat("T17")
def test_thirty_who_join_at_once_write_one_row_of_their_class_and_network():
    classroom = ClassroomFactory()
    right = classroom.join_codes.get().code
    students = StudentFactory.create_batch(30)

    answers = run_together(
        *[
            lambda student=student: join(browser_at(SCHOOL, student), right)["Location"]
            for student in students
        ]
    )

    assert answers == [classroom.path] * 30
    assert classroom.networks.get().network == SCHOOL
