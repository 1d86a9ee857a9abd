"""Compares the product with a bare Django site, the yardstick.

They take turns within one run, so that other load on the machine slows both down equally.
"""

from dataclasses import dataclass, field

from django.test import Client

from bench import load, tables
from bench.acts import ACTS, join_in_bare_sql
from bench.plans import statements_of
from bench.site import PRODUCT, YARDSTICK, running

TURNS = 3
VISITORS = 8
WARM = 16  # visits that warm the site up before anything is measured
LEAST = 0.8  # promised ratio of joins a second, product to yardstick


@dataclass
class Turns:
    """The sums over all turns of one site."""

    times: dict = field(default_factory=dict)  # milliseconds -> number of requests
    requests: int = 0
    seconds: float = 0
    web: float = 0  # CPU-milliseconds
    database: float = 0  # CPU-milliseconds

    def add(self, measured, web, database):
        for ms, how_many in measured.times.items():
            self.times[ms] = self.times.get(ms, 0) + how_many
        self.requests += measured.requests
        self.seconds += measured.seconds
        self.web += web
        self.database += database

    @property
    def measured(self):
        return load.Measured(self.times, self.seconds)

    @property
    def cpu(self):
        """CPU-milliseconds per request, of the web processes and the database sessions together."""
        return (self.web + self.database) / max(self.requests, 1)


def turn(site, make, seconds, most, turns, bare):
    """Let VISITORS do the act for `seconds` and add the result to `turns`. The first turn warms the site up before.

    `make` returns the visits; `most` is how many visits a second to prepare.
    """
    visits = make(max(int(most * seconds), 40), bare)
    if not turns.requests:
        warm = min(WARM, len(visits) // 2)  # approve_many() makes only few visits
        as_expected(load.run(visits[:warm], site.address, VISITORS)["act"])
        visits = visits[warm:]
    before = site.spent()
    measured = as_expected(load.run(visits, site.address, VISITORS, seconds)["act"])
    after = site.spent()
    turns.add(measured, after[0] - before[0], after[1] - before[1])


def as_expected(measured):
    """Return `measured`, or end the run if a visit got an unexpected answer.

    The times would mean nothing then: a redirect to the log-in page, for example, is quick.
    """
    if measured.failed:
        raise SystemExit(
            f"{measured.failed} of {measured.requests} visits were not answered as expected, see above."
        )
    return measured


def once(make):
    """Return a function that does the act once, with Django's test client in this process."""
    one = make(40, False)[0]
    step = one["steps"][0]
    browser = Client(headers=one["headers"], SERVER_NAME="127.0.0.1")
    browser.cookies.load(one["cookies"])

    def do():
        answer = browser.post(step["path"], step["data"]) if "data" in step else browser.get(step["path"])
        if answer.status_code != step["expect"]:
            raise SystemExit(f"{step['path']} answers {answer.status_code}")

    return do


def compare(acts, seconds):
    """Return the rows of the table, whose columns are in HEAD."""
    rows = []
    with running(PRODUCT) as product, running(YARDSTICK) as yardstick:
        for key in acts:
            name, make, most = ACTS[key]
            ours, bare = Turns(), Turns()
            for _ in range(TURNS):
                turn(product, make, seconds / TURNS, most, ours, bare=False)
                turn(yardstick, make, seconds / TURNS, most, bare, bare=True)
            rows.append(_row(name, len(statements_of(once(make))), ours, bare))
            print("  " + " | ".join(rows[-1]), flush=True)
            if key == "join":
                floor = Turns()
                turn(yardstick, join_in_bare_sql, seconds / TURNS, most, floor, bare=True)
                rows.append(_row("… beside bare SQL, without the ORM", "", ours, floor))
    return rows


def _row(name, statements, ours, bare):
    fast, slow = ours.measured, bare.measured
    ratio, cost = fast.per_second / max(slow.per_second, 0.001), bare.cpu / max(ours.cpu, 0.001)
    figures = [fast.per_second, *(fast.percentile(share) for share in (0.5, 0.95, 0.99)), ours.cpu]
    figures += [slow.per_second, slow.percentile(0.95), bare.cpu]
    return [name, str(statements), *map(tables.number, figures), f"{ratio:.2f}", f"{cost:.2f}"]


HEAD = ["act", "statements", "requests/s", "p50 ms", "p95 ms", "p99 ms", "CPU-ms"]
HEAD += ["bare: requests/s", "p95 ms", "CPU-ms", "ratio of requests/s", "of CPU"]
