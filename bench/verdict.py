"""Makes the visits of a scenario, and compares the response times with what was promised."""

from collections import Counter

from bench import load

VISITORS = 200  # more than ever make a visit at the same time


def verdict(row, promise, how, measured, limits, others=()):
    """Return a row of the table: "kept" if `measured` is within `limits` and no request failed.

    `limits` is {share of the requests: milliseconds}, such as {0.95: 500}. Failures are counted in `others` if given,
    else in `measured`.
    """
    failed = sum(one.failed for one in others or [measured])
    figures = [f"p{share * 100:.0f} {measured.percentile(share):,.0f} ms" for share in limits]
    kept = not failed and all(measured.percentile(share) <= most for share, most in limits.items())
    told = f"{measured.requests:,} requests, {failed} failed, {', '.join(figures)}"
    return [row, promise, how, told, "kept" if kept else "not kept"]


def walk(site, visits):
    """Make the visits, each at its own second. Returns {name: Measured}. Requests without an answer count as failed."""
    found = load.run(visits, site.address, min(VISITORS, len(visits)))
    planned = Counter(step["name"] for visit in visits for step in visit["steps"])
    for name, how_many in planned.items():
        measured = found.setdefault(name, load.Measured())
        measured.failed += max(how_many - measured.requests, 0)
    return found
