"""The members of a class as a spreadsheet, in which every cell is text.

A CSV file leaves it to the spreadsheet what a cell is: "0012345" and "1e5" became numbers, so these usernames no longer
logged in, "=1+1" was run (T71), and where the list separator is a semicolon all stood in one column.
"""

from io import BytesIO

import xlsxwriter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = ("First name", "Last name", "Username")
WIDTH = 24  # characters


def workbook(people):
    """The bytes of an .xlsx file. `people` are rows of three texts, in the order of HEAD."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Members")
        # "@" is a spreadsheet's own sign for text: what somebody types over a cell stays as typed, too.
        sheet.set_column(0, len(HEAD) - 1, WIDTH, book.add_format({"num_format": "@"}))
        sheet.write_row(0, 0, HEAD, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        for number, person in enumerate(people, start=1):
            for column, text in enumerate(person):
                sheet.write_string(number, column, text)
    return file.getvalue()
