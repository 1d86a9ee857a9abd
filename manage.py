#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

from config.checks import refuse_to_start

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    refuse_to_start()
    execute_from_command_line(sys.argv)
