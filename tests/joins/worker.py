"""A real Celery worker in its own process, as bin/dev starts it, on the tests' database."""

import os
import signal
import subprocess
import sys
from threading import Timer

from django.db import connection
from kombu import Connection

COMMAND = ["-m", "celery", "--app", "config", "worker", "--concurrency", "1", "--loglevel", "info"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
AT_MOST = 120  # seconds for one task on a busy machine; after that the worker is stopped and the test fails


class Worker:
    """`broker` has the arguments of kombu's Connection. `environ` holds variables for it beyond the tests' own."""

    def __init__(self, broker, environ):
        self.queue = f"homeroom-tests-{os.getpid()}"
        self.broker = Connection(**broker)
        environ = {**os.environ, "DATABASE_URL": database_url(), "PYTHONUNBUFFERED": "1", **environ}
        self.process = subprocess.Popen(
            [sys.executable, *COMMAND, *QUIET, "--queues", self.queue],
            env={name: value for name, value in environ.items() if value is not None},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def send(self, task, **options):
        with self.broker as broker:
            return task.apply_async(connection=broker, queue=self.queue, **options).id

    def run(self, task):
        """Send `task` through the broker. Returns all that the worker wrote, once it says how the task ended."""
        task_id = self.send(task)
        lines = self.read(lambda line: task_id in line and "received" not in line)
        assert "succeeded" in lines[-1], "".join(lines)
        return lines

    def read(self, is_last):
        """Every line up to the one that is looked for."""
        ends = Timer(AT_MOST, self.stop)
        ends.start()
        lines = []
        for line in self.process.stderr:
            lines.append(line)
            if is_last(line):
                break
        ends.cancel()
        return lines

    def stop(self):
        """Stops this worker and its child, and nothing else."""
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.stderr.close()


def database_url():
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    who = f"{known['USER']}:{known['PASSWORD']}" if known["PASSWORD"] else known["USER"]
    return f"postgres://{who}@{known['HOST']}:{known['PORT'] or 5432}/{known['NAME']}"
