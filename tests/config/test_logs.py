"""The tests do everything once, including what breaks, and search the log for what people typed."""

import io
import json
import logging
from unittest.mock import Mock

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from classroom.models import CoTeacherInvitation
from config import logs
from joins.acts.ask import ask_by_join_url
from tests.addresses import addresses
from tests.factories import PASSWORD, MembershipFactory
from tests.odd_forms import FORMS, right_fields

pytestmark = pytest.mark.engine_free

logger = logging.getLogger("homeroom.tests")
FORMATS = {"line": logs.LineFormatter, "json": logs.JsonFormatter}


@pytest.fixture(params=FORMATS)
def log(request):
    """log() -> what has been logged, in each of the two formats."""
    written = io.StringIO()
    writer = logging.StreamHandler(written)
    writer.setFormatter(FORMATS[request.param]())
    logging.getLogger().addHandler(writer)
    yield written.getvalue
    logging.getLogger().removeHandler(writer)


@pytest.fixture
def browsers(request, biology, amara, leo):
    """One browser for each person. A page that breaks is answered, not raised."""
    MembershipFactory(classroom=biology, user=amara)
    ask_by_join_url(biology.join_url, by=leo)
    people = ["ms_okafor", "amara", "leo", None]
    found = {name: Client(raise_request_exception=False) for name in people}
    for name in people[:-1]:
        found[name].force_login(request.getfixturevalue(name))
    return found


def use_everything(browsers, biology):
    for form in FORMS.values():
        browser = browsers.get(form.person) or Client()
        fields = right_fields(form, biology)
        browser.post(form.path.format(biology.path), dict.fromkeys(fields, "\u202eAmara"))
        browser.post(form.path.format(biology.path), fields)
    invitation, secret = CoTeacherInvitation.objects.issue(biology, biology.owner, "ana@school.example")
    known = {"public_id": biology.public_id, "username": "amara", "key": biology.join_url.key}
    known |= {"invitation_id": invitation.pk, "secret": secret}
    for path in [*addresses(**known, request_id=1, notification_id=1, uidb36="1"), "/amara/", "/broken/"]:
        Client(enforce_csrf_checks=True).post(path, {"code": "BDKRTWXZM"})
        for browser in browsers.values():
            referer = f"http://testserver{biology.join_url.path}"
            browser.get(f"{path}?q=Amara&next=/invitations/{secret}/", headers={"Referer": referer})
    return secret


@pytest.mark.threat("T26")
@pytest.mark.urls("tests.config.urls")
def test_nothing_that_people_type_is_in_any_line(log, browsers, biology, biology_code):
    """No Code, name, username, email address, password, cookie or key of a Join URL."""
    codes = [biology_code().code, biology_code().in_threes, "BDKRTWXZM"]
    cookies = [morsel.value for browser in browsers.values() for morsel in browser.cookies.values()]
    names = ["amara", "toure", "okafor", "leo ", "@school.example", biology.join_url.key]

    names.append(use_everything(browsers, biology))

    written = log()
    assert "joins:join" in written
    assert "classroom:invitation" in written
    assert "ValueError" in written
    for secret in [*codes, *cookies, *names, PASSWORD, "Biology", "q=", "Referer"]:
        assert secret.lower() not in written.lower(), secret


@pytest.mark.threat("T26")
def test_an_error_of_the_database_is_told_without_its_words(log, amara):
    """PostgreSQL repeats the refused row in its error."""
    try:
        with transaction.atomic():
            User.objects.create(username="amara", first_name="Amara")
    except IntegrityError:
        logging.getLogger("homeroom").exception("Not saved")

    assert "Not saved" in log()
    assert "IntegrityError" in log()
    assert "test_logs.py" in log()
    assert "amara" not in log()


TOLD = {
    "with it": lambda error: logger.error("Not saved", exc_info=error),
    "in its place": lambda error: logger.error("Not saved: %s", error),
    "by its repr": lambda error: logger.error("Not saved: %r", error),
    "in a list": lambda error: logger.error("Not saved: %s", [error]),
    "by a name": lambda error: logger.error("Not saved: %(why)s", {"why": error}),
    "put into the message": lambda error: logger.error(f"Not saved: {error}"),
    "by its cause": lambda error: logger.error(f"Not saved: {error.__cause__}"),
    "alone": lambda error: logger.error(error),
    "where it does not fit": lambda error: logger.error("Not saved: %d", error),
    "as Celery does": lambda error: logger.error("%(id)s: %(exc)s", {"id": "7", "exc": repr(error)[:-3]}),
}


@pytest.mark.threat("T26")
@pytest.mark.parametrize("tell", TOLD.values(), ids=TOLD)
def test_however_an_exception_is_told_its_words_are_not(log, tell):
    """Nor is the text of the exception that caused it."""
    try:
        try:
            raise LookupError("no row for Amara\nToure")
        except LookupError as missing:
            raise ValueError(f"not saved, {missing}") from missing
    except ValueError as error:
        tell(error)

    assert "Amara" not in log()
    assert "Toure" not in log()
    assert any(kept in log() for kept in ("ValueError", "LookupError", "Not saved: %d"))


@pytest.mark.threat("T26")
def test_an_exception_that_is_told_later_has_no_words_either(log):
    logger.error(ValueError("not saved, no row for Amara"))

    assert "ValueError" in log()
    assert "Amara" not in log()


@pytest.mark.threat("T26")
@pytest.mark.parametrize("path", ["/join/", "/accounts/signup/student/"])
def test_an_error_in_the_midst_of_joining_is_told_without_the_code(
    log, browsers, biology_code, settings, monkeypatch, path
):
    """Neither in the log, nor on the page, nor in a mail to the operators."""
    settings.ADMINS = [("Operator", "operator@school.example")]
    code = biology_code().code
    broken = Mock(side_effect=ValueError(f"no row for {code}"))
    monkeypatch.setattr("joins.acts.by_code.use_code", broken)
    grace = {"first_name": "Grace", "last_name": "Tan", "username": "grace", "password1": "plain words"}
    browser = browsers["leo" if path == "/join/" else None]

    answer = browser.post(path, grace | {"code": biology_code().in_threes})

    assert (answer.status_code, broken.called) == (500, True)
    assert "ValueError" in log()
    assert mail.outbox == []
    for secret in (code, biology_code().in_threes):
        assert secret not in log() + answer.content.decode()


@pytest.mark.threat("T70")
@pytest.mark.parametrize("typed", ["\n2026-01-01 ERROR forged", "\r\x1b[2J", "\u2028forged", "\x85forged"])
def test_no_line_can_be_forged(log, typed):
    logging.getLogger("homeroom").warning("Refused: %s", typed)

    assert len(log().splitlines()) == 1
    assert "\x1b" not in log()


@pytest.mark.threat("T70", "T26")
@pytest.mark.parametrize("typed", ["x status=200 address=192.0.2.9", "BDKRTWXZM", "amara"])
def test_a_request_forges_no_field_of_its_line(log, browsers, typed):
    """Somebody typed it in the place of a class's id."""
    browsers["leo"].get(f"/classes/{typed}/")

    assert "classroom:class_page" in log()
    assert typed not in log()


@pytest.mark.parametrize("log", ["json"], indirect=True)
def test_a_request_is_one_object_with_its_class_and_a_number(log, browsers, biology):
    answer = browsers["amara"].get(biology.path)

    told = json.loads(log().splitlines()[-1])
    assert told["logger"] == "homeroom.requests"
    assert (told["route"], told["status"], told["class"]) == ("classroom:class_page", 200, biology.public_id)
    assert told["request"] == answer.headers["X-Request-ID"]


@pytest.mark.threat("T70")
@pytest.mark.django_db
def test_only_a_proxy_of_ours_gives_a_request_its_number(client, settings):
    given = {"X-Request-ID": "of-the-proxy-1234"}

    assert client.get("/", headers=given).headers["X-Request-ID"] != given["X-Request-ID"]

    settings.TRUSTED_PROXIES = 1
    assert client.get("/", headers=given).headers["X-Request-ID"] == given["X-Request-ID"]
    assert " " not in client.get("/", headers={"X-Request-ID": "a b\tc d e f g h"}).headers["X-Request-ID"]


@pytest.mark.django_db
def test_what_machines_ask_for_all_day_is_no_line(log, client):
    client.get("/healthz")

    assert log() == ""


@pytest.mark.threat("T68")
def test_a_request_that_django_refuses_is_no_error(log, client):
    """Anybody can send one, as often as they like: that must not bury what is broken."""
    client.get("/", headers={"host": "evil.example"})
    client.post("/join/", {"code": "x" * 70_000})

    lines = [line for line in log().splitlines() if "django.security." in line]

    assert ["DisallowedHost" in lines[0], "RequestDataTooBig" in lines[1]] == [True, True]
    assert all("WARNING" in line for line in lines)
    assert " in get_host" not in log()
