"""A Code that a crowd uses locks itself. Later ones have to ask, and nobody is turned away."""

import pytest

from accounts.models import Digest
from classroom.models import Event
from joins import sentences
from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinCode
from privacy.models import Person
from tests.clock import time_passes
from tests.factories import ClassroomFactory, StudentFactory
from tests.hooks import hooks

pytestmark = pytest.mark.django_db
TOLD = (
    "More people joined Chess club than you expected, so its Code has locked. "
    "Until you unlock it, everyone who uses it has to ask you."
)


@pytest.fixture
def chess(ms_okafor):
    """The chess club expects four, so six can join."""
    return ClassroomFactory(name="Chess club", by=ms_okafor, expected_size=4)


@pytest.fixture
def join_by_code(chess):
    """join_by_code(6) -> for each of six more students who use the chess club's Code, whether they are in."""

    def join(how_many):
        code = JoinCode.objects.get_current(chess).code
        return [use_code(code, by=StudentFactory()).is_member for _ in range(how_many)]

    return join


def code_of(classroom):
    return JoinCode.objects.get_current(classroom)


@pytest.mark.rule("J1", "J2")
@pytest.mark.threat("T30", "T82")
def test_half_as_many_again_join_and_whoever_comes_next_asks_to_join(join_by_code, chess):
    *six, seventh, eighth = join_by_code(8)

    assert six == [True] * 6
    assert [seventh, eighth] == [False] * 2
    assert (code_of(chess).state, chess.memberships.plain().count()) == ("locked", 6)


@pytest.mark.parametrize(("expected", "most"), [(1, 2), (2, 3), (3, 5), (4, 6), (40, 60)])
def test_half_as_many_again_of_so_many(expected, most):
    assert ClassroomFactory._meta.model(expected_size=expected).most_members == most


def test_exactly_as_many_as_allowed_leave_it_unlocked(join_by_code, chess):
    join_by_code(6)

    assert code_of(chess).state == "unlocked"


@pytest.mark.rule("Q5", "N1")
@pytest.mark.threat("T35")
def test_the_managers_are_told_once_with_the_way_to_who_came(join_by_code, chess, ms_okafor):
    """The notification links to the people who joined, and is mailed at once."""
    join_by_code(8)

    told = ms_okafor.notifications.filter(kind=sentences.CODE_CROWDED)
    assert [one.sentence for one in told] == [TOLD]
    assert [(one.link, one.mail_at == one.created_at) for one in told] == [(chess.path + "today/", True)]


@pytest.mark.rule("K9")
def test_the_history_tells_a_crowd_from_the_clock(join_by_code, chess, sign_in, ms_okafor):
    join_by_code(7)

    event = chess.events.get(kind=Event.Kind.LOCK_CROWDED_CODE)
    page = sign_in(ms_okafor).get(chess.path + "history/").content.decode()
    assert (event.by, event.code, code_of(chess).locked_by) == (None, code_of(chess).code, None)
    assert "The Code locked because more people joined than expected" in page
    assert "as its time was up" not in page


def test_the_door_says_why_it_is_locked(join_by_code, chess, sign_in, ms_okafor):
    join_by_code(7)

    page = sign_in(ms_okafor).get(chess.path)

    assert hooks(page, "data-code-state") == ["locked"]
    assert "More people joined than you expected, so it locked" in page.content.decode()


@pytest.mark.rule("K7")
@pytest.mark.threat("T30", "T35")
def test_unlocked_again_half_as_many_again_may_come_and_then_it_locks_itself_anew(
    join_by_code, chess, ms_okafor
):
    """The teacher can continue, and a second crowd is noticed too. Both notifications are in one mail."""
    join_by_code(7)
    Digest.objects.gather()
    code_of(chess).unlock(by=ms_okafor)

    *two, third = join_by_code(3)

    assert (two, third) == ([True] * 2, False)
    assert code_of(chess).crowded
    assert ms_okafor.notifications.filter(kind=sentences.CODE_CROWDED).count() == 2
    Digest.objects.gather()
    assert Digest.objects.filter(user=ms_okafor, topic=chess.public_id).count() == 1


def test_whoever_expects_more_has_more_room(join_by_code, chess, ms_okafor):
    join_by_code(7)
    chess.edit(by=ms_okafor, expected_size=40)
    code_of(chess).unlock(by=ms_okafor)

    assert join_by_code(10) == [True] * 10


@pytest.mark.rule("K8")
@pytest.mark.parametrize("happens", ["a new Code", "two leave"])
def test_a_new_code_and_places_that_became_free_make_room(join_by_code, chess, ms_okafor, happens):
    join_by_code(6)
    if happens == "a new Code":
        join_by_code(1)
        code_of(chess).reset(by=ms_okafor)
    else:
        for member in chess.memberships.plain()[:2]:
            member.remove(by=ms_okafor, keep_out=False)
    *two, third = join_by_code(3)
    assert (two, third) == ([True] * 2, False)


@pytest.mark.threat("T30", "T33")
@pytest.mark.parametrize("then", ["leaves", "erases the account", "leaves and erases the account"])
def test_who_joins_and_goes_again_counts_for_a_day(join_by_code, chess, then):
    """Otherwise one pupil could sign up, and leave or erase the account, again and again."""
    for _ in range(6):
        join_by_code(1)
        place = chess.memberships.plain().get()
        if "leaves" in then:
            place.leave()
        if "erases" in then:
            Person.objects.get(pk=place.user_id).erase()

    [seventh] = join_by_code(1)

    assert not seventh
    assert code_of(chess).crowded


def test_a_day_later_they_count_no_more(join_by_code, chess):
    join_by_code(6)
    for place in chess.memberships.plain():
        Person.objects.get(pk=place.user_id).erase()
    time_passes(days=1)

    assert join_by_code(6) == [True] * 6


def test_who_leaves_and_comes_back_counts_once(join_by_code, chess):
    """Otherwise a single member could lock the Code."""
    join_by_code(1)
    place = chess.memberships.plain().get()
    for _ in range(6):
        place.leave()
        use_code(code_of(chess).code, by=place.user)
        place = chess.memberships.plain().get()

    assert join_by_code(6) == [True] * 5 + [False]


def test_who_came_long_ago_and_leaves_makes_room(join_by_code, chess):
    join_by_code(6)
    time_passes(days=1)
    chess.memberships.plain().first().leave()

    assert join_by_code(1) == [True]


@pytest.mark.rule("Q2")
def test_whom_a_manager_lets_in_is_no_crowd(join_by_code, chess, ms_okafor):
    """They count as members, but a manager's decision locks nothing."""
    join_by_code(6)
    join_request = ask_by_join_url(chess.join_url, by=StudentFactory())
    queue.decide(chess, [join_request.pk], "approve", by=ms_okafor)

    assert (chess.memberships.plain().count(), code_of(chess).state) == (7, "unlocked")


@pytest.mark.rule("J8")
def test_who_waits_and_comes_by_the_crowded_code_goes_on_waiting(join_by_code, chess, amara):
    """Their request stays the same, and the managers get no second notification."""
    waits = ask_by_join_url(chess.join_url, by=amara)
    join_by_code(6)

    assert use_code(code_of(chess).code, by=amara).join_request == waits
    assert code_of(chess).state == "locked"


@pytest.mark.rule("K7")
def test_the_demanded_lock_of_a_crowded_code_changes_nothing(join_by_code, chess, ms_okafor):
    join_by_code(7)
    code_of(chess).lock(by=ms_okafor)

    assert (code_of(chess).crowded, code_of(chess).locked_by) == (True, None)
