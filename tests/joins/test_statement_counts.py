"""How many SQL statements an act takes, SAVEPOINTs included. The numbers are literal, so that a new statement is
noticed."""

import pytest
from django.db import connection

from accounts.models import User
from classroom.models import Membership
from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.models import ClassNetwork, JoinCode, JoinRequest, SignUp
from tests.clock import time_passes
from tests.factories import ClassroomFactory, StudentFactory


@pytest.fixture
def crowd(db):
    """crowd(2000) -> that many students, in one INSERT."""

    def students(how_many):
        return User.objects.bulk_create(
            User(username=f"s{n}", first_name="Robin", last_name=f"Number {n}", kind="student")
            for n in range(how_many)
        )

    return students


@pytest.fixture
def fill_queue_at_once(biology, crowd, ms_okafor):
    """fill_queue_at_once(200) -> that many pending requests and unread notifications."""

    def wait(how_many):
        asked = JoinRequest.objects.bulk_create(
            JoinRequest(
                classroom=biology, user=user, door="join-url", name=user.full_name, class_name="Biology 9B"
            )
            for user in crowd(how_many)
        )
        for join_request in asked[:2]:
            ms_okafor.notifications.create(text="asks", link="/", about=join_request.about)
        return asked

    return wait


@pytest.mark.rule("J1")
@pytest.mark.threat("T17", "T18")
@pytest.mark.parametrize(("is_known", "statements"), [(True, 10), (False, 11)])
def test_joining_by_code(sign_in, biology, biology_code, amara, count_queries, is_known, statements):
    """At most 12, session and user included.

    One statement looks up the Code and what the throttle needs. The first person who joins a class from a network each
    day adds the one that remembers this.
    """
    browser, code = sign_in(amara), biology_code().code
    if is_known:
        ClassNetwork.objects.record_join("127.0.0.1", biology.pk)

    with count_queries(statements):
        browser.post("/join/", {"code": code})


@pytest.mark.rule("J8")
def test_joining_by_code_while_one_waits(sign_in, biology, biology_code, amara_waits, amara, count_queries):
    """At most 12, session and user included."""
    browser, code = sign_in(amara), biology_code().code
    ClassNetwork.objects.record_join("127.0.0.1", biology.pk)

    with count_queries(12):
        browser.post("/join/", {"code": code})


@pytest.mark.rule("J2")
def test_asking_by_a_locked_code(locked_code, count_queries, amaras_browser):
    """At most 14, session and user included."""
    with count_queries(14):
        amaras_browser.post("/join/", {"code": locked_code.code})


@pytest.mark.rule("J3")
@pytest.mark.threat("T34")
@pytest.mark.parametrize(("days", "statements"), [(0, 14), (2, 13)])
def test_asking_by_the_join_url(sign_in, join_url, amara, count_queries, days, statements):
    """At most 14, session and user included. For an account that was created with a Code today, one of them counts
    its quota."""
    SignUp.objects.create(user=amara, join_code=JoinCode.objects.current_of(ClassroomFactory()))
    time_passes(days=days)
    browser = sign_in(amara)

    with count_queries(statements):
        browser.post(join_url.path)


@pytest.mark.rule("Q2")
def test_approving_one(url, amara_waits, count_queries, okafors_browser):
    """At most 14, session and user included."""
    with count_queries(13):
        okafors_browser.post(url("requests/decide/"), {"decision": "approve", "request": amara_waits.pk})


@pytest.mark.rule("Q2", "A8")
@pytest.mark.parametrize("how_many", [2, 200])
@pytest.mark.parametrize(
    ("decision", "statements", "batches"), [("approve", 13, 4), ("deny", 12, 3), ("keep-out", 13, 5)]
)
def test_deciding_many_in_one_press(
    sign_in, url, fill_queue_at_once, ms_okafor, count_queries, how_many, decision, statements, batches
):
    """At most 40, the same for 2 and 200. Django gives SQLite at most 999 values for an INSERT, so 200 need some more
    there."""
    ids = [join_request.pk for join_request in fill_queue_at_once(how_many)]
    browser = sign_in(ms_okafor)
    more = batches if how_many == 200 and connection.vendor == "sqlite" else 0

    with count_queries(statements + more):
        browser.post(url("requests/decide/"), {"decision": decision, "request": ids})
    assert not JoinRequest.objects.pending().exists()


@pytest.mark.rule("Q9")
@pytest.mark.parametrize(
    ("decision", "act", "statements"),
    [
        ("approve", "undo", 18),
        ("deny", "undo", 16),
        ("keep-out", "undo", 17),
        ("deny", "let-in", 16),
        ("keep-out", "let-in", 17),
    ],
)
def test_undoing_one(
    biology, amara_waits, ms_okafor, count_queries, okafors_browser, decision, act, statements
):
    """Session and user included."""
    queue.decide(biology, [amara_waits.pk], decision, by=ms_okafor)

    with count_queries(statements):
        okafors_browser.post(f"/requests/{amara_waits.pk}/{act}/")


@pytest.mark.rule("Q9")
@pytest.mark.parametrize("how_many", [1, 100])
def test_the_recent_decisions(sign_in, url, biology, fill_queue_at_once, ms_okafor, count_queries, how_many):
    """As many for one as for a page of fifty."""
    ids = [asked.pk for asked in fill_queue_at_once(how_many)]
    queue.decide(biology, ids, "deny", by=ms_okafor)
    browser = sign_in(ms_okafor)

    with count_queries(6):
        browser.get(url("requests/decided/"))


@pytest.mark.rule("Q1", "Q10")
@pytest.mark.threat("T34", "T42")
@pytest.mark.parametrize("how_many", [1, 2000])
@pytest.mark.parametrize("folded", [False, True])
def test_the_queue_page(sign_in, url, fill_queue_at_once, ms_okafor, count_queries, how_many, folded):
    """At most 9, with similar names and earlier decisions."""
    code = JoinCode.objects.current_of(ClassroomFactory())
    asked = fill_queue_at_once(how_many)
    if folded:
        JoinRequest.objects.update(over_quota=True)
        SignUp.objects.bulk_create(SignUp(user=one.user, join_code=code) for one in asked)
    browser = sign_in(ms_okafor)

    with count_queries(9):
        browser.get(url("requests/"))


@pytest.mark.rule("C2")
@pytest.mark.parametrize("how_many", [1, 2000])
@pytest.mark.parametrize(("person", "statements"), [("ms_okafor", 9), ("amara", 6)])
def test_the_class_page(request, sign_in, biology, crowd, count_queries, how_many, person, statements):
    person = request.getfixturevalue(person)
    Membership.objects.bulk_create(
        [Membership(classroom=biology, user=user, door="join-url") for user in [*crowd(how_many), person]],
        ignore_conflicts=True,
    )
    browser = sign_in(person)

    with count_queries(statements):
        browser.get(biology.path)


@pytest.mark.rule("Q1")
@pytest.mark.parametrize("how_many", [1, 2000])
def test_the_unchanged_poll(sign_in, fill_queue_at_once, ms_okafor, count_queries, how_many):
    fill_queue_at_once(how_many)
    browser = sign_in(ms_okafor)
    version = browser.get("/").context["counts"].version

    with count_queries(3):
        assert browser.get(f"/waiting/?v={version}").status_code == 204


@pytest.mark.rule("Q1")
@pytest.mark.parametrize("how_many", [1, 24])
def test_my_classes(sign_in, ms_okafor, count_queries, how_many):
    for _ in range(how_many):
        ask_by_join_url(ClassroomFactory(by=ms_okafor).join_url, by=StudentFactory())
    browser = sign_in(ms_okafor)

    with count_queries(7):
        browser.get("/")
