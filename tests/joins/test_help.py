"""The help page is for everybody, and says what the acts do. Its numbers are those of the settings."""

import re
from datetime import timedelta

import pytest

from joins.acts import leak, queue, undo
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.exceptions import AskingPaused, TooLateToUndo, UnknownCode
from joins.models import JoinRequest
from tests.clock import time_passes
from tests.hooks import page_text


@pytest.fixture
def help_page(client, db):
    return client.get("/help/")


def sentence(page, act):
    """What the table says about this act."""
    row = re.search(rf'<th scope="row">{act}</th>\s*<td>(.*?)</td>', page.content.decode(), re.DOTALL)
    return " ".join(row[1].split())


@pytest.mark.parametrize("person", [None, "ms_okafor", "amara"])
def test_everybody_finds_it_at_the_foot_of_the_page(request, client, sign_in, person, db):
    browser = sign_in(request.getfixturevalue(person)) if person else client

    foot = browser.get("/").content.decode().rpartition("<footer")[2]

    assert re.search(r'<a [^>]*href="/help/">.*Help</a>', foot, re.DOTALL)
    assert browser.get("/help/").status_code == 200


def test_it_says_what_each_act_does(help_page):
    acts = re.findall(r'<th scope="row">(.*?)</th>', help_page.content.decode())

    assert acts == [
        "lock the Code",
        "unlock the Code",
        "reset the Code",
        "pause the Join URL",
        "move a member to the queue",
        "say no",
        "block a person",
        "remove a member",
        "archive a class",
    ]


def test_its_times_are_those_of_the_settings(client, settings, db):
    settings.CODE_UNLOCKED_FOR = timedelta(days=5)
    settings.ASK_AGAIN_AFTER = timedelta(hours=2)
    settings.ASK_AGAIN_AFTER_SECOND = timedelta(days=3)

    page = client.get("/help/")

    words = page_text(page).replace("\xa0", " ")
    assert "It locks after 5 days." in words
    assert "for 5 days or until an earlier time" in words
    assert "after 2 hours, or after 3 days if it wasn't the first no" in words


def test_who_is_moved_to_the_queue_waits_also_with_an_unlocked_code(
    help_page, biology, biology_code, leo, ms_okafor
):
    use_code(biology_code().code, leo)
    leak.move_to_queue(biology, leo.username, by=ms_okafor)

    assert isinstance(use_code(biology_code().code, leo), JoinRequest)
    assert sentence(help_page, "move a member to the queue").endswith("even if they type an unlocked Code.")


def test_after_a_no_an_unlocked_code_lets_in(help_page, biology, biology_code, leo, ms_okafor):
    queue.decide(biology, [ask_by_join_url(biology.join_url, leo).pk], "deny", by=ms_okafor)

    assert use_code(biology_code().code, leo) == biology
    assert "An unlocked Code still lets them in." in sentence(help_page, "say no")


@pytest.mark.rule("Q9")
def test_a_no_can_be_undone_and_later_become_a_yes(help_page, biology, leo, ms_okafor):
    denied = ask_by_join_url(biology.join_url, leo)
    queue.decide(biology, [denied.pk], "deny", by=ms_okafor)
    time_passes(minutes=11)
    denied.refresh_from_db()

    with pytest.raises(TooLateToUndo):
        undo.undo(denied, by=ms_okafor)
    undo.let_in(denied, by=ms_okafor)

    assert biology.memberships.filter(user=leo).exists()
    told = sentence(help_page, "say no").replace("\xa0", " ")
    assert told.endswith(
        "You can undo your no for 10 minutes. Later, you can let them in after all, under Recent decisions."
    )


def test_a_paused_join_url_leaves_the_code_alone(help_page, biology, biology_code, leo, ms_okafor):
    biology.join_url.pause(by=ms_okafor)

    with pytest.raises(AskingPaused):
        ask_by_join_url(biology.join_url, leo)
    assert use_code(biology_code().code, leo) == biology
    assert "The Code still works" in sentence(help_page, "pause the Join URL")


def test_a_reset_gives_an_unlocked_code_and_kills_the_old_one(help_page, biology_code, leo, ms_okafor):
    old = biology_code()
    old.reset(by=ms_okafor)

    assert biology_code().state == "unlocked"
    with pytest.raises(UnknownCode):
        use_code(old.code, leo)
    assert "You get a new Code, which is unlocked. The old one no longer works." in sentence(
        help_page, "reset the Code"
    )


def test_after_a_restore_the_code_is_locked(help_page, biology, biology_code, ms_okafor):
    biology.archive(by=ms_okafor)
    biology.restore(by=ms_okafor)

    assert biology_code().state == "locked"
    assert sentence(help_page, "archive a class").endswith("You can restore it: its Code is locked then.")


@pytest.mark.parametrize("page", ["/accounts/signup/teacher/", "Join URL"])
def test_a_parent_is_told_to_ask_the_school(client, join_url, page):
    answer = client.get(join_url.path if page == "Join URL" else page)

    assert "Are you a parent? This" in page_text(answer)
    assert '<a href="/help/#parents">Ask the school</a>' in answer.content.decode()
    assert 'id="parents"' in client.get("/help/").content.decode()


def test_who_is_logged_in_is_no_parent(sign_in, amara, join_url):
    assert "parent" not in page_text(sign_in(amara).get(join_url.path))
