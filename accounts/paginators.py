"""Pages of lists, without counting lists that fit on one."""

from functools import partial

from django.core.paginator import Paginator
from django.utils.functional import SimpleLazyObject, cached_property


class ShortPaginator(Paginator):
    """Reads the first page before it counts: a list that fits on it needs no SELECT COUNT.

    `read` loads the rows of a page from a slice of the queryset.
    """

    def __init__(self, queryset, per_page, read=list):
        super().__init__(queryset, per_page)
        self.read = read

    def get_page(self, number):
        if number not in (None, "", "1"):
            return super().get_page(number)
        rows = self._read_up_to(self.per_page + 1)
        if len(rows) <= self.per_page:
            self.count = len(rows)  # otherwise Django counts when a page asks for it
        return super()._get_page(rows[: self.per_page], 1, self)

    def _read_up_to(self, how_many):
        return self.read(self.object_list[:how_many])

    def _check_object_list_is_ordered(self):
        """Not asked, because it would build a lazy queryset. Every list of ours is ordered."""

    def _get_page(self, rows, number, paginator):
        return super()._get_page(self.read(rows), number, paginator)


class CompiledPaginator(ShortPaginator):
    """The same for the list that a compiled query reads with these values. Only a later page builds its queryset."""

    def __init__(self, query, values, per_page):
        super().__init__(SimpleLazyObject(partial(query.build, *values)), per_page, query.read)
        self.query, self.values = query, values

    @cached_property
    def count(self):
        return self.query.count(*self.values)

    def _read_up_to(self, how_many):
        return self.query.up_to(how_many, *self.values)
