"""Shifts the clock of a Python process by WRONG_CLOCK seconds.

Python imports a module of this name before anything else, if its folder is in PYTHONPATH.
"""

import os
from datetime import UTC, datetime, timedelta

import time_machine

seconds = int(os.environ["WRONG_CLOCK"])
time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds), tick=True).start()
