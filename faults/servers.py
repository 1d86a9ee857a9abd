"""Starts PostgreSQL and Redis on free ports and in temporary folders, so that no other server is ever touched."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from redis import Redis as Client
from redis import RedisError

from tests.deployed.school import AT_MOST, free_port, until

# The role of docker-compose.yml, created in the same way. PostgreSQL keeps its last three connections for superusers.
ROLE, PASSWORD = "homeroom", "homeroom"
CONNECTIONS = 60  # sixteen for the threads of the web servers, four for workers, and spare ones


class Server:
    """A process that faults stop, freeze or kill. Its files are in `folder`."""

    process = None

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.thaw()
            self.process.send_signal(how)
            self.process.wait(AT_MOST)

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder)

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None


class Postgres(Server):
    """A new cluster, with fsync on. PostgreSQL refuses to run as root, so for root it runs as the user postgres."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="homeroom-postgres-"))
        self.port = free_port()
        self.who = {}
        if os.getuid() == 0:
            postgres = pwd.getpwnam("postgres")
            os.chown(self.folder, postgres.pw_uid, postgres.pw_gid)
            self.who = {"user": postgres.pw_uid, "group": postgres.pw_gid, "extra_groups": []}
        initdb = [
            find_program("initdb"),
            "-D",
            self.data,
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
        ]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self.who)
        self.start()
        psql = ["psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", "bin/role.sql"]
        at = {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "postgres", "PGDATABASE": "postgres"}
        subprocess.run(psql, env=os.environ | at | {"POSTGRES_PASSWORD": PASSWORD}, check=True)

    @property
    def data(self):
        return str(self.folder / "data")

    @property
    def url(self):
        return f"postgres://{ROLE}@127.0.0.1:{self.port}/{ROLE}"

    def start(self):
        settings = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=on",
            f"max_connections={CONNECTIONS}",
        ]
        command = [find_program("postgres"), "-D", self.data, "-p", str(self.port)]
        command += [part for setting in settings for part in ("-c", setting)]

        def runs():
            # After a kill -9, its children keep the shared memory for a moment, and a new postmaster refuses to start.
            if not self.is_running:
                with (self.folder / "log").open("ab") as log:
                    self.process = subprocess.Popen(
                        command, stdout=log, stderr=log, cwd=self.folder, **self.who
                    )
            with suppress(psycopg.OperationalError), self.superuser_connection("postgres"):
                return True
            return False

        until(runs)

    def stop(self, how=signal.SIGINT):
        """SIGINT ends all sessions and writes all to disk. SIGKILL ends the postmaster, and nothing is written."""
        super().stop(how)

    @contextmanager
    def superuser_connection(self, name=ROLE):
        """Yield a connection of the superuser."""
        url = f"postgres://postgres@127.0.0.1:{self.port}/{name}?connect_timeout={AT_MOST}"
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection

    def query(self, sql, *values):
        with self.superuser_connection() as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def count_in_log(self, words):
        """Return how often PostgreSQL's log contains `words`."""
        return (self.folder / "log").read_text().count(words)


class Redis(Server):
    def __init__(self):
        self.folder, self.port = tempfile.mkdtemp(prefix="homeroom-redis-"), free_port()
        self.start()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self):
        return Client.from_url(self.url, socket_connect_timeout=AT_MOST, socket_timeout=AT_MOST)

    def start(self):
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        command = [
            program,
            "--bind",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--save",
            "",
            "--dir",
            self.folder,
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

        def runs():
            with suppress(RedisError):
                return self.client.ping()
            return False

        until(runs)


def find_program(name):
    """Return the path of a program of PostgreSQL, the newest one. Debian keeps them outside PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    program = shutil.which(name) or (found and found[-1])
    if not program:
        raise SystemExit(f"There is no {name}. On Debian: apt-get install postgresql")
    return str(program)
