"""Pages of lists, without counting lists that fit on one."""

from django.core.paginator import Paginator


class ShortPaginator(Paginator):
    """Reads the first page before it counts: a list that fits on it needs no SELECT COUNT.

    `read` loads the rows of a page from a slice of the queryset. `read_first`, if there is one, loads the same for the
    first page and one row more, with SQL that is built once (ADR 15); the queryset may then be a SimpleLazyObject.
    """

    def __init__(self, queryset, per_page, read=list, read_first=None):
        super().__init__(queryset, per_page)
        self.read, self.read_first = read, read_first

    def get_page(self, number):
        if number not in (None, "", "1"):
            return super().get_page(number)
        rows = self.read_first() if self.read_first else self.read(self.object_list[: self.per_page + 1])
        if len(rows) <= self.per_page:
            self.count = len(rows)  # otherwise Django counts when a page asks for it
        return super()._get_page(rows[: self.per_page], 1, self)

    def _check_object_list_is_ordered(self):
        """Not asked, because it would build a lazy queryset. Every list of ours is ordered."""

    def _get_page(self, rows, number, paginator):
        return super()._get_page(self.read(rows), number, paginator)
