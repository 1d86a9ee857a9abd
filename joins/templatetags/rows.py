"""Draws the rows of a long list: {% rows member in members %}…{% endrows %}

Rendering a row takes Django half a millisecond, and most rows differ only in what they print. So what stands between
the tags is rendered once for each shape of row, with marks in place of the texts; for each row the marks are then
replaced, which takes some microseconds. Nothing is kept from one page to the next.
"""

import re
from html import escape
from secrets import randbelow

from django import template

register = template.Library()
# A number, so that no filter and no address changes it, and one that nobody can put into the name of a class.
_NUMBER = f"{randbelow(10**20):020}"
_MARKED = re.compile(rf"{_NUMBER}(\d\d)")


class Mark(str):
    """Stands for a text while a shape is rendered. It can be printed, but a test would be the same for all rows."""

    is_tested = False

    def _note_test(self, *_):
        """No error is raised here, because Django's `and`, `not` and `==` would make it False without a word."""
        self.is_tested = True
        return False

    __bool__ = __eq__ = __ne__ = __lt__ = __gt__ = __contains__ = _note_test
    __hash__ = str.__hash__


class RowsNode(template.Node):
    child_nodelists = ("nodelist",)

    def __init__(self, name, rows, nodelist):
        self.name, self.rows, self.nodelist = name, rows, nodelist

    def render(self, context):
        patterns, drawn = {}, []
        for row in self.rows.resolve(context):
            if row.shape not in patterns:
                patterns[row.shape] = self._pattern(row, context)
            drawn.append(
                patterns[row.shape] % {name: escape(str(text)) for name, text in row.text._asdict().items()}
            )
        return "".join(drawn)

    def _pattern(self, row, context):
        """Return what all rows of this shape have in common, with %(name)s for each text."""
        names = row.text._fields
        marks = {name: Mark(f"{_NUMBER}{place:02}") for place, name in enumerate(names)}
        with context.push(**{self.name: row.shape._asdict() | marks}):
            common = self.nodelist.render(context)
        if any(mark.is_tested for mark in marks.values()):
            raise TypeError("A text of a row can't be tested. Add a field to the shape of the row.")
        return _MARKED.sub(lambda mark: f"%({names[int(mark[1])]})s", common.replace("%", "%%"))


@register.tag
def rows(parser, token):
    """Draw what stands between the tags for each of the rows, quickly.

    A row has two NamedTuples: `shape` holds everything that decides how it looks, and `text` what it prints. In the
    template both are attributes of the one name. A text can't be tested or changed, only printed. The filter
    left_to_right may be used: it only writes around it.
    """
    _, name, _, rows = token.split_contents()
    nodelist = parser.parse(("endrows",))
    parser.delete_first_token()
    return RowsNode(name, parser.compile_filter(rows), nodelist)
