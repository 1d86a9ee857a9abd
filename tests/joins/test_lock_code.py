"""A manager locks the Code, at once or at a chosen time."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from classroom.models import Event
from joins.acts.by_code import use_code
from joins.exceptions import BadMoment, CodeChanged, CodeLocked
from tests.clock import time_passes
from tests.hooks import alerts, hooks, page_text

pytestmark = pytest.mark.rule("K7")

SOON = timedelta(seconds=20)  # the time that a slow test run may take


def lock_events():
    return list(
        Event.objects.filter(kind__startswith="lock").order_by("pk").values_list("kind", "by__username")
    )


def local(moment):
    """As a datetime-local field sends it. The teachers live in UTC."""
    return f"{moment:%Y-%m-%dT%H:%M}"


@pytest.mark.rule("K9", "C2")
@pytest.mark.parametrize("person", ["ms_okafor", "mr_lind"])
def test_a_manager_locks_the_code(request, biology_code, person):
    by = request.getfixturevalue(person)
    biology_code().lock(by=by)

    code = biology_code()
    assert (code.state, code.locked_by) == ("locked", by)
    assert code.locked_at <= code.locks_at
    assert lock_events() == [("lock_code", by.username)]


@pytest.mark.rule("K5", "K6")
def test_what_the_clock_has_locked_stays_the_clocks(biology_code, ms_okafor):
    """Pressing Lock a second later changes nothing."""
    time_passes(weeks=2)
    biology_code().lock(by=ms_okafor)

    code = biology_code()
    assert (code.locked_by, code.locked_at) == (None, code.locks_at)
    assert lock_events() == [("lock_code", None)]


def test_a_code_locks_at_the_moment_that_was_chosen(biology, biology_code, ms_okafor, amara, leo):
    biology_code().lock_at(by=ms_okafor, until=timezone.now() + timedelta(minutes=45))

    time_passes(minutes=44)
    assert use_code(biology_code().code, by=amara).is_member
    time_passes(minutes=1)
    assert not use_code(biology_code().code, by=leo).is_member
    assert lock_events() == [("lock_code_at", "okafor"), ("lock_code", None)]


@pytest.mark.parametrize(
    ("away", "sentence"),
    [
        ({"minutes": -1}, "This moment has passed."),
        ({"seconds": -1}, "This moment has passed."),
        ({"weeks": 2, "minutes": 1}, "This is too far away."),
        ({"days": 3650}, "This is too far away."),
    ],
)
def test_a_moment_outside_the_two_weeks_is_refused(biology_code, ms_okafor, away, sentence):
    before = biology_code().locks_at

    with pytest.raises(BadMoment, match=sentence):
        biology_code().lock_at(by=ms_okafor, until=timezone.now() + timedelta(**away))
    assert (biology_code().locks_at, biology_code().state) == (before, "unlocked")


@pytest.mark.rule("J10")
@pytest.mark.parametrize("is_locked", [False, True])
@pytest.mark.parametrize(
    ("label", "away"),
    [("End of the lesson (45 minutes)", timedelta(minutes=45)), ("In a week", timedelta(weeks=1))],
)
def test_a_suggested_time_counts_from_the_press(
    biology, biology_code, ms_okafor, okafors_browser, label, away, is_locked
):
    """The page may have been opened long before the lesson, so its buttons name no moment."""
    if is_locked:
        biology_code().lock(by=ms_okafor)
    page = okafors_browser.get(biology.path).content.decode()
    [(name, value)] = re.findall(rf'name="(\w+)" value="([^"]*)">{re.escape(label)}', page)
    assert not re.search(r"\d", value)

    for _ in range(2):  # a second press changes nothing
        okafors_browser.post(f"{biology.path}code/{'unlock' if is_locked else 'lock-at'}/", {name: value})

    assert abs(biology_code().locks_at - timezone.now() - away) < timedelta(minutes=1) + SOON
    assert biology.events.filter(kind__in=["lock_code_at", "unlock_code"]).count() == 1


def test_an_unknown_suggestion_is_refused(biology, biology_code, okafors_browser):
    before = biology_code().locks_at
    answer = okafors_browser.post(f"{biology.path}code/lock-at/", {"choice": "yesterday"})
    assert (answer.status_code, biology_code().locks_at) == (422, before)


def test_a_moment_is_not_chosen_for_a_locked_code(locked_code, ms_okafor):
    with pytest.raises(CodeLocked):
        locked_code.lock_at(by=ms_okafor, until=timezone.now() + timedelta(hours=1))


@pytest.mark.rule("K8")
@pytest.mark.parametrize("act", ["lock", "unlock", "reset"])
def test_a_retired_code_stays_as_it_is(biology_code, ms_okafor, mr_lind, act):
    old = biology_code()
    old.reset(by=ms_okafor)
    current = biology_code()

    with pytest.raises(CodeChanged):
        getattr(old, act)(by=mr_lind)
    assert (biology_code(), biology_code().state) == (current, "unlocked")


@pytest.mark.rule("C2")
@pytest.mark.parametrize("htmx", [False, True])
def test_the_press_answers_with_the_door_as_it_is_now(sign_in, biology, ms_okafor, url, htmx):
    """Htmx gets the changed part, a plain form the class page."""
    headers = {"HX-Request": "true"} if htmx else {}
    page = sign_in(ms_okafor).post(url("code/lock/"), headers=headers, follow=True)

    assert page.redirect_chain == ([] if htmx else [(biology.path, 302)])
    assert hooks(page, "data-code-state") == ["locked"]
    assert "Ngozi Okafor locked it" in page_text(page)
    assert ("<html" in page.content.decode()) != htmx


def test_the_chosen_moment_is_read_in_the_time_zone_of_the_manager(sign_in, biology_code, ms_okafor, url):
    """Nine o'clock in Lagos is eight o'clock in UTC."""
    type(ms_okafor).objects.update(time_zone="Africa/Lagos")
    nine = (timezone.now() + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)

    sign_in(ms_okafor).post(url("code/lock-at/"), {"locks_at": local(nine)})

    assert biology_code().locks_at == nine.replace(hour=8)


@pytest.mark.parametrize("night", ["2027-03-28", "2027-10-31"])
def test_an_hour_that_the_clocks_skip_or_repeat_is_told(sign_in, biology_code, ms_okafor, url, night):
    """In Berlin it is never half past two in the one night, and twice in the other."""
    type(ms_okafor).objects.update(time_zone="Europe/Berlin")

    page = sign_in(ms_okafor).post(url("code/lock-at/"), {"locks_at": f"{night}T02:30"})

    assert page.status_code == 422
    assert alerts(page) == ["The clocks change at this hour. Choose a moment before or after it."]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose a day and a time."),
        ({"locks_at": "soon"}, "This is no day and time."),
        ({"locks_at": "2020-01-01T08:00"}, "This moment has passed."),
        ({"locks_at": "9999-12-31T23:59"}, "This is too far away."),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_bad_moment_is_told(sign_in, biology_code, ms_okafor, url, typed, sentence, htmx):
    before = biology_code().locks_at
    headers = {"HX-Request": "true"} if htmx else {}

    page = sign_in(ms_okafor).post(url("code/lock-at/"), typed, headers=headers)

    assert page.status_code == 422
    assert alerts(page)[0].startswith(sentence)
    assert biology_code().locks_at == before
