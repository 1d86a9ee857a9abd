#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line
from django.db import DatabaseError

from config.checks import refuse_to_start
from config.health import lacks_migrations

# These make the database ready. If one of them fails, its own log says why.
PREPARING = {"prepare", "migrate", "after_restore"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    refuse_to_start()
    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except DatabaseError:
        if PREPARING.intersection(sys.argv[1:2]) or not lacks_migrations():
            raise
        sys.exit(
            "The database isn't ready for this version of Homeroom. Run `python manage.py prepare` first."
        )
    except BrokenPipeError:
        # Somebody reads no further, as in `list_access | head -1`, which is no fault. Python would try to write the
        # rest at its end and complain again, so the rest goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
