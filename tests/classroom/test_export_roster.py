"""T71, T72: the member list for a spreadsheet: to managers only, noted, kept nowhere, and without a formula in it."""

import csv

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from classroom.models import Membership
from classroom.roster import lines
from tests.factories import MembershipFactory, StudentFactory

DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "-1+cmd",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠SUM(A1)",
]


@pytest.fixture
def export(sign_in, url, ms_okafor):
    """export() -> (the answer to Ms Okafor, its rows as a spreadsheet reads them)."""

    def download():
        answer = sign_in(ms_okafor).post(url("members/export/"))
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return answer, list(csv.reader(text.splitlines(keepends=True)))

    return download


def test_it_holds_names_and_usernames_and_nothing_else(export, amara_is_in):
    """T72"""
    _, rows = export()

    assert rows == [
        ["First name", "Last name", "Username"],
        ["Ngozi", "Okafor", "okafor"],
        ["Jonas", "Lind", "lind"],
        ["Amara", "Toure", "amara"],
    ]


def test_nobody_but_a_manager_takes_it(sign_in, url, amara_is_in, amara, leo, acts):
    """T72"""
    statuses = [sign_in(person).post(url("members/export/")).status_code for person in (amara, leo)]

    assert (statuses, acts()) == ([403, 404], [])


def test_it_is_a_file_that_no_cache_keeps_and_excel_reads(export, sign_in, url, ms_okafor):
    """T72"""
    answer, _ = export()

    assert answer["Content-Disposition"] == 'attachment; filename="members.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    body = b"".join(sign_in(ms_okafor).post(url("members/export/")).streaming_content)
    assert body.startswith(b'\xef\xbb\xbf"First name"')


def test_who_took_it_stands_in_the_history(export, acts):
    """T72"""
    export()

    assert acts()[-1] == ("export_roster", "okafor", None)


@pytest.mark.parametrize("cell", DANGEROUS, ids=ascii)
def test_no_cell_is_a_formula(cell):
    """T71"""
    _, (first, last, username) = csv.reader([*_without_bom([cell, "x", cell])], strict=True)

    assert (first, last, username) == (f"'{cell}", "x", f"'{cell}")


def test_every_cell_is_quoted():
    """T71"""
    assert (
        "".join(_without_bom(['Ann "A"', "Lee, Jr", "ann"])).splitlines()[1] == '"Ann ""A""","Lee, Jr","ann"'
    )


def test_a_name_with_a_formula_arrives_as_text(export, biology):
    """T71"""
    MembershipFactory(classroom=biology, user=StudentFactory(first_name="=HYPERLINK(1)", username="eve"))

    _, rows = export()

    assert ["'=HYPERLINK(1)", rows[-1][1], "eve"] == rows[-1]


@pytest.mark.parametrize("how_many", [3, 2000])
def test_a_big_class_takes_one_query_and_is_sent_in_parts(sign_in, url, biology, ms_okafor, how_many):
    """T72"""
    pupils = StudentFactory._meta.model.objects.bulk_create(
        StudentFactory.build_batch(how_many, password="!")
    )
    Membership.objects.bulk_create(
        Membership(classroom=biology, user=pupil, door="join-url") for pupil in pupils
    )
    browser = sign_in(ms_okafor)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        parts = list(browser.post(url("members/export/")).streaming_content)

    assert len(parts) == 1 + 1 + 2 + how_many
    assert len([query for query in asked if "ORDER BY CASE" in query["sql"]]) == 1


def _without_bom(row):
    _, *rest = lines([row])
    return rest
