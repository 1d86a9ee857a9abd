"""A crowd walks, and what it met is held against what was promised."""

from collections import Counter

from bench import load

VISITORS = 200  # more than are ever on their way at once


def verdict(row, promise, how, measured, limits, others=()):
    """A row: the press itself against its limits (share -> milliseconds), and nothing refused or broken anywhere."""
    failed = sum(one.failed for one in others or [measured])
    figures = [f"p{share * 100:.0f} {measured.percentile(share):,.0f} ms" for share in limits]
    kept = not failed and all(measured.percentile(share) <= most for share, most in limits.items())
    told = f"{measured.requests:,} requests, {failed} failed, {', '.join(figures)}"
    return [row, promise, how, told, "kept" if kept else "not kept"]


def walk(site, visits):
    """Let the visits happen at their seconds; returns Measured by name. What never came to an end has failed."""
    found = load.run(visits, site.address, min(VISITORS, len(visits)))
    planned = Counter(step["name"] for visit in visits for step in visit["steps"])
    for name, how_many in planned.items():
        measured = found.setdefault(name, load.Measured())
        measured.failed += max(how_many - measured.requests, 0)
    return found
