"""The table of results, on the screen and in docs/reliability.md."""

import os
import platform
import re
import subprocess
from datetime import date
from importlib.metadata import version
from pathlib import Path

from bench.tables import table
from faults.servers import find_program

PAGE = Path("docs/reliability.md")
HEAD = ["row", "fault", "rounds", "presses", "lost", "doubled", "wrong", "verdict", "seen"]
MARKED = re.compile(r"(<!-- faults -->\n).*?(<!-- /faults -->)", re.DOTALL)


def row(fault, rounds, scene, verdict):
    excused = f" (+{verdict.excused} after crashes)" if verdict.excused else ""
    return [
        fault.number,
        fault.name,
        str(rounds),
        str(len(scene.history.attempts)),
        str(len(verdict.lost)),
        f"{len(verdict.doubled)}{excused}",
        str(len(verdict.wrong)),
        "left out" if scene.skipped else "kept" if verdict.is_kept else "BROKEN",
        scene.skipped or scene.figures,
    ]


def machine():
    """Return a sentence with the date and with what it ran on."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("django", "psycopg", "celery", "gunicorn"))
    postgres = subprocess.run(
        [find_program("postgres"), "--version"], capture_output=True, text=True, check=True
    )
    return (
        f"{date.today():%d %B %Y}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"PostgreSQL {postgres.stdout.split()[2]}, {versions}; everything on one machine."
    )


def write(rows, machine):
    """Write the table into docs/reliability.md, between its two comments."""
    text = f"{table(HEAD, rows)}\n\n{machine}"
    page = PAGE.read_text()
    PAGE.write_text(MARKED.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", page))
