"""The board: the Code on the projector, with the address, a QR code and how many have joined (W1)."""

import re
from datetime import timedelta

import pytest
import segno
from django.utils import timezone

from joins.acts.by_code import use_code
from joins.times import format_short
from tests.clock import time_passes
from tests.factories import MembershipFactory, StudentFactory
from tests.hooks import hooks, page_text

pytestmark = pytest.mark.rule("W1")

HTMX = {"HX-Request": "true"}


@pytest.fixture
def board(okafors_browser, url):
    """board() -> the page of Ms Okafor."""
    return lambda: okafors_browser.get(url("board/"))


@pytest.fixture
def ask(okafors_browser):
    """ask(page) -> what that page gets when it asks whether anything has changed."""
    return lambda page: okafors_browser.get(hooks(page, "hx-get")[0], headers=HTMX)


@pytest.mark.rule("K10")
@pytest.mark.threat("T27")
def test_it_shows_the_code_the_address_and_a_qr_code_of_both(board, biology_code, settings, monkeypatch):
    settings.SITE_URL = "https://homeroom.example"
    drawn, make = [], segno.make
    monkeypatch.setattr(segno, "make", lambda text, **how: drawn.append(text) or make(text, **how))

    page = board()

    code = biology_code()
    assert (hooks(page, "data-code"), hooks(page, "data-code-state")) == ([code.code], ["unlocked"])
    assert hooks(page, "data-locks-at") == [code.locks_at.isoformat()]
    assert "Type it at homeroom.example/join" in page_text(page)
    assert drawn == [f"https://homeroom.example/join/#{code.code}"]
    assert page.content.decode().count('src="data:image/svg+xml') == 1


def test_the_address_without_its_last_slash_leads_to_the_page_to_join(client, db):
    assert client.get("/join").url == "/join/"


def test_it_counts_those_who_joined_and_names_nobody(board, biology_code, amara, leo):
    for student in (amara, leo):
        use_code(biology_code().code, by=student)

    page = board()

    assert hooks(page, "data-count") == ["2"]  # neither the owner nor the co-teacher
    assert not re.search("Amara|amara|Leo|Okafor|okafor|Lind", page.content.decode())


def test_it_says_when_it_locks_with_the_day_unless_it_is_today(board, biology_code):
    now = timezone.localtime()
    locks_at = biology_code().locks_at

    assert f"locks {locks_at:%a} {locks_at.day} {locks_at:%b, %H:%M}" in page_text(board())
    assert format_short(now) == f"at {now:%H:%M}"


@pytest.mark.rule("K7")
@pytest.mark.parametrize(
    ("act", "state", "offers"), [("lock", "locked", "Unlock"), ("unlock", "unlocked", "Lock now")]
)
def test_lock_and_unlock_lead_back_to_the_board(
    okafors_browser, url, board, biology_code, ms_okafor, act, state, offers
):
    """Pressed twice, they do it once."""
    if act == "unlock":
        biology_code().lock(by=ms_okafor)
    address = next(value for value in hooks(board(), "action"))

    answers = [okafors_browser.post(address) for _ in range(2)]

    assert [answer.url for answer in answers] == [url("board/")] * 2
    page = board()
    assert (hooks(page, "data-state"), hooks(page, "data-code-state")) == ([state], [state])
    assert offers in page_text(page)
    assert hooks(page, "action") == [url(f"code/{'unlock' if act == 'lock' else 'lock'}/?board")]


def test_for_htmx_lock_answers_with_the_board_alone(okafors_browser, url, board):
    answer = okafors_browser.post(url("code/lock/?board"), headers=HTMX)

    assert (answer.status_code, hooks(answer, "data-state")) == (200, ["locked"])
    assert "<html" not in answer.content.decode()
    assert "The Code is locked." in page_text(answer)


def test_nothing_new_is_204_and_costs_one_statement(board, ask, amara_joined, count_queries):
    """Three statements: session with user, membership, and exactly one more."""
    page = board()

    with count_queries(3):
        answer = ask(page)

    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("how_many", [0, 40])
def test_the_page_costs_as_little_for_forty_as_for_nobody(board, biology, count_queries, how_many):
    for _ in range(how_many):
        MembershipFactory(classroom=biology, user=StudentFactory())

    with count_queries(3):
        board()


@pytest.mark.rule("J10")
def test_somebody_who_joins_brings_the_number_and_moves_no_button(board, ask, biology_code, amara):
    page = board()
    use_code(biology_code().code, by=amara)

    answer = ask(page)

    assert (answer.status_code, hooks(answer, "data-count")) == (200, ["1"])
    assert "<button" not in answer.content.decode()
    assert "HX-Retarget" not in answer.headers
    assert ask(answer).status_code == 204


@pytest.mark.rule("K8", "K5")
@pytest.mark.parametrize("happens", ["reset", "lock", "the clock locks", "less time", "archive"])
def test_a_change_of_the_code_brings_the_whole_board(board, ask, biology, biology_code, ms_okafor, happens):
    page = board()
    {
        "reset": lambda: biology_code().reset(by=ms_okafor),
        "lock": lambda: biology_code().lock(by=ms_okafor),
        "the clock locks": lambda: time_passes(days=14, seconds=1),
        "less time": lambda: biology_code().lock_at(by=ms_okafor, until=timezone.now() + timedelta(hours=1)),
        "archive": lambda: biology.archive(by=ms_okafor),
    }[happens]()

    answer = ask(page)

    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (200, "#board", "outerHTML")
    shown = [] if happens == "archive" else [biology_code().code]
    assert hooks(answer, "data-code") == shown
    assert hooks(answer, "data-code-state") == [biology_code().state] * len(shown)
    assert ask(answer).status_code == 204


@pytest.mark.parametrize("typed", ["", "?v=", "?v=x", "?v=.", "?v=%F0%9F%92%A9"])
def test_an_odd_version_gets_the_whole_board(okafors_browser, url, biology_code, typed):
    answer = okafors_browser.get(url(f"board/count/{typed}"), headers=HTMX)

    assert (answer.status_code, hooks(answer, "data-code")) == (200, [biology_code().code])


@pytest.mark.rule("C4")
def test_an_archived_class_says_so_and_shows_no_code(board, biology, biology_code, ms_okafor):
    biology.archive(by=ms_okafor)

    page = board()

    assert "This class is archived. Nobody can join it." in page_text(page)
    assert biology_code().code not in page.content.decode()
    assert hooks(page, "action") == []


@pytest.mark.rule("C4")
def test_lock_on_a_board_left_open_in_an_archived_class_is_refused_there(
    okafors_browser, url, biology, ms_okafor
):
    biology.archive(by=ms_okafor)

    answer = okafors_browser.post(url("code/lock/?board"))

    assert answer.status_code == 409
    assert "data-archived" in answer.content.decode()
