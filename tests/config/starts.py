"""Tries many environments in one process for the price of a few starts: `python -m tests.config.starts < cases.json`.

Each case is an environment. A process that has imported everything forks for each case and reads the settings there,
with the function that every command calls first. Prints a list with [exit code, text on stderr] for each case.
"""

import encodings.idna  # noqa: F401 (with which names of hosts are read)
import json
import os
import sys
import tempfile
import traceback

import celery.schedules  # noqa: F401 (`import celery` alone imports nothing yet)
import django.middleware.csrf  # noqa: F401 (which the checks import, and with it most of Django)

# What the settings and the checks import. Each case would import it anew.
from config import backends, checks, misspelt, timetable, views  # noqa: F401


def start(environ):
    with tempfile.TemporaryFile() as stderr:
        if not (child := os.fork()):
            _start(environ, stderr)
        _, status = os.waitpid(child, 0)
        stderr.seek(0)
        return os.waitstatus_to_exitcode(status), stderr.read().decode()


def _start(environ, stderr):
    """Never returns: the fork ends here."""
    os.dup2(stderr.fileno(), 2)
    code = 1
    try:
        os.environ.clear()
        os.environ.update(environ)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        checks.refuse_to_start()
        code = 0
    except SystemExit as refusal:
        sys.stderr.write(f"{refusal}\n")
    except BaseException:
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    json.dump([start(environ) for environ in json.load(sys.stdin)], sys.stdout)
