"""Formats Markdown tables, and writes them into bench/README.md."""

import os
import platform
import re
from datetime import date
from importlib.metadata import version
from pathlib import Path

import psycopg

README = Path(__file__).with_name("README.md")


def number(value):
    """Format a number with about three significant digits: 1,234 · 56.7 · 0.42"""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def machine(note):
    """Return one sentence with the date, the machine and the versions of the software, and then the note."""
    cpu = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        postgres = database.execute("SHOW server_version").fetchone()[0].split()[0]
    packages = ", ".join(f"{name} {version(name)}" for name in ("django", "psycopg", "gunicorn", "locust"))
    return (
        f"{date.today():%d %B %Y}, {os.cpu_count()} cores ({cpu[1] if cpu else platform.machine()}), {memory:.0f} GiB, "
        f"Python {platform.python_version()}, PostgreSQL {postgres} on the same machine in its default configuration, "
        f"{packages}, 2 web processes. {note}"
    )


def write(block, text):
    """Replace a block of bench/README.md: the text between the comments <!-- block --> and <!-- /block -->."""
    marked = re.compile(rf"(<!-- {block} -->\n).*?(<!-- /{block} -->)", re.DOTALL)
    page = README.read_text()
    if not marked.search(page):
        raise SystemExit(f"bench/README.md has no block {block}")
    README.write_text(marked.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", page))
