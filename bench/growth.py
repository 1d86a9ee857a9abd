"""Measures the same acts with more and more classes, to show if an act gets slower as the database grows."""

import time
from functools import partial

from bench import school, tables
from bench.acts import ACTS, home, new_class, poll, queue_page
from bench.plans import price_of
from bench.site import PRODUCT, running
from bench.turns import once, take_turn

SIZES, SMOKE = [100, 10_000, 1_000_000], [100, 1_000]  # classes
GROWING = {
    "join by Code": ACTS["join"].make,
    "ask by Join URL": ACTS["ask"].make,
    "class page": ACTS["class"].make,
    "queue page": queue_page,
    "home page": home,
    "poll": poll,
    "open a class": new_class,
}
# In each class; with --full 30 in all that MINUTES suffice for.
MEMBERS = {100: 30, 1_000: 30, 10_000: 30, 1_000_000: 2}
VISITS = 400  # of which the CPU time is measured; with --smoke a tenth
WAITING = 10_000  # requests in the queue that is opened; with --smoke a tenth
MINUTES = 10  # of adding classes with --full


def growth(arguments):
    """Return a Markdown table with a row for each act and a column for each size, and a list of the sizes.

    A cell has four figures for one request: SQL statements, PostgreSQL's estimated cost, pages read, CPU-milliseconds.
    """
    dose = 10 if arguments.smoke else 1
    growing = GROWING | {"queue page": partial(queue_page, pending=WAITING // dose)}
    rows = {name: [name] for name in growing}
    head, told, there = ["act"], [], 0
    for size in SMOKE if arguments.smoke else SIZES:
        members, until = MEMBERS[size], None
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
            for name, make in growing.items():
                rows[name].append(_figures(site, make, VISITS // dose))
                print("  " + " | ".join(rows[name]), flush=True)
    return tables.table(head, rows.values()) + "\n\n" + "\n".join(f"- {line}" for line in told)


def _figures(site, make, how_many):
    statements, cost, pages = price_of(once(make(1)[0]))
    turn = take_turn(site, make(how_many))
    return f"{statements} · {cost:,.0f} · {pages:,} · {tables.number(turn.web + turn.database)}"


def _tell(classes, seconds):
    rows, megabytes = school.sizes()
    held = ", ".join(f"{how_many:,} {table.split('_')[1]}s" for table, how_many in rows.items())
    return f"{classes:,} classes: {held}; {megabytes:,.0f} MB; the last part was seeded in {seconds:.0f} s."
