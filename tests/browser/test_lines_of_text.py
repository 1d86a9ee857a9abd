"""Lines of text stand where the eye expects them: as far apart as others, and names begin below each other."""

from datetime import UTC, datetime

import pytest

from classroom.acts import class_list
from classroom.models import Membership
from joins.acts.ask import ask_by_join_url
from tests.browser.eyes import ROOT_TWICE_AS_LARGE, TWICE_AS_LARGE, WIDE
from tests.factories import MembershipFactory, StudentFactory

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
ARABIC = {"first_name": "محمد عبد الرحمن", "last_name": "السيد القحطاني بن عبد العزيز"}
# Of a text: where each of its lines begins, and how far it is to the next one in line heights.
LINES = """text => {
  const range = new Range()
  const words = document.createTreeWalker(text, NodeFilter.SHOW_TEXT)
  const rects = []
  while (words.nextNode()) {
    range.selectNodeContents(words.currentNode)
    rects.push(...[...range.getClientRects()].filter(rect => rect.width > 0))
  }
  rects.sort((one, other) => one.bottom - other.bottom)
  const lines = rects.filter(({bottom}, at) => at === 0 || bottom - rects[at - 1].bottom > 8)
  const height = parseFloat(getComputedStyle(text).lineHeight)
  return {
    lefts: rects.map(rect => rect.left),
    gaps: lines.slice(1).map(({bottom}, at) => (bottom - lines[at].bottom) / height)
  }
}"""


@pytest.mark.parametrize("path", ["requests/", "slips/", "kept-out/"])
def test_on_a_phone_a_name_from_right_to_left_begins_where_others_do(
    path, open_browser, ms_okafor, biology, is_in
):
    """Its second line hung at the other edge, far from the words below it."""
    student = StudentFactory(**ARABIC)
    class_list.keep(biology, [student.full_name], by=ms_okafor)
    if path == "kept-out/":
        is_in(student)
        biology.member(student.username).remove(by=ms_okafor, keep_out=True)
    else:
        ask_by_join_url(biology.join_url, student)
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(biology.path + path)
    name = page.locator(".row__name > bdi, .request__name > bdi").first

    lefts = name.evaluate(LINES)["lefts"]

    assert len(lefts) > 1
    assert max(lefts) - min(lefts) < 2


@pytest.mark.parametrize("path", ["today/", ""])
def test_a_link_within_a_sentence_leaves_its_lines_as_near_as_others(path, open_browser, ms_okafor, biology):
    note = (
        "Bring a leaf on Monday. You find what it is at www.school.example/leaf and we look at it together."
    )
    biology.change_note(by=ms_okafor, note=note)
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(biology.path + path)

    gaps = page.locator("[data-note], p:has(#today-list)").evaluate(LINES)["gaps"]

    assert gaps
    assert max(gaps) < 1.2


def test_on_a_phone_a_day_of_the_chart_is_one_line(open_browser, ms_okafor, biology, is_in, leo):
    """It stood in three: "Wed", "25", "Nov". With letters twice as large it may break, and the chart fits."""
    is_in(leo)
    by_join_url = MembershipFactory(classroom=biology, user=StudentFactory(), door="join-url", code="")
    Membership.objects.filter(pk=by_join_url.pk).update(joined_at=datetime(2026, 11, 25, 9, tzinfo=UTC))
    page = open_browser(ms_okafor, viewport=PHONE)
    page.goto(f"{biology.path}arrivals/")

    for day in page.locator(".chart th[scope=row]").filter(has_text="Nov").all():
        assert day.evaluate(LINES)["gaps"] == []
    assert page.evaluate(TWICE_AS_LARGE, PHONE["width"]) == []
    page.set_viewport_size({"width": 320, "height": 740})
    page.evaluate(ROOT_TWICE_AS_LARGE)
    assert page.evaluate(WIDE, 320) == []
