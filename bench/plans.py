"""What PostgreSQL means to do for the statements of a request: its plans, and what is wrong with them."""

import json
from itertools import chain

from django.db import connection
from django.test.utils import CaptureQueriesContext

# Tables that grow with the district; a whole one is read by no request.
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
# PostgreSQL's own unit: one page read in a row is 1, a row looked at 0.01. Two hundred requests, as many as are decided
# at once, cost 1,100, each found by an index.
DEAREST = 2_000
PLANNED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


def statements_of(act):
    """The statements of calling `act`, with their values."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured if query["sql"].lstrip("( ").startswith(PLANNED)]


def plan(statement, options="FORMAT JSON"):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({options}) {statement.replace('%', '%%')}", [])
        found = cursor.fetchone()[0]
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def price_of(act):
    """What calling `act` costs: (statements, PostgreSQL's estimate for all of them, pages that its SELECTs touch)."""
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
    """The names of the indexes that calling `act` uses."""
    used = chain.from_iterable(parts(plan(statement)) for statement in statements_of(act))
    return {part.get("Index Name") for part in used}


def faults_of(act):
    """What is wrong with the plans of calling `act`: a big table read as a whole, or a cost that grows with it."""
    statements = statements_of(act)
    return list(chain.from_iterable(map(_faults, statements))) if statements else ["sends no statement"]


def _faults(statement):
    found = plan(statement)
    wrong = [f"costs {found['Total Cost']:.0f}"] if found["Total Cost"] > DEAREST else []
    for part in parts(found):
        if part["Node Type"].endswith("Seq Scan") and part["Relation Name"] in BIG:
            wrong.append(f"reads all of {part['Relation Name']}")
    return [f"{fault}: {statement[:300]}" for fault in wrong]
