"""Lets locust make a list of visits, and returns what it measured."""

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
    """The response times of all requests with the same name, as the visitors saw them."""

    times: dict = field(default_factory=dict)  # milliseconds -> number of requests
    seconds: float = 0
    failed: int = 0

    @property
    def requests(self):
        return sum(self.times.values())

    @property
    def per_second(self):
        return self.requests / self.seconds if self.seconds else 0

    def percentile(self, share):
        """Return the milliseconds within which a `share` of the requests was answered, such as 0.95."""
        seen = 0
        for ms in sorted(self.times):
            seen += self.times[ms]
            if seen >= share * self.requests:
                return ms
        return 0


def run(visits, address, visitors=8, seconds=None):
    """Let a number of `visitors` make `visits` to the site at `address`, for `seconds` at most (default: 900).

    Returns {name of the request: Measured}.
    """
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
