"""Starts a web server as the project does, and reads the CPU time of its processes and its database sessions."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg

TICK = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds
PROCESSES = 2
# Arguments for gunicorn: its configuration, and the application.
PRODUCT = ["-c", "python:config.gunicorn", "config.wsgi"]
FLOOR = ["-k", "gthread", "--threads", "4", "bench.floor"]  # beside it, as many threads in as many processes
AT_MOST = 120  # seconds to wait until the server has started or stopped; a busy machine may need long


class Site:
    """A running web server on a free port. `serving` is PRODUCT or FLOOR."""

    def __init__(self, serving, **environ):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        settings = {
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(PROCESSES),
            "TRUSTED_PROXIES": "1",
        } | environ
        self.database = settings.get("DATABASE_URL", os.environ["DATABASE_URL"])
        self.sessions = {}
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115 — open as long as the process runs
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--log-level", "error", *serving],
            env=os.environ | settings,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self._wait()

    def _wait(self):
        ends = time.monotonic() + AT_MOST
        while self.process.poll() is None and time.monotonic() < ends:
            with socket.socket() as asking:
                if asking.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        self.stop()
        raise SystemExit(f"The web server did not start:\n{self.log_text()}")

    def log_text(self):
        """Return everything that the server has written to its log."""
        self.log.seek(0)
        return self.log.read()

    def stop(self):
        self.process.terminate()
        self.process.wait(AT_MOST)

    def spent(self):
        """Return the CPU-milliseconds used so far, as (by web processes, by database sessions)."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        self.sessions |= {
            pid: cpu(pid) for pid in self._sessions()
        }  # those that have ended keep what they had used
        return sum(map(cpu, [self.process.pid, *children])), sum(self.sessions.values())

    def _sessions(self):
        if not self.database.startswith("postgres"):
            return []
        with psycopg.connect(self.database) as asking:
            mine = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
            return [pid for (pid,) in asking.execute(mine)]


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def cpu(pid):
    """Return the CPU-milliseconds that a process has used; 0 if it has ended or runs on another machine."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) * TICK


@contextmanager
def running(serving, **environ):
    site = Site(serving, **environ)
    try:
        yield site
    finally:
        site.stop()
