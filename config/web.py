"""Starts gunicorn, the web server behind a proxy: `python -m config.web`, with gunicorn's options if you need any.

gunicorn reads WEB_CONCURRENCY while it is imported, and ends with a traceback if that is not a number. So this module
checks the settings first. They are in config.gunicorn.
"""

import os
import sys

from config.checks import refuse_to_start

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    refuse_to_start()
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn"]
    os.execv(sys.executable, [*gunicorn, *sys.argv[1:], "config.wsgi"])  # noqa: S606 (it replaces this process)
