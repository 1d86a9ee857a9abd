"""Browsers without scripts: a page that answers a press takes no press about anybody in its first two seconds (J10)."""

import re

import pytest

from accounts import too_soon
from classroom.models import ListedName
from joins.acts.by_code import use_code
from joins.models import JoinRequest
from tests.factories import MembershipFactory
from tests.hooks import page_text

pytestmark = [pytest.mark.django_db, pytest.mark.rule("J10"), pytest.mark.engine_free]
NOTHING = "so nothing has happened"


@pytest.fixture
def clock(monkeypatch):
    """clock(2) -> two seconds later."""
    now = [1_800_000_000_000]
    monkeypatch.setattr(too_soon, "_now", lambda: now[0])

    def later(seconds):
        now[0] += int(seconds * 1000)

    return later


def drawn_on(page):
    found = set(re.findall(r'name="drawn" value="(\d+)"', page.content.decode()))
    return {"drawn": found.pop()} if found else {}


@pytest.fixture
def let_in(okafors_browser, url):
    """let_in(leo_waits, page) -> the page after the press of "Let in", as the form on `page` sends it."""

    def press(join_request, page, **headers):
        sent = {"request": join_request.pk, "decision": "approve"} | drawn_on(page)
        return okafors_browser.post(url("requests/decide/"), sent, follow=True, **headers)

    return press


def waiting():
    return set(JoinRequest.objects.pending().values_list("pk", flat=True))


@pytest.fixture
def answer(okafors_browser, url, let_in, amara_waits, leo_waits, clock):
    """The queue after Amara was let in. Leo still waits."""
    return let_in(amara_waits, okafors_browser.get(url("requests/")))


def test_the_second_press_lets_in_nobody_else(answer, let_in, leo_waits, clock):
    clock(1.9)

    page = let_in(leo_waits, answer)

    assert NOTHING in page_text(page)
    assert (page.status_code, waiting()) == (409, {leo_waits.pk})
    assert NOTHING in page_text(let_in(leo_waits, page))


def test_two_seconds_later_it_does(answer, let_in, leo_waits, clock):
    clock(2)

    assert "Leo Park is in." in page_text(let_in(leo_waits, answer))


def test_a_page_that_answers_no_press_takes_one_at_once(okafors_browser, url, let_in, leo_waits, clock):
    assert "Leo Park is in." in page_text(let_in(leo_waits, okafors_browser.get(url("requests/"))))


def test_the_second_press_of_a_link_or_a_notification_lets_nobody_in(
    okafors_browser, ms_okafor, url, let_in, leo_waits, clock
):
    """The queue comes where the link was, and a button that decides may be there."""
    before = {"Referer": "http://testserver/notifications/"}
    notification = ms_okafor.notifications.get()
    ways = [
        okafors_browser.get(url("requests/"), headers=before),
        okafors_browser.post(f"/notifications/{notification.pk}/", headers=before, follow=True),
    ]
    assert ways[1].redirect_chain == [(url("requests/"), 303)]

    for page in ways:
        assert NOTHING in page_text(let_in(leo_waits, page))
    assert waiting() == {leo_waits.pk}
    clock(2)
    assert "Leo Park is in." in page_text(let_in(leo_waits, ways[0]))


@pytest.mark.parametrize("referer", ["https://mail.example/inbox", "http://[::1"])
def test_a_link_on_another_site_is_not_under_the_pointer(okafors_browser, url, let_in, leo_waits, referer):
    page = okafors_browser.get(url("requests/"), headers={"Referer": referer})

    assert "Leo Park is in." in page_text(let_in(leo_waits, page))


def test_with_scripts_the_page_sees_to_it_itself(answer, let_in, leo_waits):
    let_in(leo_waits, answer, headers={"HX-Request": "true"})

    assert waiting() == set()


def test_a_made_up_moment_stops_nobody(okafors_browser, url, leo_waits):
    sent = {"request": leo_waits.pk, "decision": "approve", "drawn": "yesterday"}
    okafors_browser.post(url("requests/decide/"), sent)

    assert waiting() == set()


def test_joined_today_moves_nobody_else(okafors_browser, url, biology_code, amara, leo, clock):
    for student in (amara, leo):
        use_code(biology_code().code, by=student)

    def move(username, page):
        return okafors_browser.post(url(f"members/{username}/move-to-queue/"), drawn_on(page), follow=True)

    answer = move("amara", okafors_browser.get(url("today/")))

    assert NOTHING in page_text(move("leo", answer))
    clock(2)
    assert "Leo Park is now waiting" in page_text(move("leo", answer))


@pytest.mark.parametrize("first", ["lock", "unlock"])
def test_the_board_does_not_take_back_what_the_first_press_did(
    okafors_browser, url, biology_code, ms_okafor, clock, first
):
    if first == "unlock":
        biology_code().lock(by=ms_okafor)
    second = "unlock" if first == "lock" else "lock"
    code = {"join_code": biology_code().pk}
    answer = okafors_browser.post(url(f"code/{first}/?board"), code, follow=True)
    assert biology_code().state == f"{first}ed"

    page = okafors_browser.post(url(f"code/{second}/?board"), code | drawn_on(answer))
    assert (page.status_code, biology_code().state) == (409, f"{first}ed")
    assert NOTHING in page_text(page)

    clock(2)
    okafors_browser.post(url(f"code/{second}/?board"), code | drawn_on(answer))
    assert biology_code().state == f"{second}ed"


def test_the_pop_up_takes_no_request_back_with_the_press_that_asked(sign_in, join_url, amara, clock):
    browser = sign_in(amara)
    answer = browser.post(join_url.path, follow=True)
    [asked] = waiting()

    page = browser.post(f"/requests/{asked}/withdraw/", drawn_on(answer))
    assert (page.status_code, waiting()) == (409, {asked})
    assert NOTHING in page_text(page)

    clock(2)
    browser.post(f"/requests/{asked}/withdraw/", drawn_on(answer))
    assert waiting() == set()


@pytest.mark.parametrize(
    "act", ["code/unlock/", "code/lock-at/", "code/lock/", "join-url/pause/", "join-url/resume/"]
)
def test_nothing_is_done_to_the_door_by_the_second_press_of_save(
    okafors_browser, url, biology_code, clock, act
):
    """On a phone, "Restart" comes where "Save" of the class was."""
    sent = {"name": "Biology 9C", "kind": "class", "colour": "blue"}
    answer = okafors_browser.post(url("edit/"), sent, follow=True)
    assert answer.redirect_chain
    fields = {"join_code": biology_code().pk, "restarts": "1", "choice": "lesson"} | drawn_on(answer)

    page = okafors_browser.post(url(act), fields)

    assert page.status_code == 409
    assert NOTHING in page_text(page)


def test_the_second_press_keeps_no_list_that_nobody_has_looked_at(okafors_browser, url, biology, clock):
    """On the preview, "Keep this list" may stand where "Check the names" was."""
    preview = okafors_browser.post(url("list/"), {"names": "Ana Ruiz"})
    keep = {"names": "Ana Ruiz", "keep": "on", "version": preview.context["version"]}

    answer = okafors_browser.post(url("list/"), keep | drawn_on(preview))

    assert NOTHING in page_text(answer)
    assert (answer.status_code, ListedName.objects.count()) == (409, 0)
    clock(2)
    assert okafors_browser.post(url("list/"), keep | drawn_on(answer)).status_code == 302
    assert [listed.name for listed in ListedName.objects.all()] == ["Ana Ruiz"]


@pytest.mark.parametrize("page", ["archive/", "code/reset/"])
def test_the_second_press_of_a_link_answers_no_question(okafors_browser, url, biology, clock, page):
    """On a phone, "Archive" of the question stands where "Archive…" was."""
    question = okafors_browser.get(url(page), headers={"referer": f"http://testserver{biology.path}"})
    sent = {"join_code": biology.join_codes.get().pk} | drawn_on(question)
    before = biology.events.count()

    answer = okafors_browser.post(url(page), sent)

    assert NOTHING in page_text(answer)
    assert (answer.status_code, biology.events.count()) == (409, before)
    clock(2)
    assert okafors_browser.post(url(page), sent).status_code == 302
    assert biology.events.count() == before + 1


def test_the_second_press_of_leave_does_not_leave(amaras_browser, url, biology, amara, clock):
    MembershipFactory(classroom=biology, user=amara)
    question = amaras_browser.get(url("leave/"), headers={"referer": f"http://testserver{biology.path}"})

    assert amaras_browser.post(url("leave/"), drawn_on(question)).status_code == 409
    clock(2)
    assert amaras_browser.post(url("leave/"), drawn_on(question)).status_code == 302
