"""Python imports this by its name before anything else: the process sees another time, without anything else changed.

WRONG_CLOCK: by how many seconds, or a file that says so and may change meanwhile.
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
