"""A manager moves a member to the queue until somebody has checked. An innocent child loses nothing by it."""

import pytest

from classroom.exceptions import NotAMember
from classroom.models import Event
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.acts.move_to_queue import move_to_queue
from tests.factories import MembershipFactory
from tests.hooks import alerts, hooks, page_text

pytestmark = pytest.mark.threat("T30")

TOLD = (
    "The teachers of Biology 9B are checking who belongs in it. You're back in the queue "
    "and don't have to do anything."
)


@pytest.fixture
def moved_to_queue(biology, ms_okafor, amara_joined):
    """Amara joined by Code, and Ms Okafor has moved her to the queue."""
    move_to_queue(biology, "amara", by=ms_okafor)
    return biology.join_requests.get()


@pytest.mark.rule("J9", "Q1")
def test_the_membership_ends_and_a_request_waits_in_its_place(moved_to_queue, biology, biology_code, amara):
    assert not biology.memberships.filter(user=amara).exists()
    assert list(biology.join_requests.queue()) == [moved_to_queue]
    assert (moved_to_queue.user, moved_to_queue.door, moved_to_queue.join_code) == (
        amara,
        "code",
        biology_code(),
    )


@pytest.mark.rule("J9")
def test_who_came_by_the_join_url_waits_by_it(biology, amara_waits, decide, ms_okafor):
    decide(ms_okafor, "approve", amara_waits)

    move_to_queue(biology, "amara", by=ms_okafor)

    again = biology.join_requests.pending().get()
    assert (again.door, again.join_code) == ("join-url", None)


@pytest.mark.rule("Q4")
def test_the_person_is_told_kindly_and_sees_it_on_my_classes(moved_to_queue, amara, sign_in):
    assert [told.sentence for told in amara.notifications.unread()] == [TOLD]
    page = page_text(sign_in(amara).get("/"))
    assert "Your teacher is checking who belongs in this class. You went back to the queue today at" in page
    assert "You asked to join" not in page


@pytest.mark.rule("Q8")
def test_the_history_tells_who_was_moved_to_queue_by_whom(
    moved_to_queue, biology, biology_code, amara, ms_okafor
):
    event = biology.events.get(kind=Event.Kind.MOVE_TO_QUEUE)
    assert (event.by, event.user, event.door, event.code) == (ms_okafor, amara, "code", biology_code().code)


def test_let_in_again_everything_is_as_before(
    moved_to_queue, biology, biology_code, amara, decide, ms_okafor
):
    decide(ms_okafor, "approve", moved_to_queue)

    place = biology.memberships.get(user=amara)
    assert (place.role, place.door, place.code) == ("member", "code", biology_code().code)


@pytest.mark.rule("J8", "Q3")
def test_the_unlocked_code_brings_nobody_back_who_is_moved_to_queue(
    moved_to_queue, biology, biology_code, amara
):
    """A manager has to decide first."""
    assert use_code(biology_code().code, by=amara).join_request == moved_to_queue
    assert not biology.memberships.filter(user=amara).exists()


@pytest.mark.parametrize("between", ["nothing", "the Join URL"])
def test_nor_who_withdraws_first(moved_to_queue, biology, biology_code, amara, between):
    """Cancelling is no way round it."""
    moved_to_queue.withdraw()
    if between == "the Join URL":
        ask_by_join_url(biology.join_url, by=amara)

    again = use_code(biology_code().code, by=amara).join_request

    assert again == biology.join_requests.pending().get() != moved_to_queue


@pytest.mark.rule("Q6")
def test_after_a_denial_the_unlocked_code_decides_as_ever(
    moved_to_queue, biology, biology_code, amara, decide, mr_lind
):
    decide(mr_lind, "deny", moved_to_queue)

    assert use_code(biology_code().code, by=amara).is_member


@pytest.mark.parametrize("username", ["okafor", "lind", "brandt", "nobody"])
def test_no_manager_and_no_stranger_is_moved_to_queue(biology, ms_okafor, mr_brandt, username):
    with pytest.raises(NotAMember):
        move_to_queue(biology, username, by=ms_okafor)
    assert (biology.memberships.count(), biology.join_requests.count()) == (2, 0)


def test_who_opened_the_class_and_handed_it_over_is_not_either(biology, ms_okafor, mr_lind):
    biology.transfer(by=ms_okafor, to=mr_lind)
    biology.memberships.get(user=ms_okafor).make_member(by=mr_lind)

    with pytest.raises(NotAMember):
        move_to_queue(biology, "okafor", by=mr_lind)


@pytest.mark.rule("Q1")
def test_the_queue_shows_it(moved_to_queue, sign_in, url, ms_okafor):
    page = sign_in(ms_okafor).get(url("requests/"))

    assert hooks(page, "data-door") == ["code"]
    assert "moved to the queue, joined by the Code" in page.content.decode()


def test_one_press_on_todays_page(biology, amara_joined, amara, url, okafors_browser):
    page = okafors_browser.post(url("members/amara/move-to-queue/"), follow=True)
    again = okafors_browser.post(url("members/amara/move-to-queue/"))

    assert page.redirect_chain == [(url("today/"), 302)]
    assert "Amara Toure is now waiting in the approval queue." in page.content.decode()
    assert (again.status_code, again.headers["Location"], alerts(again)) == (302, url("today/"), [])


def test_a_teacher_who_is_a_plain_member_is_moved_to_queue_like_a_student(biology, mr_brandt, ms_okafor):
    MembershipFactory(classroom=biology, user=mr_brandt)

    assert move_to_queue(biology, "brandt", by=ms_okafor) == mr_brandt
