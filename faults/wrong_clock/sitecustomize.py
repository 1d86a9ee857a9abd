"""Shifts the clock of a Python process, which imports a module of this name before anything else.

WRONG_CLOCK: seconds, or the path of a file with seconds in it, which may change while the process runs.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import time_machine


def follow(file, clock, seconds):
    while True:
        time.sleep(0.1)
        if file.read_text() != seconds:
            clock.shift(int(file.read_text()) - int(seconds))
            seconds = file.read_text()


known = os.environ["WRONG_CLOCK"]
seconds = Path(known).read_text() if known.startswith("/") else known
travel = time_machine.travel(datetime.now(UTC) + timedelta(seconds=int(seconds)), tick=True)
clock = travel.start()
if known.startswith("/"):
    Thread(target=follow, args=[Path(known), clock, seconds], daemon=True).start()
