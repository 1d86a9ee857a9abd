"""After an act on "Recent decisions" the page has the same lines as before, in the same order (J10)."""

import re

import pytest

from classroom.models import Event
from joins.acts import undo
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from tests.hooks import alerts, hooks, page_text

pytestmark = pytest.mark.rule("Q9", "J10")

HTMX = {"HX-Request": "true"}


@pytest.fixture
def three_decided(decide, fill_queue, ms_okafor):
    """Three requests, each denied by a press of its own, the newest decision first."""
    asked = fill_queue(3)
    for one in asked:
        decide(ms_okafor, "deny", one)
    return asked[::-1]


@pytest.fixture
def of_one_press(decide, amara_waits, leo_waits, ms_okafor):
    decide(ms_okafor, "deny", amara_waits, leo_waits)
    return [leo_waits, amara_waits]


def shown_lines(page):
    return re.search(r'name="lines" value="([\d.-]*)"', page.content.decode()).group(1)


def fields_of_undo_all(page):
    [form] = re.findall(r"<form[^>]*data-undo-all[^>]*>.*?</form>", page.content.decode(), re.DOTALL)
    return dict(re.findall(r'name="(first|last|line|lines)" value="([^"]*)"', form))


def pks(join_requests):
    return [str(one.pk) for one in join_requests]


@pytest.mark.parametrize("act", ["undo", "let-in"])
def test_without_htmx_the_page_comes_back_with_all_its_lines(okafors_browser, url, three_decided, act):
    """Let in after all went to the top, and undone was gone."""
    page = okafors_browser.get(url("requests/decided/"))
    lines, pressed = shown_lines(page), three_decided[1].pk
    assert lines.split(".") == hooks(page, "data-decided") == pks(three_decided)

    after = okafors_browser.post(f"/requests/{pressed}/{act}/", {"lines": lines}, follow=True)

    assert after.redirect_chain == [(f"{url('requests/decided/')}?lines={lines}#decided-{pressed}", 302)]
    assert hooks(after, "data-decided") == pks(three_decided)
    assert shown_lines(after) == lines


def test_so_does_a_press_that_is_refused(okafors_browser, url, three_decided, mr_lind):
    lines = shown_lines(okafors_browser.get(url("requests/decided/")))
    undo.undo(three_decided[1], by=mr_lind)

    after = okafors_browser.post(f"/requests/{three_decided[1].pk}/undo/", {"lines": lines})

    assert after.status_code == 409
    assert hooks(after, "data-decided") == pks(three_decided)


@pytest.mark.parametrize(("act", "told"), [("undo", "is waiting again"), ("let-in", "let them in just now")])
def test_htmx_gets_the_row_alone(okafors_browser, url, three_decided, act, told):
    lines, pressed = shown_lines(okafors_browser.get(url("requests/decided/"))), three_decided[1]

    answer = okafors_browser.post(f"/requests/{pressed.pk}/{act}/", {"lines": lines}, headers=HTMX)

    assert hooks(answer, "data-decided") == [str(pressed.pk)]
    assert told in page_text(answer)
    assert hooks(answer, "data-undo") == ([str(pressed.pk)] if act == "let-in" else [])
    assert "queue-changed" in answer["HX-Trigger"]


def test_a_refused_press_gets_the_message_and_its_line(okafors_browser, url, three_decided, mr_lind):
    """The line went on saying "said no", with buttons that were refused again."""
    lines = shown_lines(okafors_browser.get(url("requests/decided/")))
    undo.undo(three_decided[1], by=mr_lind)

    answer = okafors_browser.post(f"/requests/{three_decided[1].pk}/undo/", {"lines": lines}, headers=HTMX)

    assert answer.status_code == 409
    assert hooks(answer, "data-decided") == [str(three_decided[1].pk)]
    assert "is waiting again" in page_text(answer)
    assert alerts(answer)[0].startswith("Jonas Lind undid saying no to ")


@pytest.mark.rule("C4")
def test_in_a_class_that_has_been_archived_since_htmx_loads_the_page_again(
    okafors_browser, url, three_decided, biology, ms_okafor
):
    lines = shown_lines(okafors_browser.get(url("requests/decided/")))
    biology.archive(by=ms_okafor)

    answer = okafors_browser.post(f"/requests/{three_decided[1].pk}/undo/", {"lines": lines}, headers=HTMX)

    assert answer["HX-Refresh"] == "true"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_undo_all_changes_its_line(okafors_browser, url, of_one_press, three_decided, headers):
    fields = fields_of_undo_all(okafors_browser.get(url("requests/decided/")))
    assert fields["line"] == "-".join(pks(of_one_press))
    assert fields["lines"] == ".".join([*pks(three_decided), fields["line"]])

    answer = okafors_browser.post(url("requests/undo/"), fields, headers=headers, follow=True)

    assert "2 people Amara Toure, Leo Park are waiting again One by one" in page_text(answer)
    assert hooks(answer, "data-decided") == pks(of_one_press if headers else three_decided + of_one_press)
    assert "Undo all" not in page_text(answer)


def test_one_of_several_waits_again_in_their_line(
    okafors_browser, url, of_one_press, fill_queue, decide, ms_okafor
):
    """Their line says what the press did, and offers to undo the others as long as they are several."""
    asked = fill_queue(3)
    decide(ms_okafor, "approve", *asked)
    lines = shown_lines(okafors_browser.get(url("requests/decided/")))

    page = okafors_browser.post(f"/requests/{asked[0].pk}/undo/", {"lines": lines}, follow=True)
    assert shown_lines(page) == lines
    assert page_text(page).count("Undo all") == 2
    page = okafors_browser.post(f"/requests/{asked[1].pk}/undo/", {"lines": lines}, follow=True)
    assert page_text(page).count("Undo all") == 1
    assert page_text(page).count("Ngozi Okafor let them in") == 2  # the line, and the one who is still in


@pytest.mark.parametrize("since", ["cancels", "joins with the Code"])
def test_a_row_says_what_the_person_has_done_since(okafors_browser, url, decided, biology_code, amara, since):
    join_request = decided("deny")
    lines = {"lines": str(join_request.pk)}
    okafors_browser.post(f"/requests/{join_request.pk}/undo/", lines)
    join_request.refresh_from_db()
    if since == "cancels":
        join_request.withdraw()
        told = "Amara Toure cancelled the request"
    else:
        use_code(biology_code().code, by=amara)
        told = "Amara Toure joined the class"

    page = okafors_browser.get(url("requests/decided/"), lines)

    assert told in page_text(page)
    assert hooks(page, "data-undo") == []


@pytest.mark.threat("T01")
def test_nobody_of_another_class_is_shown(okafors_browser, url, physics, leo, amara_waits):
    elsewhere = ask_by_join_url(physics.join_url, by=leo)

    page = okafors_browser.get(url("requests/decided/"), {"lines": f"{elsewhere.pk}.{amara_waits.pk}"})

    assert hooks(page, "data-decided") == [str(amara_waits.pk)]


@pytest.mark.parametrize(
    "lines",
    ["", "x", "1.", "-1", "1..2", "1\n", "\N{ARABIC-INDIC DIGIT ONE}", "9" * 19, "1." * 50 + "1", "999"],
)
def test_what_are_no_lines_shows_the_decisions(okafors_browser, url, decided, lines):
    join_request = decided("deny")

    page = okafors_browser.get(url("requests/decided/"), {"lines": lines})

    assert hooks(page, "data-decided") == [str(join_request.pk)]


def test_an_odd_line_undoes_nothing(okafors_browser, url, of_one_press):
    fields = fields_of_undo_all(okafors_browser.get(url("requests/decided/")))

    answer = okafors_browser.post(url("requests/undo/"), fields | {"line": "1\nX: y"})

    assert answer.status_code == 409
    assert not Event.objects.filter(kind="undo_denial").exists()
