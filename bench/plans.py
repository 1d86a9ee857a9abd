"""Reads PostgreSQL's query plans for the statements of a request, and finds what is wrong with them."""

import json
from itertools import chain

from django.db import connection
from django.test.utils import CaptureQueriesContext

# Tables that grow with the number of people and classes. No request may read all of such a table.
BIG = {
    "accounts_notification",
    "accounts_user",
    "classroom_classroom",
    "classroom_event",
    "classroom_membership",
    "django_session",
    "joins_guess",
    "joins_joincode",
    "joins_joinrequest",
    "joins_joinurl",
    "joins_signup",
}
# The highest cost allowed, in PostgreSQL's unit: reading a page in sequence costs 1, looking at a row 0.01. Finding 200
# requests by an index, as many as one press decides, costs 1,100.
DEAREST = 2_000
PLANNED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


def statements_of(act):
    """Call `act` and return the SQL statements that it sends, with their parameters filled in."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured if query["sql"].lstrip("( ").startswith(PLANNED)]


def plan(statement, options="FORMAT JSON"):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({options}) {statement.replace('%', '%%')}", [])
        found = cursor.fetchone()[0]
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def price_of(act):
    """Call `act` and return what it costs.

    Returns (number of statements, PostgreSQL's estimated cost of all, number of pages that the SELECTs read).
    """
    statements = statements_of(act)
    reading = [statement for statement in statements if statement.startswith("SELECT")]
    read = [plan(statement, "FORMAT JSON, ANALYZE, BUFFERS") for statement in reading]
    pages = sum(found["Shared Hit Blocks"] + found["Shared Read Blocks"] for found in read)
    return len(statements), sum(plan(statement)["Total Cost"] for statement in statements), pages


def parts(of):
    yield of
    for part in of.get("Plans", []):
        yield from parts(part)


def indexes_of(act):
    """Call `act` and return the names of the indexes that its statements use."""
    used = chain.from_iterable(parts(plan(statement)) for statement in statements_of(act))
    return {part.get("Index Name") for part in used}


def faults_of(act):
    """Call `act` and return what is wrong with its plans, as a list of texts.

    Wrong are a plan that reads all of a big table, and one that costs more than DEAREST.
    """
    statements = statements_of(act)
    return list(chain.from_iterable(map(_faults, statements))) if statements else ["sends no statement"]


def _faults(statement):
    found = plan(statement)
    wrong = [f"costs {found['Total Cost']:.0f}"] if found["Total Cost"] > DEAREST else []
    for part in parts(found):
        if part["Node Type"].endswith("Seq Scan") and part["Relation Name"] in BIG:
            wrong.append(f"reads all of {part['Relation Name']}")
    return [f"{fault}: {statement[:300]}" for fault in wrong]
