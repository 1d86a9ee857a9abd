"""Creates the SQLite database in $VAR_DIR with its classes and people, and prints the visits for it as JSON (L9)."""

import json
import os
import sys

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from django.core.management import call_command

    from bench.crowds import joining, spread

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    seconds = float(sys.argv[1])
    moments = spread(int(300 * min(seconds / 60, 1)), seconds) + spread(35, 5, seconds)
    sys.stdout.write(json.dumps(joining(moments)))
