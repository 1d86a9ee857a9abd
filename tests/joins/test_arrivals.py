"""The page that says how people came into a class, by day, door and Code, and how long requests waited (J9)."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from classroom.models import Door
from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.arrivals import DAYS_SHOWN
from joins.models import JoinCode
from privacy.models.retention import DECIDED_REQUESTS
from tests.clock import time_passes
from tests.factories import MembershipFactory, StudentFactory
from tests.hooks import page_text

LAST_YEAR = datetime.now(UTC).year - 1
pytestmark = pytest.mark.rule("J9")


@pytest.fixture(autouse=True)
def nobody_has_joined(biology, mr_lind):
    """Only the owner is in the class."""
    biology.memberships.filter(user=mr_lind).delete()


@pytest.fixture
def joins(biology):
    """joins(4, door=…, at=datetime) lets so many students join."""

    def join(number, door=Door.CODE, at=None, **fields):
        fields |= {"joined_at": at} if at else {}
        fields |= {} if door == Door.CODE else {"code": ""}
        for _ in range(number):
            MembershipFactory(classroom=biology, user=StudentFactory(), door=door, **fields)

    return join


@pytest.fixture
def page(okafors_browser, url):
    return lambda: okafors_browser.get(url("arrivals/"))


def named(day):
    """How the page names a day in September of last year."""
    return f"{datetime(LAST_YEAR, 9, day, tzinfo=UTC):%a} {day} Sep {LAST_YEAR}"


def rows(answer):
    """The lines of all tables: what stands in each cell, without the bars."""
    lines = re.findall(r"<tr.*?</tr>", answer.content.decode(), re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL) for line in lines]
    return [[text for cell in line if (text := re.sub(r"<.*?>|\s+", " ", cell).strip())] for line in cells]


def bars(answer):
    """(width of the picture, [(door, begins at, width)]) of each bar."""
    found = re.findall(r'<svg viewBox="0 0 (\d+) 1" pres.*?</svg>', answer.content.decode(), re.DOTALL)
    drawn = re.findall(r'<rect data-door="(.*?)" x="(\d+)" width="(\d+)"', answer.content.decode())
    return found, [(door, int(x), int(width)) for door, x, width in drawn]


def test_each_day_has_a_line_with_a_number_and_a_bar_for_each_door(page, joins):
    joins(2, at=datetime(LAST_YEAR, 9, 7, 9, tzinfo=UTC))
    joins(3, at=datetime(LAST_YEAR, 9, 8, 9, tzinfo=UTC))
    joins(1, Door.JOIN_URL, at=datetime(LAST_YEAR, 9, 8, 10, tzinfo=UTC))

    answer = page()

    assert rows(answer)[:3] == [
        ["Day", "Code", "Join URL"],
        [named(8), "3", "1"],
        [named(7), "2", "0"],
    ]
    widths, drawn = bars(answer)
    assert set(widths) == {"4"}
    assert drawn == [("code", 0, 3), ("join-url", 3, 1), ("code", 0, 2)]
    assert "6 people in the class joined by Code, Join URL or slip" in page_text(answer)


def test_a_door_that_nobody_used_has_no_column(page, joins):
    joins(1)

    assert rows(page())[0] == ["Day", "Code"]
    assert "1 person in the class joined" in page_text(page())


def test_who_has_left_and_who_was_given_the_class_are_not_counted(page, joins, biology):
    joins(2)
    biology.memberships.filter(role="member").first().leave()

    assert "1 person in the class joined" in page_text(page())


def test_a_day_begins_at_midnight_where_the_reader_lives(page, joins, ms_okafor):
    ms_okafor.time_zone = "Asia/Tokyo"
    ms_okafor.save()
    joins(1, at=datetime(LAST_YEAR, 9, 7, 16, tzinfo=UTC))

    assert rows(page())[1][0] == named(8)


def test_earlier_days_share_a_line(page, joins):
    for day in range(DAYS_SHOWN + 2):
        joins(1, at=datetime(LAST_YEAR, 1 + day // 28, 1 + day % 28, 12, tzinfo=UTC))

    lines = rows(page())
    assert lines[DAYS_SHOWN + 1] == ["Before that", "2"]
    assert lines[DAYS_SHOWN][0].endswith(f"3 Jan {LAST_YEAR}")


def test_each_code_has_a_line_if_people_joined_with_several(page, joins, biology, ms_okafor):
    joins(2)
    first = JoinCode.objects.get_current(biology)
    assert "By Code" not in page_text(page())
    first.reset(by=ms_okafor)
    joins(1)

    second = JoinCode.objects.get_current(biology)
    lines = rows(page())
    assert lines[lines.index([first.in_threes, "2"]) + 1] == [second.in_threes, "1"]


def test_a_decided_request_counts_by_how_long_it_waited(page, biology, ms_okafor):
    def ask_and_let_in(**wait):
        ask_by_join_url(biology.join_url, by=(student := StudentFactory()))
        time_passes(**wait)
        request = biology.join_requests.get(user=student)
        queue.decide(biology, [request.pk], "approve", by=ms_okafor)

    for wait in ({"minutes": 59}, {"minutes": 61}, {"hours": 23}, {"hours": 25}, {"days": 4}, {"days": 9}):
        ask_and_let_in(**wait)
    ask_by_join_url(biology.join_url, by=StudentFactory())

    assert rows(page())[-4:] == [
        ["Up to an hour", "1"],
        ["Up to a day", "2"],
        ["Up to three days", "1"],
        ["Longer", "2"],
    ]
    assert "1 waiting now , the oldest since" in page_text(page())


def test_the_page_says_how_long_answered_requests_are_kept(page):
    assert f"answered in the last {DECIDED_REQUESTS.days} days" in page_text(page())


def test_an_empty_class_says_so(page):
    assert "Nobody has joined yet." in page_text(page())
    assert "No request was answered in the last 30 days." in page_text(page())


def test_the_number_of_queries_is_the_same_for_many(page, joins, django_assert_num_queries):
    joins(1)
    page()
    with CaptureQueriesContext(connection) as few:
        page()
    joins(30, at=datetime(LAST_YEAR, 9, 7, 9, tzinfo=UTC))
    with django_assert_num_queries(len(few)):
        page()


@pytest.mark.rule("L4")
def test_slips_are_a_door_and_their_codes_are_not_listed(page, biology, joins, make_slip):
    joins(2)
    for name in ("Ana López", "Ben Müller"):
        use_code(make_slip(name), by=StudentFactory())

    answer = page()

    assert ["Day", "Code", "Slip"] in rows(answer)
    assert [cells[1:] for cells in rows(answer) if len(cells) == 3][1:] == [["2", "2"]]
    assert "By Code" not in page_text(answer)
