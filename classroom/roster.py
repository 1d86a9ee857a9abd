"""The members of a class as CSV, which spreadsheets open without running anything in it (T71)."""

from itertools import chain

from defusedcsv import csv

BOM = "\N{BYTE ORDER MARK}"  # by it Excel knows UTF-8
HEAD = ("First name", "Last name", "Username")
# With these a spreadsheet takes a cell for a formula, or drops them and then does. defusedcsv knows the first four.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


class Echo:
    """A file that hands back what is written, so that a big class is sent line by line."""

    def write(self, line):
        return line


def lines(people):
    """`people` are rows of cells; every cell is quoted."""
    rows = csv.writer(Echo(), quoting=csv.QUOTE_ALL)
    yield BOM
    for row in chain([HEAD], people):
        yield rows.writerow([harmless(cell) for cell in row])


def harmless(cell):
    """An apostrophe makes it text, and is not shown."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
