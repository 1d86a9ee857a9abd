"""The members of a class as an .xlsx file in which every cell is text.

A CSV file would be simpler, but the spreadsheet program guesses what each cell means. It turned the usernames "0012345"
and "1e5" into numbers, so nobody could log in with what the list showed. It ran "=1+1" as a formula (T71). In countries
where a semicolon separates the cells, it put everything into one column.
"""

from io import BytesIO

import xlsxwriter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = ("First name", "Last name", "Username")
WIDTH = 24  # characters


def workbook(people):
    """Return the bytes of an .xlsx file. `people` are tuples of three strings, in the order of HEADINGS."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Members")
        # "@" is the number format for text, so that a cell also stays text if somebody types something else into it.
        sheet.set_column(0, len(HEADINGS) - 1, WIDTH, book.add_format({"num_format": "@"}))
        sheet.write_row(0, 0, HEADINGS, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        for number, person in enumerate(people, start=1):
            for column, text in enumerate(person):
                sheet.write_string(number, column, text)
    return file.getvalue()
