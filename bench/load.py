"""Runs locust over a list of visits and reads what it measured."""

import json
import math
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

LOCUSTFILE = Path(__file__).with_name("locustfile.py")


@dataclass
class Measured:
    """What one kind of request took, as the visitors saw it."""

    times: dict = field(default_factory=dict)  # milliseconds -> how many
    seconds: float = 0
    failed: int = 0

    @property
    def requests(self):
        return sum(self.times.values())

    @property
    def per_second(self):
        return self.requests / self.seconds if self.seconds else 0

    def percentile(self, share):
        """Milliseconds within which `share` (0.95) of the requests were answered."""
        seen = 0
        for ms in sorted(self.times):
            seen += self.times[ms]
            if seen >= share * self.requests:
                return ms
        return 0


def run(visits, address, visitors=8, seconds=None):
    """Let `visitors` work through `visits` at `address`, at most for `seconds`. Returns Measured by request's name."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "visits.json")
        file.write_text(json.dumps(visits))
        command = [sys.executable, "-m", "locust", "--locustfile", str(LOCUSTFILE), "--headless", "--json"]
        command += ["--host", address, "--users", str(visitors), "--spawn-rate", "1000"]
        command += ["--loglevel", "CRITICAL", "--exit-code-on-error", "0"]
        command += ["--run-time", f"{math.ceil(seconds or 900)}s", "--stop-timeout", "120"]
        environ = os.environ | {"BENCH_VISITS": str(file)}
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
        for error, times in json.loads(file.with_suffix(".errors").read_text()).items():
            print(f"    {times} × {error}")
    return {row["name"]: _measured(row) for row in json.loads(done.stdout)}


def _measured(row):
    times = {float(ms): count for ms, count in row["response_times"].items()}
    seconds = max(row["last_request_timestamp"] - row["start_time"], 0.001)
    return Measured(times, seconds, row["num_failures"])
