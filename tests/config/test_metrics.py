"""Metrics for operators: a token protects them, and they name nobody."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as homeroom
from django.core.cache import cache
from django.core.exceptions import MiddlewareNotUsed
from django.core.management import call_command
from django.test import Client

from accounts.models import Digest
from config import health, metrics
from joins.acts.ask import ask_by_join_url
from privacy.models import Person
from tests.clock import time_passes
from tests.factories import StudentFactory
from tests.joins.guessing import HOME, SCHOOL, browser_at, join, sign_up, wrong_codes
from tests.log_in import log_in

TOKEN = "t" * 32
BEARER = {"Authorization": f"Bearer {TOKEN}", "Host": "10.0.0.7:8000"}


@pytest.fixture
def figures(settings, client):
    """figures() -> what Prometheus reads, by name and labels."""
    settings.METRICS_TOKEN = TOKEN

    def read():
        text = client.get("/metrics", headers=BEARER).content.decode()
        lines = [line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("homeroom_")]
        return {name: float(value) for name, value in lines}

    return read


@pytest.mark.threat("T13")
@pytest.mark.django_db
@pytest.mark.parametrize("brought", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}])
def test_without_the_token_there_is_no_such_page(settings, client, brought):
    settings.METRICS_TOKEN = TOKEN

    assert client.get("/metrics", headers=brought).status_code == 404


def test_without_the_setting_nothing_is_counted():
    assert homeroom.METRICS_TOKEN is None
    with pytest.raises(MiddlewareNotUsed):
        metrics.MetricsMiddleware(None)


@pytest.mark.threat("T13")
@pytest.mark.django_db
def test_requests_are_counted_by_the_name_of_their_route(figures, sign_in, biology, ms_okafor):
    """The labels hold no class, no path and no invented method."""
    browser, before = sign_in(ms_okafor), figures()

    browser.get(biology.path)
    browser.get("/no/such/page/")
    browser.generic("BREW", "/join/")
    browser.post("/join/", {"code": "BDK"})

    after = figures()
    new = {name: after[name] - before.get(name, 0) for name in after if "requests_total" in name}
    assert {re.sub(r"^\w+", "", name): grown for name, grown in new.items() if grown} == {
        '{method="GET",route="classroom:class_page",status="200"}': 1,
        '{method="GET",route="no page",status="404"}': 1,
        '{method="other",route="no page",status="405"}': 1,
        '{method="POST",route="joins:join",status="422"}': 1,
    }
    assert after['homeroom_request_seconds_count{route="classroom:class_page"}'] >= 1


@pytest.mark.django_db(transaction=True)
def test_who_came_by_which_door_is_counted_once_it_is_committed(
    figures, sign_in, biology, biology_code, amara, leo
):
    before = figures()

    sign_in(amara).post("/join/", {"code": biology_code().code})
    sign_in(leo).post(biology.join_url.path)

    after = figures()
    for act, door in (("join", "code"), ("ask", "join-url")):
        name = f'homeroom_acts_total{{act="{act}",door="{door}"}}'
        assert after[name] - before.get(name, 0) == 1


@pytest.mark.fault("F01", "F06", "F22")
def test_what_waits_is_told_with_its_age(figures, biology, ms_okafor):
    """They show a dead worker, a dead beat and a dead mail server."""
    assert figures()["homeroom_codes_due"] == figures()["homeroom_digests_unsent_seconds"] == 0

    Digest.objects.create(user=ms_okafor)
    assert figures()["homeroom_letters_unsent"] == 0
    time_passes(days=15)

    assert (figures()["homeroom_codes_due"], figures()["homeroom_digests_unsent"]) == (1, 1)
    assert figures()["homeroom_codes_due_seconds"] == pytest.approx(24 * 60 * 60, rel=0.1)
    assert figures()["homeroom_digests_unsent_seconds"] == pytest.approx(15 * 24 * 60 * 60, rel=0.1)

    Digest.objects.update(given_up_at=biology.now())
    assert (figures()["homeroom_digests_unsent"], figures()["homeroom_digests_parked"]) == (0, 1)


@pytest.mark.redis
@pytest.mark.django_db
def test_the_queue_of_tasks_is_told(figures):
    assert figures()["homeroom_broker_messages"] >= 0


@pytest.mark.threat("T13", "T26")
@pytest.mark.django_db
def test_a_figure_is_nobodys(figures, client, sign_in, biology, biology_code, amara):
    log_in(client, "amara")
    client.post("/join/?q=amara", {"code": biology_code().code})
    client.get(f"{biology.path}members/amara/remove/")

    told = " ".join(figures())
    for secret in (
        biology.public_id,
        biology_code().code,
        "amara",
        "okafor",
        "Biology",
        biology.join_url.key,
    ):
        assert secret not in told


@pytest.mark.threat("T18")
@pytest.mark.django_db
def test_wrong_codes_of_networks_that_are_not_known_are_told_apart(figures, biology, amara, biology_code):
    """At 300 of them, Homeroom refuses every Code from an unknown network."""
    join(browser_at(SCHOOL, amara), biology_code().code)
    for address in (SCHOOL, HOME, "203.0.113.5"):
        sign_up(browser_at(address), wrong_codes(1)[0])

    told = figures()
    assert (told["homeroom_wrong_codes"], told["homeroom_wrong_codes_of_strangers"]) == (3, 2)


def test_accounts_are_told_by_kind_and_those_of_a_day_apart(figures, ms_okafor, amara, leo):
    time_passes(days=2)
    StudentFactory(username="grace")
    Person.objects.get(pk=leo.pk).erase()

    assert {name: value for name, value in figures().items() if "accounts" in name} == {
        'homeroom_accounts{kind="teacher"}': 1,
        'homeroom_accounts{kind="student"}': 2,
        'homeroom_accounts_new{kind="teacher"}': 0,
        'homeroom_accounts_new{kind="student"}': 1,
    }


def failures(read):
    """The number of failures by reason."""
    named = re.compile(r'homeroom_log_ins_failed_total{reason="(\w+)"}')
    return {found[1]: value for name, value in read.items() if (found := named.fullmatch(name))}


def test_log_ins_that_fail_are_counted_by_their_reason(figures, client, amara, sign_in):
    """A wrong password, a limit, and a wrong code of two-step verification; but no names."""
    before = failures(figures())
    for _ in range(6):
        log_in(client, "amara", "wrong")
    TOTP.activate(amara, generate_totp_secret())
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    half_in = log_in(elsewhere, "amara")
    elsewhere.post(half_in.headers["Location"], {"code": "000000"})

    after = failures(figures())
    assert {reason: after[reason] - before.get(reason, 0) for reason in after} == {
        "wrong_password": 5,
        "too_many_login_attempts": 1,
        "wrong_code": 1,
    }


def test_join_requests_that_wait_are_told_with_their_age(figures, biology, amara, leo):
    assert figures()["homeroom_join_requests_pending_seconds"] == 0
    ask_by_join_url(biology.join_url, by=amara)
    time_passes(hours=3)
    ask_by_join_url(biology.join_url, by=leo)

    assert figures()["homeroom_join_requests_pending"] == 2
    assert figures()["homeroom_join_requests_pending_seconds"] == pytest.approx(3 * 3600, rel=0.1)


@pytest.mark.fault("F01", "F02")
@pytest.mark.django_db
def test_each_sign_of_life_is_told_and_never_is_less_than_nothing(figures):
    """So operators see jobs that have stopped, and that nobody makes backups."""
    names = ["tick", "backup"]
    assert [figures()[f"homeroom_{name}_seconds"] for name in names] == [-1, -1]

    for name in names:
        health.record_now(name)
    cache.set("backup", time.time() - 86_400)

    assert [round(figures()[f"homeroom_{name}_seconds"], -2) for name in names] == [0, 86_400]


@pytest.mark.django_db
def test_a_backup_is_noted(figures):
    call_command("note_backup")

    assert 0 <= figures()["homeroom_backup_seconds"] < 60


def test_a_look_costs_as_many_statements_in_a_big_school_as_in_a_new_one(figures, biology, count_queries):
    """Prometheus asks each web server every few seconds. If the signs of life are rows, they take one statement
    more."""
    with count_queries(9):
        figures()
    for number in range(20):
        student = StudentFactory(username=f"student{number}")
        Digest.objects.create(user=student)
        ask_by_join_url(biology.join_url, by=student)

    with count_queries(9):
        figures()
