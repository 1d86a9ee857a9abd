"""How long a new Code is, without counting all Codes of the site for each."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joins import codes
from joins.models import JoinCode
from tests.factories import ClassroomFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("K2")]


@pytest.fixture
def longer_after(monkeypatch):
    """longer_after(3): after three more Codes, the next one has one letter more. In reality that takes 25,600."""

    def set_odds(how_many):
        issued = JoinCode.objects.order_by("pk").last()
        monkeypatch.setattr(codes, "ODDS", 20**8 // (how_many + (issued.pk if issued else 0)) + 1)

    return set_odds


def length_of_new(teacher):
    return len(JoinCode.objects.get_current(ClassroomFactory(by=teacher)).code)


def test_the_first_code_that_needs_it_is_longer(biology_code, longer_after, ms_okafor):
    longer_after(3)

    assert [length_of_new(ms_okafor) for _ in range(5)] == [9, 9, 9, 10, 10]


def test_retired_codes_count_too(biology_code, longer_after, ms_okafor):
    """Guessing a retired Code gains nothing, but the odds count every Code that was ever issued."""
    longer_after(3)
    lengths = []
    for _ in range(5):
        biology_code().reset(by=ms_okafor)
        lengths.append(len(biology_code().code))

    assert lengths == [9, 9, 9, 10, 10]


def test_codes_never_become_shorter_again(biology_code, longer_after, ms_okafor):
    longer_after(1)
    classes = [ClassroomFactory(by=ms_okafor) for _ in range(3)]
    for classroom in classes:
        classroom.delete_class(by=ms_okafor)

    assert length_of_new(ms_okafor) == 10


def test_no_code_is_counted_for_it(biology_code, ms_okafor):
    with CaptureQueriesContext(connection) as queries:
        length_of_new(ms_okafor)

    counted = [query for query in queries if "COUNT(" in query["sql"] and "joins_joincode" in query["sql"]]
    assert counted == []
