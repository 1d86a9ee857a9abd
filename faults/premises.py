"""A deployed site with its own servers, and enough people for all faults."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from celery import Celery
from psycopg import OperationalError

from faults.mails import FaultyMailServer
from faults.servers import ROLE, Postgres, Redis
from tests.deployed.school import School, free_port, until
from tests.deployed.visitor import Proxy

STUDENTS, TEACHERS = 2_000, 150
MINUTES = "UPDATE {table} SET {column} = {column} - make_interval(mins => %s) WHERE {column} IS NOT NULL"
END_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
WAITING_FOR = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
DELIVER = "accounts.tasks.deliver_digests"


class Premises:
    """Browsers use `proxy`. Faults break `postgres`, `redis`, `mails` and the processes; repair() mends all of them."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="homeroom-faults-"))
        self.postgres, self.redis, self.mails = Postgres(), Redis(), FaultyMailServer()
        self.ports = {"web 1": free_port(), "web 2": free_port()}
        self.school = School(
            self.folder,
            DATABASE_URL=self.postgres.url,
            REDIS_URL=self.redis.url,
            EMAIL_URL=f"smtp://localhost:{self.mails.port}",
            DIGEST_EVERY="1",
        )
        self.proxy = Proxy(self.ports.values())
        self.broker = Celery(broker=self.redis.url)

    def open(self):
        self.school.run("prepare")
        self.repair()
        self._people = self._make_people()

    def repair(self):
        """Start again what was stopped, frozen or killed, and wait until every web server is ready."""
        self.mails.accept()
        for server in (self.postgres, self.redis):
            if server.is_running:
                server.thaw()
            else:
                server.start()
        for name in ("web 1", "web 2", "worker 1", "worker 2", "beat"):
            self.start(name)
        for name, port in self.ports.items():
            until(lambda name=name, port=port: self.school.is_ready(name, port))

    def start(self, name):
        running = self.school.running.get(name)
        if running is None or running.poll() is not None:
            self.school.start(name, name.split()[0], self.ports.get(name))

    def kill(self, *names):
        """Send SIGKILL to these processes and their children; without names, to web servers, workers and beat."""
        for name in names or list(self.school.running):
            self.school.kill(name)

    def web_processes(self):
        """Return the process ids of gunicorn's workers."""
        masters = [self.school.running[name] for name in self.ports]
        return {pid for master in masters for pid in children_of(master)}

    def people(self, kind, how_many):
        """Return so many people who have taken part in no round yet."""
        found = [person for person in self._people if person["kind"] == kind][:how_many]
        assert len(found) == how_many, f"too few people of kind {kind}"
        self._people = [person for person in self._people if person not in found]
        return found

    def send_task(self, task=DELIVER):
        """Send a task through the broker, as beat does, but now."""
        self.broker.send_task(task)

    def has_unsent_digests(self):
        """Return whether a digest is unsent; one that a worker has claimed counts as well."""
        sql = "SELECT 1 FROM accounts_digest WHERE sent_at IS NULL AND parked_at IS NULL LIMIT 1"
        return bool(self.postgres.query(sql))

    def minutes_pass(self, minutes):
        """Let so much time pass for mails, by moving their moments back."""
        for table in ("accounts_digest", "accounts_letter"):
            for column in ("due_at", "created_at"):
                self.postgres.query(MINUTES.format(table=table, column=column), minutes)
        self.postgres.query(MINUTES.format(table="accounts_notification", column="mail_at"), minutes)

    @contextmanager
    def class_row_locked(self, room):
        """Lock the class's row from another session, which may get killed. Anybody who joins the class has to wait."""
        with (
            suppress(OperationalError),
            self.postgres.superuser_connection() as connection,
            connection.transaction(),
        ):
            connection.execute(
                "SELECT 1 FROM classroom_classroom WHERE public_id = %s FOR UPDATE", [room.public_id]
            )
            yield

    def wait_for_blocked(self, least):
        """Return when so many sessions wait for a lock."""
        until(lambda: self.postgres.query(WAITING)[0][0], lambda waiting: waiting >= least)

    def wait_until_blocked_by(self, session):
        """Return when somebody waits for a lock that this session holds."""
        # One connection for all tries, because the one who waits gives up soon.
        with self.postgres.superuser_connection() as connection:
            until(lambda: connection.execute(WAITING_FOR, [session.info.backend_pid]).fetchone()[0])

    def end_sessions(self):
        """End Homeroom's sessions in PostgreSQL, as an operator can. Return how many there were."""
        return len(self.postgres.query(END_SESSIONS, ROLE))

    def close(self):
        for name in list(self.school.running):
            self.school.kill(name)
        self.mails.refuse()
        self.redis.remove()
        self.postgres.remove()
        shutil.rmtree(self.folder)

    def _make_people(self):
        made = subprocess.run(
            [sys.executable, "-m", "faults.people", str(STUDENTS), str(TEACHERS)],
            env=self.school.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
            stdout=subprocess.PIPE,
            check=True,
        )
        return json.loads(made.stdout)


def children_of(process):
    """Return the process ids of the children of a gunicorn or a worker."""
    return list(map(int, Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()))


def sigkill(pid):
    os.kill(pid, signal.SIGKILL)
