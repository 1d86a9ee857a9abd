"""A list that fits on one page is read, and not counted."""

import pytest

from accounts.models import User
from accounts.paginators import ShortPaginator
from tests.factories import StudentFactory


@pytest.fixture
def page_of(db):
    """page_of(5, "2") -> that page, of two rows each, of a list of five."""

    def page(how_many, number):
        StudentFactory.create_batch(how_many)
        return ShortPaginator(User.objects.order_by("pk"), 2).get_page(number)

    return page


@pytest.mark.parametrize(("how_many", "statements"), [(0, 1), (1, 1), (2, 1), (3, 2)])
def test_only_a_list_of_several_pages_is_counted(page_of, count_queries, how_many, statements):
    page_of(how_many, None)
    with count_queries(statements):
        page = ShortPaginator(User.objects.order_by("pk"), 2).get_page(None)

        assert len(page) == min(how_many, 2)
        assert page.paginator.count == how_many
        assert page.has_next() == (how_many > 2)


@pytest.mark.parametrize(
    ("number", "shown", "rows"),
    [(None, 1, 2), ("1", 1, 2), ("2", 2, 2), ("3", 3, 1), ("9", 3, 1), ("x", 1, 2), ("-1", 3, 1)],
)
def test_every_number_leads_to_a_page(page_of, number, shown, rows):
    page = page_of(5, number)

    assert (page.number, len(page)) == (shown, rows)
    assert page.paginator.num_pages == 3
