"""Homeroom as it is deployed: the commands of Dockerfile and docker-compose.yml, without a container engine.

They run from .venv-base, which only holds production's packages, so a package that is missing there is noticed (F32).
"""

import json
import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from time import monotonic

from ruamel.yaml import YAML

COMPOSE = YAML(typ="safe").load(Path("docker-compose.yml"))
DOCKERFILE = Path("Dockerfile").read_text()
BASE = Path(".venv-base/bin").absolute()
# The machine's own programs come after it, and no other environment's programs.
PATH = ":".join(
    [
        str(BASE),
        *(part for part in os.environ["PATH"].split(":") if not Path(part, "../pyvenv.cfg").exists()),
    ]
)
SITE_URL = "https://school.example"
# Seconds until something counts as failed. Where eight processes compete for each core, bin/dev takes 40 to start.
AT_MOST = 120
ENGINES_GRACE = "10s"  # what an engine gives a service without a stop_grace_period


def until(look, is_enough=bool, seconds=AT_MOST):
    """Look again and again until `enough` accepts what is seen, and return that.

    The time limit is a clock and not a number of looks, because on a busy machine a look may take a second. After the
    last pause it looks once more.
    """
    began, pause = monotonic(), Event()
    while not is_enough(seen := look()):
        waited = monotonic() - began
        if waited >= seconds:
            raise AssertionError(
                f"{look.__qualname__} has not come true in {waited:.1f} s; seen last: {seen!r}"
            )
        pause.wait(0.1)
    return seen


def command_of(service, port=8000):
    """What compose starts: the service's own command or that of the image, listening on this machine only, at
    `port`."""
    command = shlex.split(COMPOSE["services"][service].get("command", "")) or json.loads(
        re.search(r"^CMD (\[.*\])", DOCKERFILE, re.DOTALL | re.MULTILINE)[1].replace("\\\n", "")
    )
    return [part.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for part in command]


def embedded_web_server():
    """The command by which bin/dev starts the web server of the embedded default. It listens at PORT."""
    return shlex.split(re.search(r"^web=\((.+)\)$", Path("bin/dev").read_text(), re.MULTILINE)[1])


def health_check_of(service, port=8000):
    """The command that an engine runs in the service's container to learn whether it is healthy."""
    asked = COMPOSE["services"][service]["healthcheck"]["test"]
    return ["sh", "-c", asked.replace("$$", "$").replace("localhost:8000", f"localhost:{port}")]


def environment(**known):
    """What compose gives to web, worker and beat, with `known` in place of the names of other containers."""
    given = COMPOSE["services"]["web"]["environment"]
    assert known.keys() >= {name for name, value in given.items() if "://" in value or ":?" in value}
    defaults = {name: re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", value) for name, value in given.items()}
    return defaults | known


def image(folder):
    """Copy what .dockerignore lets into the image, and collect the static files as the Dockerfile does."""
    assert BASE.exists(), "There is no .venv-base. bin/test makes it."
    for line in Path(".dockerignore").read_text().splitlines():
        wanted = Path(line.removeprefix("!"))
        if line.startswith("!"):
            (folder / wanted).parent.mkdir(parents=True, exist_ok=True)
            if wanted.is_dir():
                shutil.copytree(wanted, folder / wanted, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(wanted, folder / wanted)
    collect = re.search(r"python manage.py collectstatic[^&]*", DOCKERFILE)[0]
    environ = os.environ | {"VAR_DIR": str(folder / "build"), "DATABASE_URL": "", "REDIS_URL": ""}
    subprocess.run(shlex.split(collect), cwd=folder, env=environ | {"PATH": PATH}, check=True)


def new_site(folder, **environ):
    """The image's files and a new SQLite database: (folder, environment).

    `folder` is one of pytest's. Beside it the first site of a process is kept, and the next ones are copies of it,
    because to make one takes some seconds of a core.
    """
    made = folder.parent / "made"
    if not made.exists():
        image(made / "srv")
        migrate = ["python", "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=made / "srv", env=_environment_of(made), check=True)
    shutil.copytree(made, folder, dirs_exist_ok=True)
    return folder / "srv", _environment_of(folder) | environ


def _environment_of(site):
    own = {"VAR_DIR": str(site / "var"), "WEB_CONCURRENCY": "1", "DATABASE_URL": "", "REDIS_URL": ""}
    return os.environ | {"PATH": PATH} | own


@contextmanager
def running(command, port, site, **more):
    """A process that listens on `port` until the end of the block."""
    folder, environ = site
    process = subprocess.Popen(
        command, cwd=folder, env=environ | more, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        until(lambda: process.poll() is not None or is_open(port))
        assert process.poll() is None, f"{command[0]} has ended by itself"
        yield
    finally:
        process.terminate()
        process.wait(AT_MOST)


def is_open(port):
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class School:
    """Processes that share one database and one broker. `log` is everything that they write."""

    def __init__(self, folder, **known):
        self.folder, self.log, self.running = folder / "srv", folder / "log", {}
        self.environ = self.of_the_image(folder) | {"SITE_URL": SITE_URL, "LOG_FORMAT": "json"}
        self.environ |= environment(**({"SECRET_KEY": secrets.token_urlsafe(50)} | known))
        self.environ["PYTHONWARNINGS"] = "ignore"

    def of_the_image(self, folder):
        """Copy what the image holds. Returns the variables that the image and its engine set."""
        image(self.folder)
        own = {"PATH": PATH, "VAR_DIR": str(folder / "var"), "HOME": str(folder)}
        return own | {"HOSTNAME": socket.gethostname()}

    def start(self, name, service, port=8000):
        command = command_of(service, port)
        if name == "worker 2":
            command = [*command, "--hostname", "second@%h"]  # each container has its own host name
        with self.log.open("ab") as log:
            self.running[name] = subprocess.Popen(
                **self.placed(command), stdout=log, stderr=log, start_new_session=True
            )
        return self.running[name]

    def run(self, service):
        assert self.start(service, service).wait(AT_MOST) == 0, self.log.read_text()
        del self.running[service]

    def is_healthy(self, service, port=8000):
        """The result of its health check."""
        return self.does(health_check_of(service, port))

    def does(self, command):
        """Whether this command, run beside the others, succeeds."""
        with self.log.open("ab") as log:
            ran = subprocess.run(**self.placed(command), stdout=log, stderr=log, timeout=AT_MOST, check=False)
        return ran.returncode == 0

    def placed(self, command):
        """The command in the folder of the image's files, with its settings, as arguments for subprocess."""
        return {"args": command, "cwd": self.folder, "env": self.environ}

    def start_web(self, name, port):
        self.start(name, "web", port)
        until(lambda: self.is_ready(name, port))

    def is_ready(self, name, port):
        assert self.running[name].poll() is None, self.log.read_text()
        with suppress(OSError):
            return self.readyz(port)[0] == 200
        return False

    def readyz(self, port):
        with closing(HTTPConnection("127.0.0.1", port, timeout=AT_MOST)) as web:
            web.request("GET", "/readyz", headers={"Host": "localhost"})
            answer = web.getresponse()
            return answer.status, json.loads(answer.read())

    def reload(self, name):
        os.kill(self.running[name].pid, signal.SIGHUP)

    def stop(self, name):
        """Stops a process as an engine does: it asks, and kills what doesn't end in the time that compose allows."""
        process, service = self.running.pop(name), COMPOSE["services"][name.split()[0]]
        process.terminate()
        try:
            process.wait(int(service.get("stop_grace_period", ENGINES_GRACE).removesuffix("s")))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def kill(self, name):
        """Kills the process and its children without warning, as if the machine had gone."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop_all(self):
        for name in list(self.running):
            self.stop(name)
