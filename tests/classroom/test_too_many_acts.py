"""One person adds only so many entries to the histories in a day, and what protects a class is never refused."""

from contextlib import suppress

import pytest

from accounts.compiled import compiled
from classroom.exceptions import TooManyActs
from classroom.models import Event, role_check
from classroom.rights import BOUNDED, RIGHTS
from joins.models import JoinCode
from tests.clock import time_passes
from tests.hooks import page_text

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T102")]

MOST = 20
SENTENCE = "You've changed something in your classes 20 times today. Try again tomorrow."


@pytest.fixture(autouse=True)
def twenty_a_day(monkeypatch):
    """The number is part of the SQL, which is built once, so the query is made anew."""
    query = role_check._role_and_acts_of
    monkeypatch.setattr(role_check, "MOST_ACTS_A_DAY", MOST)
    monkeypatch.setattr(role_check, "_role_and_acts_of", compiled(query.row_type)(query.build))


@pytest.fixture
def act_often(biology, ms_okafor):
    """act_often(19) -> Ms Okafor has so many entries in the history, all of today."""

    def act(how_many):
        so_far = biology.events.filter(by=ms_okafor).count()
        entry = Event(classroom=biology, kind=Event.Kind.CHANGE_NOTE, by=ms_okafor)
        Event.objects.bulk_create([entry] * (how_many - so_far))

    return act


@pytest.fixture
def at_the_limit(act_often):
    act_often(MOST)


def test_the_last_one_counts_and_the_next_one_is_refused(act_often, biology, ms_okafor):
    act_often(MOST - 1)
    biology.change_note(ms_okafor, "The last one today")

    with pytest.raises(TooManyActs):
        biology.change_note(ms_okafor, "One too many")

    biology.refresh_from_db()
    assert biology.note == "The last one today"


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("code/unlock/", {}),
        ("note/", {"note": "Bring a pencil"}),
        ("edit/", {"name": "Biology 9C", "kind": "class", "colour": "green", "expected_size": "40"}),
        ("members/export/", {}),
        ("list/", {"names": "Ana López", "keep": "on"}),
    ],
)
def test_each_page_says_so_and_changes_nothing(
    at_the_limit, url, biology, biology_code, ms_okafor, okafors_browser, page, fields
):
    biology_code().lock(by=ms_okafor)
    before = biology.events.count()

    answer = okafors_browser.post(url(page), fields)

    assert answer.status_code == 429
    assert SENTENCE in page_text(answer)
    assert biology.events.count() == before


def test_what_protects_the_class_is_done(at_the_limit, biology, biology_code, ms_okafor, amara_is_member):
    biology_code().lock(by=ms_okafor)
    biology_code().reset(by=ms_okafor)
    amara_is_member.remove(by=ms_okafor, keep_out=True)
    biology.join_url.pause(by=ms_okafor)
    biology.archive(by=ms_okafor)

    kinds = ["lock_code", "reset_code", "remove_member", "keep_out", "pause_join_url", "archive_class"]
    assert biology.events.filter(kind__in=kinds, by=ms_okafor).count() == len(kinds)


def test_a_day_later_it_works_again(at_the_limit, biology, ms_okafor):
    time_passes(days=1)

    biology.change_note(ms_okafor, "Bring a pencil")


def test_others_are_not_stopped(at_the_limit, biology, mr_lind):
    biology.change_note(mr_lind, "Bring a pencil")


def test_an_operator_from_outside_the_class_is_not_bounded(biology, operator):
    entries = [Event(classroom=biology, kind=Event.Kind.EXPORT_ROSTER, by=operator)] * MOST
    Event.objects.bulk_create(entries)

    biology.change_note(operator, "The school is shut tomorrow")


def test_every_bounded_right_exists_and_none_protects():
    assert RIGHTS.keys() >= BOUNDED
    protecting = {"lock_code", "reset_code", "report_leak", "pause_join_url", "archive_class", "decide"}
    assert not BOUNDED & (
        protecting | {"remove_member", "remove_members", "remove_co_teacher", "make_member"}
    )


def test_to_and_fro_ends(biology, biology_code, ms_okafor, act_often):
    """Both halves of a pair end, although only one of them is refused."""
    act_often(MOST - 10)
    for _ in range(15):
        biology_code().lock(by=ms_okafor)
        with suppress(TooManyActs):
            biology_code().unlock(by=ms_okafor)

    assert biology.events.filter(by=ms_okafor).count() <= MOST + 1
    assert not JoinCode.objects.get_current(biology).is_unlocked
