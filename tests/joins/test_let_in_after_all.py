"""Who was told no is let in after all, from the list of recent decisions (Q9)."""

import re

import pytest

from classroom.models import Membership
from joins.acts import undo
from joins.acts.by_code import use_code
from tests.clock import time_passes
from tests.hooks import alerts, hooks, page_text

pytestmark = pytest.mark.rule("Q9")


@pytest.mark.rule("Q8")
@pytest.mark.parametrize("decision", ["deny", "keep-out"])
@pytest.mark.parametrize("days", [0, 20])
def test_let_in_after_all_makes_them_a_member_by_one_press(
    decided, press_about, biology, amara, mr_lind, decision, days
):
    join_request = decided(decision)
    time_passes(days=days)

    answer = press_about(mr_lind, "let-in", join_request, follow=True)

    assert "Amara Toure is in." in page_text(answer)
    join_request.refresh_from_db()
    assert (join_request.status, join_request.decided_by) == ("approved", mr_lind)
    place = biology.memberships.get(user=amara)
    assert (place.role, place.door) == ("member", "join-url")
    assert not biology.kept_out.exists()
    assert amara.notifications.get().sentence == "You've been let in. You're in Biology 9B now."
    assert biology.events.filter(kind="approve_request").get().by == mr_lind


def test_a_no_that_was_read_stays_among_the_notifications(decided, amara, ms_okafor):
    join_request = decided("deny")
    amara.notifications.mark_read()
    undo.let_in_after_all(join_request, by=ms_okafor)

    assert amara.notifications.count() == 2


@pytest.mark.rule("J10")
def test_let_in_after_all_pressed_twice_is_pressed_once(decided, press_about, biology, amara, ms_okafor):
    join_request = decided("deny")
    first, second = [press_about(ms_okafor, "let-in", join_request, follow=True) for _ in range(2)]

    assert (
        hooks(first, "data-undo") == hooks(second, "data-undo") == [str(join_request.pk)]
    )  # in the row alone
    assert alerts(second) == []
    assert amara.notifications.count() == biology.events.filter(kind="approve_request").count() == 1


@pytest.mark.rule("Q3")
def test_the_second_manager_to_let_in_is_told_who_did(decided, press_about, ms_okafor, mr_lind):
    join_request = decided("deny")
    undo.let_in_after_all(join_request, by=ms_okafor)
    answer = press_about(mr_lind, "let-in", join_request)

    assert answer.status_code == 409
    assert alerts(answer)[0].startswith("Amara Toure was let in by Ngozi Okafor on ")


@pytest.mark.rule("Q3")
def test_on_an_older_page_a_colleague_s_later_no_stands(
    decided, decide, press_about, sign_in, url, biology, amara, ms_okafor, mr_lind
):
    """Mr Lind has undone the no and has blocked Amara. The page offered to let in somebody who isn't blocked."""
    join_request = decided("deny")
    page = sign_in(ms_okafor).get(url("requests/decided/")).content.decode()
    form = re.search(r'<form method="post" action="[^"]*/let-in/.*?</form>', page, re.DOTALL)[0]
    fields = dict(re.findall(r'name="(event|lines)" value="([^"]+)"', form))
    undo.undo(join_request, by=mr_lind)
    decide(mr_lind, "keep-out", join_request)

    answer = press_about(ms_okafor, "let-in", join_request, fields)

    assert answer.status_code == 409
    assert alerts(answer)[0].startswith("Jonas Lind said no to Amara Toure on ")
    assert biology.kept_out.get().user == amara


def test_letting_in_after_all_can_be_undone_too(decided, biology, ms_okafor, mr_lind):
    join_request = decided("deny")
    time_passes(days=3)
    undo.let_in_after_all(join_request, by=ms_okafor)
    undo.undo(join_request, by=mr_lind)

    join_request.refresh_from_db()
    assert join_request.status == "pending"
    assert not Membership.objects.filter(classroom=biology, role="member").exists()


def test_recent_decisions_can_be_undone_or_changed(sign_in, url, decided, decide, leo_waits, ms_okafor):
    """Undo for ten minutes; after a no, "Let in after all" as long as it stands."""
    decided("deny")
    decide(ms_okafor, "approve", leo_waits)
    browser = sign_in(ms_okafor)
    page = browser.get(url("requests/decided/"))
    assert hooks(page, "data-decided") == hooks(page, "data-undo")
    assert len(hooks(page, "data-decided")) == 2
    assert page_text(page).count("Let in after all") == 1

    time_passes(minutes=11)
    page = browser.get(url("requests/decided/"))
    assert hooks(page, "data-undo") == []
    assert page_text(page).count("Let in after all") == 1


@pytest.mark.rule("Q9")
def test_what_one_press_decided_is_one_line_with_its_undo_for_ten_minutes(
    sign_in, url, decide, amara_waits, leo_waits, fill_queue, ms_okafor, mr_lind
):
    """Only for the manager who pressed. Those decided alone have lines of their own; those who wait again have none."""
    [alone, *_] = asked = fill_queue(2)
    decide(mr_lind, "deny", alone)
    decide(ms_okafor, "deny", amara_waits, leo_waits, asked[1])
    undo.undo(asked[1], by=mr_lind)
    assert "Undo all" not in page_text(sign_in(mr_lind).get(url("requests/decided/")))
    browser = sign_in(ms_okafor)
    page = browser.get(url("requests/decided/"))
    assert "2 people Amara Toure, Leo Park Ngozi Okafor said no just now Undo all" in page_text(page)
    assert hooks(page, "data-decided") == [str(one.pk) for one in (leo_waits, amara_waits, alone)]

    [form] = re.findall(r"<form[^>]*data-undo-all[^>]*>.*?</form>", page.content.decode(), re.DOTALL)
    fields = dict(re.findall(r'name="(first|last)" value="(\d+)"', form))
    after = browser.post(url("requests/undo/"), fields, follow=True)
    assert "are waiting again: Amara Toure, Leo Park" in page_text(after)

    decide(ms_okafor, "deny", amara_waits, leo_waits)
    time_passes(minutes=11)
    assert "Undo all" not in page_text(browser.get(url("requests/decided/")))


@pytest.mark.rule("J10")
@pytest.mark.parametrize("act", ["undo", "let-in"])
def test_what_is_refused_on_recent_decisions_is_told_there(decided, press_about, ms_okafor, mr_lind, act):
    """In the queue, "Block" of somebody who waits would be where the button was."""
    join_request = decided("deny")
    undo.undo(join_request, by=mr_lind)

    answer = press_about(ms_okafor, act, join_request, {"lines": str(join_request.pk)})

    assert answer.status_code == 409
    assert "Recent decisions" in page_text(answer)
    assert len(alerts(answer)) == 1


def test_recent_decisions_offer_nothing_for_somebody_who_has_moved_since(
    sign_in, url, decided, biology_code, amara, ms_okafor
):
    decided("deny")
    use_code(biology_code().code, by=amara)
    page = sign_in(ms_okafor).get(url("requests/decided/"))

    assert hooks(page, "data-username") == ["amara"]
    assert "Let in after all" not in page_text(page)
    assert hooks(page, "data-undo") == []


@pytest.mark.rule("Q7")
@pytest.mark.parametrize(
    ("decision", "told", "button"),
    [
        ("deny", "said no", "Let in after all"),
        ("keep-out", "said no and blocked them", "Unblock and let in"),
    ],
)
def test_the_list_says_who_is_blocked_before_the_press_ends_it(
    decided, sign_in, url, ms_okafor, decision, told, button
):
    decided(decision)

    seen = page_text(sign_in(ms_okafor).get(url("requests/decided/")))

    assert f"Ngozi Okafor {told} just now" in seen
    assert button in seen
