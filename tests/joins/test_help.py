"""The help page is for everybody, and says what the acts do. Its numbers are those of the settings."""

import re
from datetime import timedelta

import pytest

from tests.hooks import page_text

pytestmark = pytest.mark.engine_free


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
        "paste the list of my class",
        "remove a member",
        "archive a class",
    ]


def test_its_times_are_those_of_the_settings(client, settings, db):
    settings.CODE_UNLOCKED_FOR = timedelta(days=5)
    settings.ASK_AGAIN_AFTER = timedelta(hours=2)
    settings.ASK_AGAIN_AFTER_SECOND = timedelta(days=3)

    page = client.get("/help/")

    words = page_text(page)
    assert "It locks after five days." in words
    assert "for five days or until an earlier time" in words
    assert "after two hours, or after three days if it wasn't the first no" in words


@pytest.mark.rule("Q9")
@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("move a member to the queue", "even if they type an unlocked Code."),
        ("say no", "An unlocked Code still lets them in."),
        ("say no", "You can undo your no for 10 minutes. Later, you can let them in after all"),
        ("pause the Join URL", "The Code still works"),
        ("reset the Code", "You get a new Code, which is unlocked. The old one no longer works."),
        ("archive a class", "You can restore it: its Code is locked then."),
    ],
)
def test_it_says_what_follows(help_page, act, words):
    """The tests of each act hold that it is true."""
    assert words in sentence(help_page, act).replace("\xa0", " ")


@pytest.mark.parametrize("page", ["/accounts/signup/teacher/", "Join URL"])
def test_a_parent_is_told_to_ask_the_school(client, join_url, page):
    answer = client.get(join_url.path if page == "Join URL" else page)

    assert "Are you a parent? This" in page_text(answer)
    assert '<a href="/help/#parents">Ask the school</a>' in answer.content.decode()
    assert 'id="parents"' in client.get("/help/").content.decode()


def test_who_is_logged_in_is_no_parent(sign_in, amara, join_url):
    assert "parent" not in page_text(sign_in(amara).get(join_url.path))
