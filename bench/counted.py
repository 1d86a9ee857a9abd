"""Counts what a page or an act sends to PostgreSQL and to a browser, for any WSGI application that uses Django.

    python -m bench.counted config.wsgi         reads {act: [visit, visit]} and prints {act: {what: number}}

It reads libpq's own trace, so it counts what the driver sends, whatever sends it. The first visit warms the process up.
"""

import json
import logging
import sys
import tempfile
from importlib import import_module
from io import BytesIO
from urllib.parse import urlencode

from django.db import connection

FRAMES = ("BEGIN", "COMMIT", "SELECT 1")  # they open and end a transaction, or check the connection


def request(application, visit):
    """Make a visit in this process. Returns the bytes of the answer, compressed if the site compresses."""
    cookies, (step,) = visit["cookies"], visit["steps"]
    token = next((value for name, value in cookies.items() if name.endswith("csrftoken")), "")
    body = urlencode(step.get("data", {}) | {"csrfmiddlewaretoken": token}, doseq=True).encode()
    path, _, query = step["path"].partition("?")
    environ = {
        "REQUEST_METHOD": "POST" if "data" in step else "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_ACCEPT_ENCODING": "gzip",
        "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
    }
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in visit["headers"].items()}
    statuses = []
    answer = application(environ, lambda status, headers: statuses.append(int(status[:3])))
    size = sum(map(len, answer))
    answer.close()
    if statuses != [step["expect"]]:
        raise SystemExit(f"{step['path']} answers {statuses[0]}")
    return size


def counted(application, visits):
    """Return how many statements, round trips and bytes the second of the visits takes."""
    first, second = visits
    request(application, first)
    # A statement that is prepared takes one round trip more at that moment, and shows no SQL afterwards.
    connection.connection.prepare_threshold = None
    with tempfile.TemporaryFile("w+") as trace:
        connection.connection.pgconn.trace(trace.fileno())
        size = request(application, second)
        connection.connection.pgconn.untrace()
        trace.seek(0)
        lines = [line.split("\t") for line in trace.read().splitlines()]
    asked = [line for line in lines if line[1:2] == ["F"] and line[3] in ("Query", "Parse")]
    frames = [line for line in asked if line[-1].strip(' "') in FRAMES]
    answers = [line for line in lines if line[1:2] == ["B"] and line[3] == "ReadyForQuery"]
    return {"statements": len(asked) - len(frames), "round trips": len(answers), "bytes": size}


if __name__ == "__main__":
    application = import_module(sys.argv[1]).application
    logging.disable(logging.CRITICAL)
    visits = json.load(sys.stdin)
    json.dump({act: counted(application, pair) for act, pair in visits.items()}, sys.stdout)
