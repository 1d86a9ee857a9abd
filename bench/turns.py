"""Lets a site answer visits as fast as it can, and says how fast and for how much CPU time."""

from typing import NamedTuple

from django.test import Client

from bench.client import drive

VISITORS = 8  # each with a connection of its own, kept open


class Turn(NamedTuple):
    """The figures of one turn of a site at one act."""

    a_second: float
    p95: float  # milliseconds, as the visitors see them
    web: float  # CPU-milliseconds of the web processes for each request
    database: float  # and of the database sessions


def take_turn(site, visits):
    """Let VISITORS make the visits. Ends the run if an answer is not as expected: a redirect to log in is quick."""
    before = site.spent()
    answers = drive(site.port, visits, VISITORS)
    after = site.spent()
    if answers.wrong:
        raise SystemExit(
            f"{len(answers.wrong)} of {len(visits)} answers are wrong, such as {answers.wrong[0]}"
        )
    times = sorted(answers.times)
    web, database = ((now - then) / len(visits) for now, then in zip(after, before, strict=True))
    return Turn(len(visits) / answers.seconds, times[len(times) * 95 // 100], web, database)


def once(visit):
    """Return a function that makes the visit, with Django's test client in this process."""
    (step,) = visit["steps"]
    browser = Client(headers=visit["headers"], SERVER_NAME="127.0.0.1")
    browser.cookies.load(visit["cookies"])

    def do():
        answer = browser.post(step["path"], step["data"]) if "data" in step else browser.get(step["path"])
        if answer.status_code != step["expect"]:
            raise SystemExit(f"{step['path']} answers {answer.status_code}")

    return do
