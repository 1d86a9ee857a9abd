"""The first three weeks of a class: a teacher, a co-teacher, three students and a stranger.

The sentence in quotation marks is the promise that each step shows to be true.
"""

from types import SimpleNamespace

import pytest
from django.core import mail
from playwright.sync_api import expect

from tests.browser.hands import (
    code_on,
    follow,
    is_refused,
    press,
    sees,
    sees_the_code,
    sees_the_pop_up,
    write,
)
from tests.browser.weeks import (
    AMARA,
    GRACE,
    MR_BRANDT,
    notifications,
    queue_of,
    the_worker_runs,
    use_code,
    use_join_url,
)
from tests.clock import time_passes

pytestmark = pytest.mark.browser


@pytest.fixture
def school(open_browser, ms_okafor, mr_lind, leo):
    """The accounts on day 1: two teachers and Leo. Everybody has their own browser."""
    with_account = {"okafor": ms_okafor, "lind": mr_lind, "leo": leo}
    with_account |= dict.fromkeys(["amara", "grace", "stranger"])
    return SimpleNamespace(**{name: open_browser(user) for name, user in with_account.items()})


def test_the_first_three_weeks_of_a_class(school):
    day_1_the_class_is_made(school)
    day_1_the_code_on_the_whiteboard(school)
    day_2_a_co_teacher(school)
    time_passes(days=11, hours=1)
    day_12_the_warning(school)
    time_passes(days=14, seconds=1)
    day_26_the_code_has_locked_itself(school)
    day_26_a_stranger_at_the_join_url(school)
    day_26_managers_are_notified(school)
    day_26_the_co_teacher_answers(school)
    time_passes(days=1)
    day_27_a_new_code(school)
    day_27_the_end_of_the_club(school)


def day_1_the_class_is_made(school):
    """ "Both Class/Group Codes and Join URLs can be used to join Classes/Groups" """
    school.okafor.goto("/classes/new/")
    write(school.okafor, {"Name": "Biology 9B"})
    press(school.okafor, "Create it")
    sees(school.okafor, "Private: for your class only", "Public: post it anywhere")
    school.code = code_on(school.okafor)
    school.join_url = school.okafor.locator("[data-join-url]").inner_text()
    school.biology = school.okafor.url


def day_1_the_code_on_the_whiteboard(school):
    """ "Codes, when unlocked, allow users to join without needing approval."
    "Codes can be used to register for a new Student account."
    """
    use_code(school.leo, school.code)
    is_in_the_class(school.leo)

    use_code(school.amara, school.code)
    write(school.amara, AMARA)
    press(school.amara, "Create my account")
    is_in_the_class(school.amara)
    school.amara.goto(school.biology)
    sees(school.amara, "Leo P.")  # A6
    expect(school.amara.get_by_text(school.code)).to_have_count(0)


def is_in_the_class(page):
    sees(page, "You're in Biology 9B.")


def day_2_a_co_teacher(school):
    """Mr Lind joins by the Code as a teacher; the owner makes him co-teacher (C2, C3)."""
    use_code(school.lind, school.code)
    is_in_the_class(school.lind)
    school.okafor.goto(f"{school.biology}members/")
    school.okafor.locator("tr", has_text="Lind").locator("summary").click()
    school.okafor.get_by_role("link", name="Make co-teacher").click()
    press(school.okafor, "Make co-teacher")
    sees(school.okafor, "Jonas Lind is now a co-teacher.")


def day_12_the_warning(school):
    """As promised: "you can easily unlock the Code at any time". One press, and two more weeks begin (K11)."""
    the_worker_runs()
    notifications(school.okafor)
    school.okafor.get_by_role("button", name="The Code of Biology 9B locks on").click()
    sees(school.okafor, "in 3 days")
    press(school.okafor, "Keep open two more weeks")
    sees(school.okafor, "in 14 days")
    assert code_on(school.okafor) == school.code


def day_26_the_code_has_locked_itself(school):
    """ "Codes lock automatically after two weeks ... After a Code has been locked, it can still be used to join.
    However, when a member uses a locked Code, they will be placed in an approval queue"

    No task has run: the clock alone locks (K5).
    """
    school.okafor.goto(school.biology)
    sees_the_code(school.okafor, "locked")
    sees(school.okafor, "It locked automatically")

    use_code(school.grace, school.code)
    write(school.grace, GRACE)
    press(school.grace, "Create my account")
    sees_the_pop_up(school.grace, "Biology 9B")
    expect(school.grace.locator("[data-pending]")).to_contain_text("with a Code that was locked")


def day_26_a_stranger_at_the_join_url(school):
    """ "Join URLs always requires the owner's approval."
    "they will see a pop-up that says they have requested to join the Class/Group"
    """
    use_join_url(school.stranger, school.join_url)
    school.stranger.goto("/accounts/signup/teacher/")
    write(school.stranger, MR_BRANDT)
    press(school.stranger, "Create my account")
    sees_the_pop_up(school.stranger, "Biology 9B")
    # Nobody outside sees whether the class exists (C2).
    assert school.stranger.goto(school.biology).status == 404


def day_26_managers_are_notified(school):
    """ "the Class/Group owner will receive a notification of the join request" """
    for page in (school.okafor, school.lind):
        page.goto("/")
        expect(page.locator("[data-waiting]")).to_have_attribute("data-waiting", "2")
        sees(notifications(page), "2 people ask to join Biology 9B (Grace T. and Felix B.).")
        sees(page, "The Code of Biology 9B has locked.")
    time_passes(minutes=16)
    the_worker_runs()
    told = [letter for letter in mail.outbox if "(Grace T. and Felix B.)" in letter.body]
    assert {letter.to[0] for letter in told} == {"okafor@school.example", "lind@school.example"}


def day_26_the_co_teacher_answers(school):
    """ "must wait for the Owner or a Co-teacher to approve the join request" """
    waits = queue_of(school.lind, school.biology)
    waits("grace").get_by_role("button", name="Let in").click()
    sees(school.lind, "Grace Tan is in.")
    school.lind.get_by_role("button", name="Block Felix Brandt").click()
    sees(school.lind, "Said no to Felix Brandt and blocked them.")

    school.grace.goto("/")
    follow(school.grace, "Biology 9B")
    sees(school.grace, "Members")
    school.stranger.goto(school.join_url)
    sees(school.stranger, "You can't join this class right now.")  # said before the press (Q7, J8)


def day_27_a_new_code(school):
    """ "Resetting the Code will render the old Code inactive and students will no longer be able to join the
    Class/Group using an old Code." "Join URLs always stay the same."
    """
    school.okafor.goto(f"{school.biology}code/reset/")
    press(school.okafor, "Reset the Code")
    sees(school.okafor, "The Code is reset")
    assert code_on(school.okafor) != school.code
    expect(school.okafor.locator("[data-join-url]")).to_have_text(school.join_url)
    use_code(school.stranger, school.code)
    is_refused(school.stranger, "No open class has this Code.")
    sees(open_history(school), school.code, "locked automatically on", "3 joined", "Retired")


def open_history(school):
    school.okafor.goto(f"{school.biology}history/")
    return school.okafor.get_by_role("main")


def day_27_the_end_of_the_club(school):
    """The class is archived: nobody can join, and members may still read (C4)."""
    school.okafor.goto(f"{school.biology}archive/")
    press(school.okafor, "Archive")
    sees(school.okafor, "Biology 9B is archived.")

    school.grace.goto(school.biology)
    sees(school.grace, "Members can still read it,", "Amara T.")
    school.stranger.goto(school.join_url)
    # A blocked person learns no more than that (Q7).
    sees(school.stranger, "You can't join this class right now.")
