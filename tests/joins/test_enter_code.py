"""Somebody types a Code into the field of /join/."""

import pytest

from accounts.models import Notification
from classroom.models import Membership
from joins import codes
from joins.models import JoinRequest
from tests.hooks import alerts, hooks, page_text, pop_ups

UNKNOWN = "BDKRTWXZ" + codes.check_letter("BDKRTWXZ")
pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(sign_in):
    """enter(user, "BDK-RTW-XZM") -> the page after the press, at the end of all redirects."""
    return lambda user, typed: sign_in(user).post("/join/", {"code": typed}, follow=True)


@pytest.mark.rule("J1", "J9")
@pytest.mark.parametrize(("person", "kind"), [("amara", "student"), ("mr_brandt", "teacher")])
def test_an_unlocked_code_walks_in(request, enter, biology, biology_code, person, kind):
    """Everybody becomes a plain member, whatever their account."""
    person = request.getfixturevalue(person)

    page = enter(person, codes.in_threes(biology_code().code).lower() + ".")

    assert page.redirect_chain == [(biology.path, 302)]
    assert "You're in Biology 9B." in page_text(page)
    assert "data-card" not in page.content.decode()  # they know their username (M2)
    place = Membership.objects.get(user=person)
    assert (place.role, place.door, place.code) == ("member", "code", biology_code().code)
    assert (person.kind, pop_ups(page)) == (kind, [])


def test_joining_gives_the_browser_no_new_cookie(sign_in, settings, biology_code, amara):
    """The throttle tells browsers apart by a cookie that this one has: its page had a form. Making it anew is slow."""
    browser = sign_in(amara)
    browser.get("/join/")

    answer = browser.post("/join/", {"code": biology_code().code})

    assert settings.CSRF_COOKIE_NAME not in answer.cookies


@pytest.mark.rule("J2", "J9")
def test_a_locked_code_asks_to_join(enter, biology, locked_code, amara):
    page = enter(amara, locked_code.code)

    assert page.redirect_chain == [("/", 302)]
    assert pop_ups(page) == [
        "The Code of Biology 9B is locked, so you have asked to join Biology 9B. "
        "Ngozi Okafor or a co-teacher has to approve it."
    ]
    assert hooks(page, "data-pending") == [biology.public_id]
    join_request = JoinRequest.objects.get(user=amara)
    assert (join_request.status, join_request.door, join_request.join_code) == (
        "pending",
        "code",
        locked_code,
    )


@pytest.mark.rule("J8", "J10")
def test_pressing_twice_makes_one_request_and_tells_the_managers_once(enter, locked_code, amara):
    first, second = enter(amara, locked_code.code), enter(amara, locked_code.code)

    assert pop_ups(first) == pop_ups(second)
    assert JoinRequest.objects.count() == 1
    assert Notification.objects.count() == 2  # owner and co-teacher


@pytest.mark.rule("J8")
def test_who_is_in_already_is_taken_to_the_class(enter, biology, biology_code, ms_okafor):
    biology_code().lock(by=ms_okafor)

    page = enter(ms_okafor, biology_code().code)

    assert page.redirect_chain == [(biology.path, 302)]
    assert "You're already in Biology 9B." in page_text(page)
    assert not JoinRequest.objects.exists()


@pytest.mark.rule("J8")
def test_an_unlocked_code_lets_in_who_waits(enter, biology, biology_code, amara_waits, amara):
    enter(amara, biology_code().code)

    amara_waits.refresh_from_db()
    assert (amara_waits.status, amara_waits.decided_by) == ("admitted", amara)
    assert biology.memberships.get(user=amara).door == "code"
    assert not Notification.objects.unread().filter(about=amara_waits.about).exists()


@pytest.mark.rule("K3")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type the Code from the board."),
        ("   ", "Type the Code from the board."),
        ("O" + UNKNOWN[1:], "There's no O in a Code. Check again."),
        ("X" + UNKNOWN[1:], "That's not quite the Code. Check each letter, and their order."),
        ("B" * 500, "This is too long for a Code. Type only the letters of the Code."),
        (
            UNKNOWN,
            "No open class has this Code. Check it, or ask your teacher if it has changed or the class has closed.",
        ),
    ],
)
def test_what_is_no_code_is_told_in_one_sentence(enter, amara, typed, sentence):
    page = enter(amara, typed)

    assert (page.status_code, alerts(page)) == (422, [sentence])


@pytest.mark.rule("K3")
def test_what_was_typed_still_stands_in_the_field(enter, amara):
    assert hooks(enter(amara, "X" * 500), "value")[-1] == "X" * 500


@pytest.mark.rule("K3")
def test_a_typing_error_is_told_without_a_look_up(count_queries, amaras_browser):
    """The statements are session with user, and the numbers in the page's header."""
    with count_queries(2) as seen:
        amaras_browser.post("/join/", {"code": "X" + UNKNOWN[1:]})

    assert not [query for query in seen.captured_queries if '"joins_joincode"."code" =' in query["sql"]]


@pytest.mark.rule("J0")
@pytest.mark.threat("T28")
@pytest.mark.parametrize("typed", ["current", "locked", "retired", "archived", UNKNOWN])
def test_signed_out_every_code_gets_the_same_answer(client, biology, biology_code, ms_okafor, typed):
    """It leads on to the sign-up page without looking up the Code. There the page says when the Code will be
    checked."""
    code = biology_code()
    if typed == "locked":
        code.lock(by=ms_okafor)
    if typed == "retired":
        code.reset(by=ms_okafor)
    if typed == "archived":
        biology.archive(by=ms_okafor)

    typed = UNKNOWN if typed == UNKNOWN else code.code
    answer = client.post("/join/", {"code": typed})
    page = client.get(answer["Location"])

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/signup/student/")
    assert hooks(page, "value").count(codes.in_threes(typed)) == 1
    assert "Biology" not in page.content.decode()
    assert alerts(page) == []
