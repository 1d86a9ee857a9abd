"""The history lists every Code of the class, what was done to it and by whom, and who joined with it."""

import re

import pytest

from classroom.models import Event
from joins.acts import clock
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from tests.clock import time_passes
from tests.factories import StudentFactory


@pytest.fixture
def words(sign_in, url, ms_okafor):
    """words() -> the history page as Ms Okafor sees it, with all markup except <bdi>."""

    def page(query=""):
        markup = sign_in(ms_okafor).get(url(f"history/{query}")).content.decode()
        return " ".join(re.sub("</?bdi>", "", markup).split())

    return page


def row_of(code, words):
    """The text beside one Code."""
    start = words.index(code.in_threes)
    return words[start : words.index("</li>", start)]


@pytest.mark.rule("K9")
def test_every_code_stands_there_with_who_made_locked_and_retired_it(words, biology_code, ms_okafor, mr_lind):
    first = biology_code()
    first.lock(by=mr_lind)
    first.reset(by=ms_okafor)
    second = biology_code()
    page = words()

    assert page.index(second.in_threes) < page.index(first.in_threes)
    assert "Retired" in row_of(first, page)
    assert "by Jonas Lind" in row_of(first, page)
    assert "retired on" in row_of(first, page)
    assert row_of(first, page).count("by Ngozi Okafor") == 2  # created it, retired it
    assert "Current" in row_of(second, page)


@pytest.mark.rule("K9", "K6")
def test_what_the_clock_locked_is_the_clocks(words, biology_code):
    time_passes(days=20)
    clock.lock_due()

    page = words()
    assert "locked automatically on" in row_of(biology_code(), page)
    assert "The Code locked automatically" in page


@pytest.mark.threat("T43")
@pytest.mark.parametrize("name", ["The clock", "The Code", "The administrator of this site"])
def test_nobody_can_call_themselves_what_locks_by_itself(words, biology_code, mr_lind, name):
    mr_lind.first_name, mr_lind.last_name = "", name
    mr_lind.save()
    biology_code().lock(by=mr_lind)

    page = words()
    assert f"{name} locked the Code" in page
    assert "locked automatically" not in page
    assert "locked every Code" not in page


@pytest.mark.rule("K9")
def test_it_counts_who_joined_and_who_asked_by_each_code(words, biology, biology_code, ms_okafor, join_url):
    first = biology_code()
    for _ in range(3):
        use_code(first.code, by=StudentFactory())
    first.lock(by=ms_okafor)
    for _ in range(2):
        use_code(first.code, by=StudentFactory())
    first.reset(by=ms_okafor)
    second = biology_code()
    use_code(second.code, by=StudentFactory())
    ask_by_join_url(join_url, by=StudentFactory())
    page = words()

    assert "<strong>3</strong> joined · <strong>2</strong> asked to join" in row_of(first, page)
    assert "<strong>1</strong> joined · <strong>0</strong> asked to join" in row_of(second, page)


@pytest.mark.rule("K9", "Q8")
def test_every_act_is_told_with_who_and_whom(
    words, decide, biology_code, amara_waits, leo_waits, ms_okafor, mr_lind
):
    code = biology_code()
    code.lock(by=mr_lind)
    code.unlock(by=ms_okafor)
    code.reset(by=ms_okafor)
    decide(mr_lind, "approve", amara_waits)
    decide(mr_lind, "keep-out", leo_waits)
    page = words()

    for sentence in (
        "Ngozi Okafor created the class",
        "Amara Toure asked to join by the Join URL",
        "Jonas Lind locked the Code",
        "Ngozi Okafor unlocked the Code",
        "Ngozi Okafor reset the Code",
        "Jonas Lind let in Amara Toure",
        "Jonas Lind said no to Leo Park",
        "Jonas Lind blocked Leo Park",
    ):
        assert sentence in page


@pytest.mark.rule("K9")
def test_it_is_newest_first_and_paged(words, biology, fill_queue):
    fill_queue(60)

    assert "Ngozi Okafor created the class" not in words()
    assert "Ngozi Okafor created the class" in words("?page=2")


@pytest.mark.rule("K9")
def test_what_is_written_is_never_changed(biology_code, amara_waits, decide, ms_okafor):
    decide(ms_okafor, "deny", amara_waits)
    before = list(Event.objects.order_by("pk").values())
    biology_code().reset(by=ms_okafor)
    biology_code().lock(by=ms_okafor)

    assert list(Event.objects.order_by("pk").values())[: len(before)] == before


@pytest.mark.rule("J9")
def test_a_pending_requests_door_is_in_the_history_after_a_reset(words, locked_code, amara, ms_okafor):
    """The history says by which Code they asked."""
    use_code(locked_code.code, by=amara)
    locked_code.reset(by=ms_okafor)

    assert "<strong>1</strong> asked to join" in row_of(locked_code, words())
    assert "Amara Toure asked to join by the Code" in words()
