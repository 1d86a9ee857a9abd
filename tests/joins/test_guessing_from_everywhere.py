"""T18: Codes are guessed from a thousand networks. Where nobody has joined lately, the door is held; elsewhere not."""

import re

import pytest

from classroom.models import Membership
from joins.models import Guess, JoinRequest
from joins.tasks import look_up_guesses
from privacy.held import as_json
from privacy.models import Person
from tests.clock import time_passes
from tests.hooks import alerts, hooks
from tests.joins.guessing import HOME, SCHOOL, browser_at, join, sign_up, wrong_codes

pytestmark = pytest.mark.django_db
BY_HAND = "Many wrong Codes are being tried just now, so this one is looked at by hand. If it is right, your teacher "
BY_HAND += "is asked to let you in, and you will be told. You need not type it again."


def seen(page):
    """Status and page, without its token and what was typed."""
    return page.status_code, re.sub(r' value="\w+"', "", page.content.decode())


def test_at_home_a_right_code_gets_the_very_answer_of_a_wrong_one(pool_is_empty, amara, biology_code):
    """T18: status, length and text; nothing is looked up before the worker does."""
    right, wrong = (join(browser_at(HOME, amara), code) for code in (biology_code().code, *wrong_codes(1)))

    assert seen(right) == seen(wrong)
    assert len(right.content) == len(wrong.content)
    assert (right.status_code, alerts(right)) == (422, [BY_HAND])


def test_the_two_take_the_same_statements(pool_is_empty, amara, biology_code, django_assert_num_queries):
    """T18: so the time they take tells nothing."""
    browser = browser_at(HOME, amara)
    for code in (biology_code().code, *wrong_codes(1)):
        with django_assert_num_queries(6):
            join(browser, code)


def test_it_leads_to_the_queue_also_while_the_code_is_unlocked(
    pool_is_empty, sign_in, school, biology_code, amara, ms_okafor
):
    """T18: run twice or late, one request; the managers are told, and why it is there."""
    join(browser_at(HOME, amara), biology_code().code)
    assert not JoinRequest.objects.exists()

    look_up_guesses()
    look_up_guesses()

    asked = JoinRequest.objects.get()
    assert (asked.user, asked.status, asked.door, asked.quiet) == (amara, "pending", "code", True)
    assert not Membership.objects.filter(user=amara).exists()
    assert not Guess.objects.exclude(code="").exists()
    queue = sign_in(ms_okafor).get(f"{school.path}requests/").content.decode()
    assert "while Codes were being guessed: make sure who it is" in queue


def test_nothing_betrays_it_before_it_is_decided(pool_is_empty, school, biology_code, amara, ms_okafor):
    """T18: home page, its poll, Join URL, withdrawal, and the copy of one's data."""
    browser = browser_at(HOME, amara)
    before = [seen(browser.get(path)) for path in ("/", school.join_url.path)]
    join(browser, biology_code().code)
    join(browser, wrong_codes(1)[0])
    copies = [as_json(Person.objects.get(pk=amara.pk))]
    look_up_guesses()
    asked = JoinRequest.objects.get()

    assert [seen(browser.get(path)) for path in ("/", school.join_url.path)] == before
    assert browser.post(f"/requests/{asked.pk}/withdraw/").status_code == 404
    copies.append(as_json(Person.objects.get(pk=amara.pk)))
    assert copies[0] == copies[1]

    JoinRequest.objects.decide(school, [asked.pk], "approve", by=ms_okafor)
    assert Membership.objects.get(user=amara).classroom == school
    assert "You have been let in" in amara.notifications.get().text


def test_of_a_class_that_is_deleted_meanwhile_nothing_is_told(
    pool_is_empty, school, biology_code, amara, ms_okafor
):
    """T18"""
    join(browser_at(HOME, amara), biology_code().code)
    look_up_guesses()

    school.delete_class(by=ms_okafor)

    assert not amara.notifications.exists()


def test_who_asks_again_by_another_way_is_told_as_anybody(pool_is_empty, school, biology_code, amara):
    """T18, J8: and not that the Code was right."""
    browser = browser_at(HOME, amara)
    join(browser, biology_code().code)
    look_up_guesses()

    browser.post(school.join_url.path)

    page = browser.get("/")
    assert hooks(page, "data-pending") == [school.public_id]
    assert "with a Code that was locked" not in page.content.decode()
    assert JoinRequest.objects.get().door == "join-url"


def test_at_school_the_same_code_walks_in_meanwhile(pool_is_empty, school, biology_code, amara):
    """T18, T57, J8: and so does who has asked quietly."""
    join(browser_at(HOME, amara), biology_code().code)
    look_up_guesses()

    assert join(browser_at(SCHOOL, amara), biology_code().code)["Location"] == school.path
    assert JoinRequest.objects.get().status == "admitted"
    assert sign_up(browser_at(SCHOOL), biology_code().code).status_code == 302


def test_elsewhere_nobody_signs_up_with_a_code_and_right_and_wrong_answer_alike(pool_is_empty, biology_code):
    """T18: without a look-up; nothing is written."""
    before = Guess.objects.count()

    right, wrong = (sign_up(browser_at(HOME), code) for code in (biology_code().code, *wrong_codes(1)))

    assert seen(right) == seen(wrong)
    assert (right.status_code, right["Retry-After"], Guess.objects.count()) == (429, "600", before)
    assert "Signing up with a Code is paused here for a few minutes" in alerts(right)[0]


def test_a_try_whose_answer_is_withheld_counts_for_the_account_right_or_wrong(
    pool_is_empty, amara, biology_code
):
    """T18: otherwise the eleventh would tell."""
    for codes in ([biology_code().code] * 11, wrong_codes(11)):
        Guess.objects.filter(account=amara).delete()
        answers = [join(browser_at(HOME, amara), code) for code in codes]
        look_up_guesses()
        assert [answer.status_code for answer in answers] == [422] * 10 + [429]


def test_ten_minutes_later_it_is_as_before(pool_is_empty, biology_code, amara):
    """T18"""
    time_passes(minutes=10)

    assert join(browser_at(HOME, amara), biology_code().code).status_code == 302
