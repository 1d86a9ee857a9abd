"""Measures the same acts with more and more classes, to show if an act gets slower as the database grows."""

import time

from bench import school, tables
from bench.acts import ACTS, home, new_class, poll
from bench.compare import Turns, once, turn
from bench.plans import price_of
from bench.site import PRODUCT, running

SIZES = [100, 10_000, 1_000_000]  # classes
GROWING = {
    "join by Code": ACTS["join"][1],
    "ask by Join URL": ACTS["ask"][1],
    "class page": ACTS["class"][1],
    "queue page": ACTS["queue"][1],
    "home page": home,
    "poll": poll,
    "open a class": new_class,
}
MEMBERS = {100: 30, 10_000: 30, 1_000_000: 2}  # in each class; with --full 30 in all that MINUTES suffice for
SECONDS, MINUTES = 3, 10  # of measuring each act; of adding classes with --full


def growth(arguments):
    """Return a Markdown table with a row for each act and a column for each size, and a list of the sizes.

    A cell has four figures for one request: SQL statements, PostgreSQL's estimated cost, pages read, CPU-milliseconds.
    """
    rows = {name: [name] for name in GROWING}
    head, told, there = ["act"], [], 0
    for size in SIZES[:2] if arguments.smoke else SIZES:
        members, until = 2 if arguments.smoke else MEMBERS[size], None
        if arguments.full:
            members, until = 30, time.monotonic() + MINUTES * 60
        began = time.monotonic()
        there = school.grow(there + 1, size, members, until)
        seeded = time.monotonic() - began
        school.settle()
        told.append(_tell(there, seeded))
        print("  " + told[-1], flush=True)
        head.append(f"{there:,} classes: statements · cost · pages · CPU-ms")
        with running(PRODUCT) as site:
            for name, make in GROWING.items():
                rows[name].append(_figures(site, make))
                print("  " + " | ".join(rows[name]), flush=True)
    return tables.table(head, rows.values()) + "\n\n" + "\n".join(f"- {line}" for line in told)


def _figures(site, make):
    statements, cost, pages = price_of(once(make))
    turns = Turns()
    turn(site, make, SECONDS, 400, turns, bare=False)
    return f"{statements} · {cost:,.0f} · {pages:,} · {tables.number(turns.cpu)}"


def _tell(classes, seconds):
    rows, megabytes = school.sizes()
    held = ", ".join(f"{how_many:,} {table.split('_')[1]}s" for table, how_many in rows.items())
    return f"{classes:,} classes: {held}; {megabytes:,.0f} MB; the last part was seeded in {seconds:.0f} s."
