"""In a big school no request and no job reads a whole table. The tests ask PostgreSQL for the plans of the real
queries."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Digest, User
from bench.plans import faults_of, indexes_of, price_of
from bench.school import grow, number_on
from classroom.acts import invite
from classroom.models import Classroom
from classroom.models.membership_queryset import SORTS
from classroom.views.member_list import PARTS
from joins.acts import absent_owner, clock, week
from joins.models import JoinCode, JoinRequest
from joins.times import week_begin
from tests.factories import PASSWORD, ClassroomFactory, StudentFactory, TeacherFactory, created_with_code_of
from tests.joins.guessing import MANY, wrong_codes

pytestmark = [pytest.mark.postgres, pytest.mark.django_db, pytest.mark.xdist_group("plans")]
CLASSES, MEMBERS, WAITING = 10_000, 6, 3_000
SESSIONS = """
INSERT INTO django_session (session_key, session_data, expire_date)
SELECT 's' || n, '', now() + interval '1 day' FROM generate_series(1, 20000) n
"""
# Every student account was created yesterday or today with the Code of a class that the student is in.
SIGN_UPS = """
INSERT INTO joins_signup (user_id, join_code_id, at)
SELECT DISTINCT ON (m.user_id) m.user_id, c.id, now() - m.user_id % 48 * interval '1 hour'
FROM classroom_membership m JOIN joins_joincode c USING (classroom_id) WHERE m.role = 'member'
"""
OWNED = "/classes/c00000000001/"


def wait_at(classroom):
    waiting = User.objects.filter(kind="student").order_by("-pk")[:WAITING]
    JoinRequest.objects.bulk_create(
        JoinRequest(classroom=classroom, user=user, door="join-url", name="A", class_name="Class 1")
        for user in waiting
    )


@pytest.fixture(scope="module")
def school(django_db_setup, django_db_blocker):
    """10,000 classes with 60,000 members; 3,000 people wait for the first class. Returns another class, for which
    nobody waits."""
    with django_db_blocker.unblock():
        grow(1, CLASSES, MEMBERS)
        number_on()
        wait_at(Classroom.objects.get(pk=1))
        # These values are already used by the rows that grow() inserts.
        teacher = TeacherFactory(username="beside")
        classroom, stranger = ClassroomFactory(by=teacher), StudentFactory(username="stranger")
        created_with_code_of(classroom, stranger)
        with connection.cursor() as cursor:
            for rows in (SESSIONS, SIGN_UPS, *MANY):
                cursor.execute(rows)
            cursor.execute("VACUUM ANALYZE")
        yield classroom
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def browser(school):
    """browser("teacher1") -> a browser in which that account is logged in."""

    def signed_in(username):
        browser = Client()
        browser.force_login(User.objects.get(username=username))
        return browser

    return signed_in


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("teacher1", "/"),
        ("student1", "/"),
        ("teacher1", OWNED),
        ("student1", OWNED),
        ("teacher1", f"{OWNED}requests/"),
        ("teacher1", f"{OWNED}requests/?page=3"),
        ("teacher1", f"{OWNED}members/?q=robin+number"),
        *(("teacher1", f"{OWNED}members/?sort={sort}") for sort in SORTS),
        ("teacher1", f"{OWNED}members/print/"),
        *(("teacher1", f"{OWNED}members/?part={part}") for part in PARTS),
        ("teacher1", f"{OWNED}code/leaked/?who=pick&q=robin"),
        ("teacher1", f"{OWNED}history/"),
        ("teacher1", f"{OWNED}board/"),
        ("teacher1", f"{OWNED}board/count/?v=0"),
        ("teacher1", "/waiting/?v=0"),
        ("teacher1", f"/waiting/?v=0&in={OWNED.split('/')[2]}"),
        ("student1", "/notifications/"),
        ("stranger", "/j/k000000000000000000001/"),
    ],
)
def test_no_page_reads_a_whole_table(browser, username, path):
    visitor = browser(username)

    assert faults_of(lambda: visitor.get(path)) == []


@pytest.mark.parametrize(
    "how_many", [1, 50]
)  # at most the people of a page; for all who wait, reading all is cheaper
def test_no_decision_reads_a_whole_table(browser, how_many):
    owner = browser("teacher1")
    asked = JoinRequest.objects.pending().filter(classroom=1).values_list("pk", flat=True)[:how_many]
    decision = {"decision": "approve", "request": list(asked)}

    assert faults_of(lambda: owner.post(f"{OWNED}requests/decide/", decision)) == []


@pytest.mark.rule("Q9")
def test_neither_recent_decisions_nor_an_undo_read_a_whole_table(browser):
    owner = browser("teacher1")
    decided = list(JoinRequest.objects.pending().filter(classroom=1).values_list("pk", flat=True)[:200])
    owner.post(f"{OWNED}requests/decide/", {"decision": "deny", "request": decided})

    assert faults_of(lambda: owner.get(f"{OWNED}requests/decided/?page=3")) == []
    assert faults_of(lambda: owner.post(f"/requests/{decided[0]}/undo/")) == []
    assert faults_of(lambda: owner.post(f"/requests/{decided[1]}/let-in/")) == []
    assert not JoinRequest.objects.filter(pk__in=decided[:2], status="denied").exists()


@pytest.mark.parametrize("state", ["unlocked", "locked"])
def test_no_joining_reads_a_whole_table(browser, school, state):
    join_code = JoinCode.objects.get_current(school)
    if state == "locked":
        join_code.lock(by=school.owner)
    visitor = browser("stranger")

    assert faults_of(lambda: visitor.post("/join/", {"code": join_code.code})) == []


@pytest.mark.threat("T18")
def test_no_wrong_code_makes_anybody_read_a_whole_table(browser):
    assert faults_of(lambda: browser("stranger").post("/join/", {"code": wrong_codes(1)[0]})) == []


def test_no_asking_by_join_url_reads_a_whole_table(browser):
    visitor = browser("stranger")

    assert faults_of(lambda: visitor.post("/j/k000000000000000000002/")) == []


@pytest.mark.parametrize("act", ["code/lock/", "code/unlock/", "code/reset/"])
def test_no_act_on_a_code_reads_a_whole_table(browser, act):
    owner = browser("teacher1")

    assert faults_of(lambda: owner.post(OWNED + act)) == []


def test_opening_a_class_reads_no_whole_table(browser):
    teacher = browser("teacher1")

    assert faults_of(lambda: teacher.post("/classes/new/", {"name": "New", "kind": "class"})) == []


def test_logging_in_reads_no_whole_table(browser, school):
    asked = {"login": "stranger", "password": PASSWORD}

    assert faults_of(lambda: Client().post("/accounts/login/", asked)) == []


def test_signing_up_reads_no_whole_table(browser, school):
    person = {"first_name": "Ada", "last_name": "New", "username": "ada.new", "password1": PASSWORD}
    person["code"] = JoinCode.objects.get_current(school).code

    assert faults_of(lambda: Client().post("/accounts/signup/student/", person)) == []


def some_come_due():
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE joins_joincode SET locks_at = now() - interval '1 minute' WHERE classroom_id <= 20"
        )


@pytest.mark.parametrize(
    "job",
    [
        clock.lock_due,
        clock.warn_before_lock,
        lambda: week.tell(week_begin(timezone.now())),
        absent_owner.tell,
        invite.tell_of_ends,
        Digest.objects.gather,
        Digest.objects.claim,
    ],
    ids=[
        "lock_due",
        "warn_before_lock",
        "tell_of_week",
        "absent_owner",
        "ended_invitations",
        "gather",
        "claim",
    ],
)
def test_no_job_reads_a_whole_table(browser, job):
    some_come_due()

    assert faults_of(job) == []


@pytest.mark.parametrize(
    ("path", "index"), [(f"{OWNED}requests/", "queue_of_a_class"), (f"{OWNED}history/", "events_of_a_class")]
)
def test_a_long_list_comes_in_its_order_from_an_index(browser, path, index):
    owner = browser("teacher1")

    assert index in indexes_of(lambda: owner.get(path))


def test_a_poll_looks_at_nobody_elses_queue(browser):
    """Even before PostgreSQL has counted the new requests, it must not begin with all requests of the site."""
    classroom = ClassroomFactory(by=TeacherFactory(username="elsewhere"))
    wait_at(classroom)
    owner = browser("elsewhere")

    _, _, pages = price_of(lambda: owner.get("/waiting/?v=0"))

    assert pages < 1_000


def test_a_missing_index_is_noticed(browser):
    owner = browser("teacher1")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX events_of_a_class")

    assert faults_of(lambda: owner.get(f"{OWNED}history/")) != []
