"""Unlocking opens the same Code again, and does not let in anyone who is waiting."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Notification
from joins.acts import clock
from joins.acts.by_code import use_code
from joins.exceptions import CodeChanged
from joins.models import JoinCode, JoinRequest
from tests.clock import time_passes
from tests.hooks import alerts, hooks

pytestmark = pytest.mark.rule("K7")

SOON = timedelta(seconds=20)  # the time that a slow test run may take


def test_the_same_code_walks_in_again(biology, locked_code, biology_code, mr_lind, leo):
    time_passes(days=3)
    locked_code.unlock(by=mr_lind)

    code = biology_code()
    assert (code.code, code.state, code.locked_at, code.locked_by) == (
        locked_code.code,
        "unlocked",
        None,
        None,
    )
    assert timedelta(0) <= timezone.now() + timedelta(weeks=2) - code.locks_at < SOON
    assert use_code(code.code, by=leo).is_member


def test_on_an_unlocked_code_the_two_weeks_start_anew(biology_code, ms_okafor):
    time_passes(days=13)
    before = biology_code().locks_at

    biology_code().unlock(by=ms_okafor)

    assert timedelta(days=13) <= biology_code().locks_at - before < timedelta(days=13) + SOON


@pytest.mark.rule("K11")
def test_it_can_be_for_less_than_two_weeks(locked_code, biology_code, ms_okafor):
    """For example until the end of the lesson. So short a time needs no warning."""
    until = timezone.now() + timedelta(minutes=45)
    locked_code.unlock(by=ms_okafor, until=until)

    assert (biology_code().state, biology_code().locks_at) == ("unlocked", until)
    assert clock.warn_before_lock() == 0


@pytest.mark.rule("J10")
def test_choosing_another_time_right_after_unlocking_is_another_act(biology, locked_code, ms_okafor):
    locked_code.unlock(by=ms_okafor)
    locked_code.unlock(by=ms_okafor, until=timezone.now() + timedelta(hours=1))

    assert biology.events.filter(kind="unlock_code").count() == 2


def test_a_moment_one_minute_after_the_chosen_one_counts(biology_code, ms_okafor, mr_lind):
    first = timezone.now() + timedelta(hours=1)
    biology_code().unlock(by=ms_okafor, until=first)
    biology_code().unlock(by=mr_lind, until=first + timedelta(minutes=1))
    assert biology_code().locks_at == first + timedelta(minutes=1)


def test_unlocking_approves_nobody_who_waits(biology, locked_code, ms_okafor, amara):
    join_request = use_code(locked_code.code, by=amara).join_request
    told = Notification.objects.count()

    locked_code.unlock(by=ms_okafor)

    join_request.refresh_from_db()
    assert join_request.status == "pending"
    assert not biology.memberships.filter(user=amara).exists()
    assert Notification.objects.count() == told


@pytest.mark.rule("K6", "K9")
def test_what_the_clock_locked_before_the_unlocking_is_in_the_history(biology, biology_code, ms_okafor):
    """Even if no task has run in between."""
    time_passes(weeks=3)
    biology_code().unlock(by=ms_okafor)

    acts = biology.events.exclude(kind="open_class").order_by("at", "pk").values_list("kind", "by__username")
    assert list(acts) == [("lock_code", None), ("unlock_code", "okafor")]
    assert clock.lock_due() == 0


@pytest.mark.parametrize("htmx", [False, True])
def test_the_press_answers_with_the_door_as_it_is_now(sign_in, locked_code, biology, ms_okafor, url, htmx):
    headers = {"HX-Request": "true"} if htmx else {}
    page = sign_in(ms_okafor).post(url("code/unlock/"), headers=headers, follow=True)

    assert page.redirect_chain == ([] if htmx else [(biology.path, 302)])
    assert hooks(page, "data-code-state") == ["unlocked"]
    assert hooks(page, "data-code") == [locked_code.code]


def test_a_bad_moment_is_told_and_the_code_stays_locked(sign_in, locked_code, biology_code, ms_okafor, url):
    page = sign_in(ms_okafor).post(url("code/unlock/"), {"locks_at": "2020-01-01T08:00"})

    assert (page.status_code, biology_code().state) == (422, "locked")
    assert alerts(page) == ["This moment has passed. Choose a later one."]
    assert 'value="2020-01-01T08:00"' in page.content.decode()  # nobody types it again


@pytest.mark.rule("K8")
def test_a_stale_page_of_a_reset_code_unlocks_the_new_one(sign_in, biology_code, ms_okafor, url):
    """The press means the class's current Code, whichever that is. The retired one stays dead."""
    old = biology_code()
    new = old.reset(by=ms_okafor)
    sign_in(ms_okafor).post(url("code/unlock/"))

    assert list(JoinCode.objects.unlocked()) == [new]
    assert not JoinRequest.objects.exists()


@pytest.fixture
def form_of_restart(okafors_browser, biology):
    """What "Restart the two weeks" sends, from a page that shows the unlocked Code."""
    page = okafors_browser.get(biology.path).content.decode()
    [form] = [form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if "Restart" in form]
    return dict(re.findall(r'name="(join_code|restarts)" value="([^"]*)"', form))


@pytest.mark.rule("Q3", "J10")
def test_restart_opens_no_code_that_a_colleague_has_locked(
    okafors_browser, biology_code, form_of_restart, mr_lind, url
):
    biology_code().lock(by=mr_lind)

    page = okafors_browser.post(url("code/unlock/"), form_of_restart)

    assert (page.status_code, biology_code().state) == (409, "locked")
    assert alerts(page) == ["The Code is locked. Unlock it first."]


def test_restart_opens_a_code_that_the_clock_has_just_locked(
    okafors_browser, biology_code, form_of_restart, url
):
    time_passes(days=15)

    okafors_browser.post(url("code/unlock/"), form_of_restart)

    assert biology_code().state == "unlocked"


@pytest.mark.rule("K8", "J10")
@pytest.mark.parametrize("act", ["unlock", "lock-at"])
def test_a_press_about_a_code_acts_on_no_newer_one(
    okafors_browser, biology_code, form_of_restart, mr_lind, url, act
):
    """After a leak the new Code is locked, and a colleague has read that it is."""
    fresh = biology_code().reset(by=mr_lind)
    fresh.lock(by=mr_lind)

    until = {"locks_at": f"{timezone.now() + timedelta(days=1):%Y-%m-%dT%H:%M}"}
    page = okafors_browser.post(url(f"code/{act}/"), form_of_restart | until)

    assert (page.status_code, biology_code().state) == (409, "locked")
    assert alerts(page) == [CodeChanged.message]
