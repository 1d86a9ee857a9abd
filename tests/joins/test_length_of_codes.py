"""K2: how long a new Code is, without counting every Code of the site for each."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joins import codes
from joins.models import JoinCode
from tests.factories import ClassroomFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def longer_from(monkeypatch):
    """longer_from(3): with three current Codes the next one is a letter longer. In life it is with 25,600."""
    return lambda how_many: monkeypatch.setattr(codes, "ODDS", 20**8 // how_many + 1)


def length_of_new(teacher):
    return len(JoinCode.objects.of(ClassroomFactory(by=teacher)).code)


def counting(queries):
    return [
        query["sql"] for query in queries if "COUNT(" in query["sql"] and "joins_joincode" in query["sql"]
    ]


def test_the_first_code_that_needs_it_is_longer(longer_from, ms_okafor):
    longer_from(3 + JoinCode.objects.count())

    assert [length_of_new(ms_okafor) for _ in range(5)] == [9, 9, 9, 10, 10]


def test_retired_codes_do_not_make_new_ones_longer(longer_from, biology_code, ms_okafor):
    longer_from(3)
    for _ in range(9):
        biology_code().reset(by=ms_okafor)

    assert len(biology_code().code) == 9


def test_a_site_of_few_codes_never_counts_them(ms_okafor):
    with CaptureQueriesContext(connection) as queries:
        length_of_new(ms_okafor)

    assert counting(queries) == []


def test_a_big_site_counts_once_for_many_classes(longer_from, ms_okafor):
    longer_from(1)
    with CaptureQueriesContext(connection) as queries:
        lengths = {length_of_new(ms_okafor) for _ in range(10)}

    assert lengths == {9, 10}
    assert len(counting(queries)) <= 2
