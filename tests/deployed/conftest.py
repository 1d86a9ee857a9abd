import os

import psycopg
import pytest

from tests.deployed.mail_catcher import MailCatcher
from tests.deployed.school import School, free_port, until
from tests.deployed.visitor import Proxy, Visitor
from tests.joins.worker import database_url


@pytest.fixture(scope="module")
def database():
    """A database for this school alone, and a connection to it beside Homeroom's own."""
    server, name = database_url().rsplit("/", 1)[0], f"homeroom_deployed_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            with psycopg.connect(f"{server}/{name}", autocommit=True) as beside:
                yield f"{server}/{name}", beside
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def mails():
    with MailCatcher() as catcher:
        yield catcher
        catcher.shutdown()


@pytest.fixture(scope="module")
def ports():
    return [free_port(), free_port()]


@pytest.fixture(scope="module")
def school(tmp_path_factory, database, mails, ports):
    """Prepared, with two web servers, two workers and beat. All are stopped at the end, whatever happens."""
    known = {
        "DATABASE_URL": database[0],
        "REDIS_URL": os.environ["REDIS_URL"],
        "EMAIL_URL": f"smtp://localhost:{mails.server_address[1]}",
        "DIGEST_EVERY": "1",
    }
    school = School(tmp_path_factory.mktemp("school"), **known)
    try:
        school.run("prepare")
        for number, port in enumerate(ports, start=1):
            school.start(f"web {number}", "web", port)
            school.start(f"worker {number}", "worker")
        school.start("beat", "beat")
        for number, port in enumerate(ports, start=1):
            until(lambda number=number, port=port: school.is_ready(f"web {number}", port))
        yield school
    finally:
        school.stop_all()


@pytest.fixture(scope="module")
def proxy(school, ports):
    return Proxy(ports)


@pytest.fixture(scope="module")
def visitor(proxy):
    """visitor() -> a new browser. Its requests go to the two web servers in turn."""
    return lambda: Visitor(proxy)
