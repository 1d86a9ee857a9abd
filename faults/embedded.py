"""The embedded default as bin/dev starts it: SQLite, a broker of files, one web process, one worker with beat."""

import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

from celery import Celery

from config.backends import file_broker
from faults.mails import FaultyMailServer
from faults.premises import Premises
from tests.deployed.school import AT_MOST, PATH, SITE_URL, free_port, until
from tests.deployed.visitor import Proxy


class Embedded(Premises):
    """Has the same methods as Premises; where the faults use `postgres` or `school`, it stands for them itself."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="homeroom-embedded-"))
        self.var, self.log = self.folder / "var", self.folder / "log"
        self.mails, self.port, self.process = FaultyMailServer(), free_port(), None
        self.proxy, self.postgres, self.school = Proxy([self.port]), self, self

    def open(self):
        broker = self.var / "broker"
        broker.mkdir(parents=True, exist_ok=True)
        self.broker = Celery()
        self.broker.conf.broker_transport = "config.file_broker:Transport"
        self.broker.conf.broker_transport_options = file_broker(broker)
        self.repair()
        self._people = self._make_people()

    @property
    def environ(self):
        """https, so that the simulated browsers are the same as for other faults; otherwise bin/dev's own defaults."""
        of_the_site = {
            "SITE_URL": SITE_URL,
            "TRUSTED_PROXIES": "1",
            "PORT": str(self.port),
            "DIGEST_EVERY": "1",
            "PATH": PATH,
        }
        mail = {"EMAIL_URL": f"smtp://localhost:{self.mails.port}"}
        return os.environ | of_the_site | mail | {"VAR_DIR": str(self.var)}

    def repair(self):
        self.mails.accept()
        if self.process is None or self.process.poll() is not None:
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    [Path("bin/dev").resolve()],
                    env=self.environ,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        until(self.is_ready)

    def is_ready(self):
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        with suppress(OSError), closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as web:
            web.request("GET", "/readyz", headers={"Host": "localhost"})
            return web.getresponse().status == 200
        return False

    def kill(self):
        """Send SIGKILL to bin/dev and to everything it started."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGSTOP)  # so that it can't react when its children die
            children = descendants(self.process.pid)
            for pid in [self.process.pid, *children]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()
            until(lambda: not any(map(is_alive, children)))

    def stop(self):
        self.process.terminate()
        self.process.wait(AT_MOST)

    def query(self, sql):
        with closing(sqlite3.connect(self.database, timeout=20)) as connection, connection:
            return connection.execute(sql).fetchall()

    @property
    def database(self):
        return self.var / "homeroom.sqlite3"

    def is_whole(self):
        return self.query("PRAGMA integrity_check") == [("ok",)]

    def close(self):
        self.kill()
        self.mails.refuse()
        shutil.rmtree(self.folder)


def is_alive(pid):
    """Return whether the process still lives: until it is a zombie, it keeps its port."""
    with suppress(OSError):
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    return False


def descendants(pid):
    children = []
    with suppress(OSError):  # it has just ended
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [found for child in map(int, children) for found in (child, *descendants(child))]
