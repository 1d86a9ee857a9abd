"""Compares the product with the floor, a bare Django site with the same pages and acts (bench/floor.py).

They take turns within one run, so that other load on the machine slows both down equally.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from itertools import islice
from statistics import median
from urllib.parse import urlsplit

from bench import school, tables
from bench.acts import ACTS
from bench.site import FLOOR, PRODUCT, running
from bench.turns import Turn, take_turn

TURNS = 4
WARM = 16  # visits that warm a site up before anything is measured
LEAST = {
    "join": 0.85,
    "ask": 0.7,
    "approve-500": 0.25,
    "class": 0.9,
    "queue": 0.9,
    "members": 0.9,
    "log-in": 0.85,
    "sign-up": 0.85,
}  # promised ratios of requests a second
HEAD = ["act", "statements", "round trips", "bytes", "requests/s", "p95 ms", "CPU-ms: web + database"]
HEAD += ["floor: statements", "round trips", "bytes", "requests/s", "p95 ms", "CPU-ms: web + database"]
HEAD += ["ratio of requests/s", "of CPU", "promised"]


@dataclass
class Side:
    """One of the two sites: its visits, its counts and its turns at the act that is measured."""

    visits: dict  # {act: visits}
    counts: dict  # {act: {"statements": …, "round trips": …, "bytes": …}}

    def begin(self, act, site):
        self.waiting, self.turns = iter(self.visits[act][2:]), []  # the first two were counted
        take_turn(site, self._next(min(WARM, len(self.visits[act]) // 4)))

    def take_turn(self, site, how_many):
        self.turns.append(take_turn(site, self._next(how_many)))

    def _next(self, how_many):
        return list(islice(self.waiting, how_many))

    def middle(self):
        """Return the median of each figure over the turns."""
        return Turn(*map(median, zip(*self.turns, strict=True)))


def compare(acts, turns, share):
    """Return the rows of the table, whose columns are in HEAD. Each turn makes this `share` of an act's visits."""
    in_a_turn = {act: max(2, int(ACTS[act].in_a_turn * share)) for act in acts}
    prepared = {act: how_many * turns + min(WARM, how_many) + 2 for act, how_many in in_a_turn.items()}
    address = urlsplit(os.environ["DATABASE_URL"])
    floors_database = address._replace(path=f"{address.path}_floor").geturl()
    ours = {act: ACTS[act].make(how_many) for act, how_many in prepared.items()}
    bare = _run("bench.floor_visits", prepared, floors_database)
    school.settle()
    product = Side(ours, _counted("config.wsgi", ours, address.geturl()))
    floor = Side(bare, _counted("bench.floor", bare, floors_database))
    rows = []
    with running(PRODUCT) as of_product, running(FLOOR, DATABASE_URL=floors_database) as of_floor:
        sides = [(product, of_product), (floor, of_floor)]
        for act in acts:
            there = [(side, site) for side, site in sides if act in side.visits]
            for side, site in there:
                side.begin(act, site)
            for _ in range(turns):
                for side, site in there:
                    side.take_turn(site, in_a_turn[act])
            rows.append(_row(act, *(side for side, _ in there)))
            print("  " + " | ".join(rows[-1]), flush=True)
    return rows


def _run(module, given, database, *arguments):
    """Run a module as a process of its own, as only one Django can be set up in each. It reads and prints JSON."""
    command = [sys.executable, "-m", module, *arguments]
    environ = os.environ | {"DATABASE_URL": database}
    done = subprocess.run(
        command, env=environ, input=json.dumps(given), stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


def _counted(application, visits, database):
    return _run("bench.counted", {act: made[:2] for act, made in visits.items()}, database, application)


def _row(act, product, floor=None):
    ours, row = product.middle(), [ACTS[act].name, *_figures(act, product)]
    if not floor:
        return row + [""] * (len(HEAD) - len(row))
    bare = floor.middle()
    ratio = ours.a_second / bare.a_second
    cpu = (ours.web + ours.database) / max(bare.web + bare.database, 0.001)
    promised = f"≥ {LEAST[act]}: {'kept' if ratio >= LEAST[act] else 'not kept'}" if act in LEAST else ""
    return [*row, *_figures(act, floor), f"{ratio:.2f}", f"{cpu:.2f}", promised]


def _figures(act, side):
    counts, figures = side.counts[act], side.middle()
    return [
        str(counts["statements"]),
        str(counts["round trips"]),
        f"{counts['bytes']:,}",
        tables.number(figures.a_second),
        tables.number(figures.p95),
        f"{tables.number(figures.web)} + {tables.number(figures.database)}",
    ]
