"""What the next pupil at a computer sees of what the last one wanted to join, and how one press forgets it."""

import pytest

from tests.hooks import hooks, page_text, pop_ups
from tests.joins.test_whose_wish import LOG_IN, RESET, STUDENT, TEACHER, asked_by, later
from tests.log_in import log_in

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]


@pytest.mark.threat("T49")
@pytest.mark.parametrize("query", ["", "?typed"])
@pytest.mark.parametrize("page", ["/", "/join/", STUDENT, TEACHER, LOG_IN, "/accounts/signup/", RESET])
def test_the_next_pupil_is_not_shown_the_code_of_the_last_one(client, code_typed, biology_code, page, query):
    client.get(code_typed["Location"])

    answer = client.get(page + query)

    assert biology_code().in_threes not in answer.content.decode()
    assert biology_code().code not in answer.content.decode()


@pytest.mark.rule("A5")
@pytest.mark.threat("T49")
def test_who_has_just_typed_a_code_finds_it_in_the_next_form_once(client, code_typed, biology_code):
    """Other pages, such as one in another tab, show nothing of it and leave it there."""
    assert biology_code().in_threes not in hooks(client.get("/join/"), "value")

    first, second = (client.get(code_typed["Location"]) for _ in range(2))

    assert biology_code().in_threes in hooks(first, "value")
    assert f"Code {biology_code().in_threes} ✓ Use another Code" in page_text(first)
    assert biology_code().in_threes not in second.content.decode()


@pytest.mark.rule("J11")
@pytest.mark.threat("T49")
def test_a_code_shown_once_is_still_used_by_the_log_in(client, code_typed, biology_code, amara):
    client.get(code_typed["Location"])

    page = log_in(client, "amara", follow=True)

    assert biology_code().in_threes in hooks(page, "value")


KEPT = {
    "code": "We've saved the Code you typed.",
    "join url": "You're asking to join Biology 9B.",
    "ended": "a while ago, so we no longer keep it. Ask again",
}


@pytest.mark.rule("J6", "J0", "J7")
@pytest.mark.threat("T49")
@pytest.mark.parametrize("page", [LOG_IN, "/accounts/signup/", TEACHER, STUDENT, RESET])
@pytest.mark.parametrize("wish", KEPT)
def test_every_page_on_the_way_in_says_what_is_kept_and_forgets_it(
    client, page, wish, biology_code, join_url
):
    """The next pupil can press it without logging in, and then the page shows nothing of it. Of a Code it says no more
    than that there is one."""
    assert "panel--locked" not in client.get(page).content.decode()

    if wish == "code":
        client.post("/join/", {"code": biology_code().code}, follow=True)
    else:
        client.post(join_url.path)
    with later(minutes=31 if wish == "ended" else 0):
        before = client.get(page)
        assert "Not you? Forget this and start again" in page_text(before)
        assert KEPT[wish] in page_text(before) or (wish, page) == ("code", STUDENT)
        assert (join_url.path in hooks(before, "href")) == (wish == "ended")
        assert ("Biology 9B" in page_text(before)) == (wish != "code")

        for _ in range(2):
            answer = client.post("/join/forget/", {"next": page}, follow=True)
            assert answer.redirect_chain == [(page, 302)]
            assert "We've forgotten the Code or link." in page_text(answer)

    assert "Not you?" not in page_text(answer)
    assert "Biology 9B" not in page_text(answer)
    assert "wish" not in client.session


@pytest.mark.threat("T49")
def test_what_is_forgotten_is_not_done(client, asked_at_join_url, amara):
    client.post("/join/forget/", {"next": LOG_IN})

    assert pop_ups(log_in(client, "amara", follow=True)) == []
    assert asked_by() == []


@pytest.mark.rule("J5")
def test_looking_forgets_nothing(client, asked_at_join_url):
    assert client.get("/join/forget/").status_code == 405
    assert "wish" in client.session


@pytest.mark.rule("J6")
@pytest.mark.threat("T49")
def test_the_log_in_page_promises_no_request_where_it_will_ask_first(
    client, asked_at_join_url, amara_has_address, join_url
):
    """Somebody waits for a mail, but perhaps the next pupil opens the page."""
    assert "we'll send your request" in page_text(client.get(LOG_IN))
    client.post(RESET, {"email": amara_has_address.email})

    with later(hours=2):
        page = client.get(LOG_IN)
        assert "we'll ask you whether you want to join" in page_text(page)
        assert "we'll send your request" not in page_text(page)
        assert log_in(client, "amara", follow=True).redirect_chain == [(join_url.path, 302)]


@pytest.mark.rule("J11")
@pytest.mark.parametrize("page", [LOG_IN, "/accounts/signup/", RESET])
def test_what_is_said_of_a_code_is_what_the_log_in_does(client, code_typed, amara, page):
    assert "Log in, and we'll ask you before you join with it." in page_text(client.get(page))
    assert "Join as Amara Toure (amara)." in page_text(log_in(client, "amara", follow=True))
