"""If JSON is asked for, every log line of every process is JSON, and none has the text of an exception."""

import json
import os
import re
import signal
import socket
import subprocess
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from celery import Celery

from config.backends import file_broker
from tests.deployed.school import (
    AT_MOST,
    COMPOSE,
    command_of,
    embedded_web_server,
    free_port,
    is_open,
    new_site,
    until,
)

# One process makes the site of these tests, of test_head.py and of test_slow_clients.py.
pytestmark = [pytest.mark.xdist_group("embedded"), pytest.mark.threat("T26")]

TASKS = [
    "raises",
    "raises_from_another",
    "raises_what_cannot_be_sent",
    "tries_again",
    "tells",
    "ends_its_process",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The embedded default, with settings in which everything breaks: (folder, environment)."""
    known = {
        "DJANGO_SETTINGS_MODULE": "tests.deployed.talkative",
        "PYTHONPATH": os.getcwd(),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "default",
        "LOG_FORMAT": "json",
    }
    return new_site(tmp_path_factory.mktemp("site"), **known)


class Process:
    """`log` is a file with everything that the process writes."""

    def __init__(self, command, site, log, **environ):
        folder, known = site
        self.log = log
        with log.open("wb") as written:
            self.running = subprocess.Popen(
                command,
                cwd=folder,
                env=known | environ,
                stdout=written,
                stderr=written,
                start_new_session=True,
            )

    def has_said(self, words):
        return words in self.log.read_text()

    def until_it_says(self, words):
        until(lambda: self.running.poll() is not None or self.has_said(words))
        assert self.has_said(words), self.log.read_text()

    def stop(self):
        self.running.terminate()
        try:
            self.running.wait(AT_MOST)
        except subprocess.TimeoutExpired:
            os.killpg(self.running.pid, signal.SIGKILL)


@pytest.fixture
def start(site, tmp_path):
    """start(command) -> a Process, which is stopped after the test."""
    started = []

    def start_one(command, **environ):
        started.append(Process(command, site, tmp_path / f"log-{len(started)}", **environ))
        return started[-1]

    yield start_one
    for process in started:
        process.stop()


def events_of(process):
    """The process's lines, each a JSON object, after it has ended."""
    process.stop()
    text = process.log.read_text()
    lines = text.splitlines()
    assert [line for line in lines if not line.startswith("{")] == []
    assert not re.search("amina|yusuf", text, re.IGNORECASE)
    return [json.loads(line) for line in lines]


def kinds_in(events):
    """The exceptions in the log whose raising line is named."""
    return {
        event["frames"][0] for event in events if any(".py:" in frame for frame in event.get("frames", []))
    }


def send(site, *tasks):
    broker = Celery()
    broker.conf.broker_transport = "config.file_broker:Transport"
    broker.conf.broker_transport_options = file_broker(Path(site[1]["VAR_DIR"], "broker"))
    for task in tasks:
        broker.send_task(f"tests.deployed.breaks.{task}")


def test_a_worker_tells_of_everything_and_repeats_nothing(start, site):
    """It covers what a task raises, retries or leaves in a thread, and what Celery prints itself."""
    worker = start(command_of("worker"))
    worker.until_it_says("ready.")
    send(site, *TASKS)
    for words in ("succeeded", "WorkerLostError", "tries_again", "Unpickle"):
        worker.until_it_says(words)

    events = events_of(worker)

    assert kinds_in(events) >= {
        "builtins.ValueError",
        "builtins.LookupError",
        "celery.utils.serialization.UnpickleableExceptionWrapper",
    }
    assert told_in_every_way(events)
    # The order may differ: the pool may report a killed child earlier.
    assert "printed" in messages(events, "celery.redirected")


@pytest.mark.redis
def test_a_healthy_worker_says_so_in_json(start):
    here = {"REDIS_URL": os.environ["REDIS_URL"], "HOSTNAME": socket.gethostname()}
    worker = start(command_of("worker"), **here)
    worker.until_it_says("ready.")
    asked = COMPOSE["services"]["worker"]["healthcheck"]["test"].replace("$$", "$")
    check = start(["sh", "-c", asked], **here)

    assert check.running.wait(AT_MOST) == 0
    assert events_of(check) == [{f"celery@{here['HOSTNAME']}": {"ok": "pong"}}]


def test_beat_tells_of_what_it_cannot_send_or_time(start):
    beat = start(command_of("beat"))
    beat.until_it_says("Message Error")

    assert kinds_in(events_of(beat)) == {"builtins.ValueError", "celery.beat.SchedulingError"}


def web_server(name, port):
    if name == "waitress":
        return embedded_web_server()
    return command_of("web", port)


def ask(port, path):
    with closing(HTTPConnection("127.0.0.1", port, timeout=AT_MOST)) as asking, suppress(HTTPException):
        asking.request("GET", path, headers={"Host": "localhost"})
        asking.getresponse()


@pytest.mark.parametrize("server", ["gunicorn", "waitress"])
def test_a_web_server_tells_of_a_page_that_breaks(start, server):
    """It covers what Django leaves to the web server, which would name the page by its path."""
    port = free_port()
    web = start(web_server(server, port), PORT=str(port))
    until(lambda: is_open(port))
    for path in ("/breaks/amina/", "/tells/", "/stops/amina/"):
        ask(port, path)

    events = events_of(web)
    assert messages(events, "django.request") == ["Internal Server Error: tests.deployed.breaks.page_breaks"]
    [told] = [event for event in events if "a page" in event["message"]]
    assert (told["logger"].split(".")[0], told["frames"][0]) == (server, "builtins.ValueError")
    assert told_in_every_way(events)


def test_a_command_tells_of_what_nobody_has_caught(start):
    lines = "from tests.deployed import breaks; breaks.tell_in_every_way(); breaks.fails()"
    command = start(["python", "manage.py", "shell", "--verbosity", "0", "--command", lines])
    assert command.running.wait(AT_MOST) == 1

    events = events_of(command)
    assert told_in_every_way(events)
    assert events[-1]["frames"][1].endswith("in fails")


@pytest.mark.parametrize("command", ["list_access", "list_orphaned_classes", "showmigrations"])
def test_a_command_whose_reader_has_gone_says_nothing_of_it(site, command):
    """With `list_access | head -1`, somebody has read enough, and that is no error."""
    folder, known = site
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        ended = subprocess.run(
            ["python", "manage.py", command], cwd=folder, env=known, stdout=gone, stderr=subprocess.PIPE
        )

    assert (ended.returncode, ended.stderr) == (1, b"")


def test_what_prepares_the_database_says_in_one_line_what_it_has_done(start, site):
    """The log has it, so that programs can read it too."""
    database = {"DATABASE_URL": f"sqlite:///{site[0]}/prepared.sqlite3"}
    lines = []
    for _ in range(2):
        prepared = start(command_of("prepare"), **database)
        assert prepared.running.wait(AT_MOST) == 0
        [event] = events_of(prepared)
        lines.append(event["message"])

    assert re.fullmatch(r"The database is ready; migrations run: \d\d+\.", lines[0])
    assert lines[1] == "The database is ready; no migration to run."


@pytest.mark.fault("F12")
def test_why_there_is_no_database_to_prepare_is_one_sentence(start):
    """For a wrong password, for example, PostgreSQL's own text would name a role and a host."""
    port = free_port()
    prepared = start(
        command_of("prepare"), DATABASE_URL=f"postgres://homeroom:secret@127.0.0.1:{port}/homeroom"
    )

    assert prepared.running.wait(AT_MOST) == 1
    [event] = events_of(prepared)
    assert (event["level"], event["message"][:29]) == ("CRITICAL", "The database can't be reached")
    assert f"port {port} failed: Connection refused" in event["message"]
    assert "secret" not in event["message"]


@pytest.mark.parametrize("service", ["web", "worker", "beat", "prepare"])
def test_a_refused_start_is_one_sentence(start, service):
    refused = start(command_of(service), SITE_URL="http://school.example")

    assert refused.running.wait(AT_MOST) != 0
    [event] = events_of(refused)
    assert (event["level"], event["message"][:37]) == ("CRITICAL", "Homeroom does not start: SITE_URL mus")


def messages(events, logger):
    return [event["message"] for event in events if event["logger"] == logger]


def told_in_every_way(events):
    """Checks that each line of tell_in_every_way() is there, with the kind of its exception."""
    assert messages(events, "tests.deployed.breaks") == [
        "Not done: builtins.ValueError",
        "Not done: builtins.ValueError",
        "Not done: [builtins.ValueError]",
        "builtins.ValueError",
        "Not done: %d",
        "Not done: builtins.ValueError",
    ]
    assert messages(events, "homeroom")[:2] == ["Nobody has caught this"] * 2
    assert any("a warning of ours" in message for message in messages(events, "py.warnings"))
    return True
