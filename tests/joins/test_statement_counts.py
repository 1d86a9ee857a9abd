"""How many SQL statements an act takes. The session and its user are one of them; SAVEPOINT and RELEASE are two, which
a test has instead of BEGIN and COMMIT. The numbers are literal, so that a new statement is noticed."""

import pytest
from django.db import connection
from django.db.models import Max, Min

from accounts.models import User
from classroom.acts import class_list
from config import backends
from joins.acts import queue, slips
from joins.acts.ask import ask_by_join_url
from joins.models import ClassNetwork, JoinCode, JoinRequest, SignUp
from tests.clock import time_passes
from tests.factories import ClassroomFactory, StudentFactory, created_with_code_of

# SQLite needs one more for the row that an act creates and its Event.
AND_ITS_EVENT = int(connection.vendor == "sqlite")
# And two more for the three INSERTs that follow from letting somebody in, or from blocking them.
ITS_EVENT_AND_MORE = 2 * AND_ITS_EVENT


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
@pytest.mark.parametrize(("is_known", "statements"), [(True, 7), (False, 8)])
def test_joining_by_code(sign_in, biology, biology_code, amara, count_queries, is_known, statements):
    """Session, throttle, lock, everything that decides, and what it leads to. The first person who joins a class from a
    network each day adds the statement that remembers this.
    """
    browser, code = sign_in(amara), biology_code().code
    if is_known:
        ClassNetwork.objects.record_join("127.0.0.1", biology.pk)

    with count_queries(AND_ITS_EVENT + statements):
        browser.post("/join/", {"code": code})


@pytest.mark.rule("L4")
@pytest.mark.parametrize(("first_name", "last_name", "statements"), [("Ana", "López", 8), ("Max", "B.", 10)])
def test_joining_by_a_slip(
    make_slip, biology, amara, amaras_browser, count_queries, first_name, last_name, statements
):
    """As by the class's Code, and one that marks the slip as used; two more tell the managers of another name."""
    code = make_slip("Ana López")
    type(amara).objects.filter(pk=amara.pk).update(first_name=first_name, last_name=last_name)
    ClassNetwork.objects.record_join("127.0.0.1", biology.pk)

    with count_queries(AND_ITS_EVENT + statements):
        amaras_browser.post("/join/", {"code": code})


@pytest.mark.rule("L4")
@pytest.mark.parametrize(("how_many", "statements"), [(1, 8), (60, 8)])
def test_the_page_of_slips(biology, okafors_browser, url, ms_okafor, count_queries, how_many, statements):
    class_list.keep(biology, [f"Pupil Number {n}" for n in range(how_many)], by=ms_okafor)
    slips.make_slips(biology, list(biology.listed_names.values_list("pk", flat=True)), by=ms_okafor)

    with count_queries(statements):
        okafors_browser.get(url("slips/"))


@pytest.mark.rule("J8")
def test_joining_by_code_while_one_waits(sign_in, biology, biology_code, amara_waits, amara, count_queries):
    browser, code = sign_in(amara), biology_code().code
    ClassNetwork.objects.record_join("127.0.0.1", biology.pk)

    with count_queries(AND_ITS_EVENT + 9):
        browser.post("/join/", {"code": code})


@pytest.mark.rule("A3")
@pytest.mark.threat("T97")
def test_signing_up_with_a_code(client, biology_code, count_queries, settings):
    """Throttle, Code, username, twin; account, class, Code, membership, network, sign-up; then the session.

    With the cache that a deployed site has, and whose table is not there: a count in it would make all who sign up in a
    school wait for one row.
    """
    settings.CACHES = {"default": backends.RATE_LIMIT_CACHE}
    fields = {
        "first_name": "Grace",
        "username": "grace",
        "password1": "plain words",
        "code": biology_code().code,
    }

    with count_queries(AND_ITS_EVENT + 15):
        client.post("/accounts/signup/student/", fields)


@pytest.mark.rule("J2")
def test_asking_by_a_locked_code(locked_code, count_queries, amaras_browser):
    with count_queries(AND_ITS_EVENT + 10):
        amaras_browser.post("/join/", {"code": locked_code.code})


@pytest.mark.rule("J3")
@pytest.mark.threat("T34")
@pytest.mark.parametrize(("days", "statements"), [(0, 10), (2, 9)])
def test_asking_by_the_join_url(sign_in, join_url, amara, count_queries, days, statements):
    """For an account that was created with a Code today, one of them counts its quota."""
    created_with_code_of(ClassroomFactory(), amara)
    time_passes(days=days)
    browser = sign_in(amara)

    with count_queries(AND_ITS_EVENT + statements):
        browser.post(join_url.path)


@pytest.mark.rule("J3", "N3")
def test_asking_while_others_wait(sign_in, join_url, amara_waits, leo, count_queries):
    """No INSERT, as the first request needs: the UPDATE comes with the reading of the managers, but not on SQLite."""
    browser = sign_in(leo)

    with count_queries(2 * AND_ITS_EVENT + 8):
        browser.post(join_url.path)


@pytest.mark.rule("Q2")
def test_approving_one(url, amara_waits, count_queries, okafors_browser):
    """At most 14, session and user included."""
    with count_queries(ITS_EVENT_AND_MORE + 8):
        okafors_browser.post(url("requests/decide/"), {"decision": "approve", "request": amara_waits.pk})


@pytest.mark.rule("Q2", "A8")
@pytest.mark.parametrize("how_many", [1, 50, 500])
@pytest.mark.parametrize(
    ("decision", "statements"),
    [("approve", ITS_EVENT_AND_MORE + 8), ("deny", AND_ITS_EVENT + 8), ("keep-out", ITS_EVENT_AND_MORE + 9)],
)
def test_deciding_many_in_one_press(
    sign_in, url, fill_queue_at_once, ms_okafor, count_queries, how_many, decision, statements
):
    """The same for one and for five hundred, on both databases."""
    ids = [join_request.pk for join_request in fill_queue_at_once(how_many)]
    browser = sign_in(ms_okafor)

    with count_queries(statements):
        browser.post(url("requests/decide/"), {"decision": decision, "request": ids})
    assert not JoinRequest.objects.pending().exists()


@pytest.mark.rule("Q2", "Q9")
@pytest.mark.parametrize("how_many", [1, 50, 500])
@pytest.mark.parametrize(
    ("decision", "statements", "undoing"),
    [("approve", ITS_EVENT_AND_MORE + 14, 15), ("deny", AND_ITS_EVENT + 10, 13)],
)
def test_deciding_everybody_and_undoing_it(
    sign_in,
    url,
    fill_queue_at_once,
    biology,
    ms_okafor,
    count_queries,
    how_many,
    decision,
    statements,
    undoing,
):
    """Both in one press. Letting in also reads the names, of members and of who waits, to leave out some."""
    fill_queue_at_once(how_many)
    browser = sign_in(ms_okafor)
    seen = biology.events.latest("pk").pk

    with count_queries(statements):
        browser.post(url("requests/decide/"), {"decision": decision, "seen": seen})
    assert not JoinRequest.objects.pending().exists()

    press = biology.events.filter(pk__gt=seen).aggregate(first=Min("pk"), last=Max("pk"))
    with count_queries(undoing):
        browser.post(url("requests/undo/"), press)
    assert JoinRequest.objects.pending().count() == how_many


@pytest.mark.rule("Q9")
@pytest.mark.parametrize(
    ("decision", "act", "statements"),
    [
        ("approve", "undo", 16),
        ("deny", "undo", 14),
        ("keep-out", "undo", 15),
        ("deny", "let-in", ITS_EVENT_AND_MORE + 12),
        ("keep-out", "let-in", ITS_EVENT_AND_MORE + 13),
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
@pytest.mark.parametrize(("how_many", "statements"), [(1, 4), (50, 5), (100, 6)])
def test_the_recent_decisions(
    sign_in, url, biology, fill_queue_at_once, ms_okafor, count_queries, how_many, statements
):
    """As many for two as for a page of fifty: one more for what one press did, and one if there are several pages."""
    ids = [asked.pk for asked in fill_queue_at_once(how_many)]
    queue.decide(biology, ids, "deny", by=ms_okafor)
    browser = sign_in(ms_okafor)

    with count_queries(statements):
        browser.get(url("requests/decided/"))


@pytest.mark.rule("Q1", "Q10")
@pytest.mark.threat("T34", "T42")
@pytest.mark.parametrize(("how_many", "statements"), [(1, 6), (50, 6), (2000, 10)])
@pytest.mark.parametrize("folded", [False, True])
def test_the_queue_page(
    sign_in, url, fill_queue_at_once, ms_okafor, count_queries, how_many, statements, folded
):
    """With similar names and earlier decisions. If not all fit on the page, it counts them, those of all pages too,
    looks for those who were moved to the queue, and reads the names of all, as two may wait under one."""
    code = JoinCode.objects.get_current(ClassroomFactory())
    asked = fill_queue_at_once(how_many)
    if folded:
        JoinRequest.objects.update(over_quota=True)
        SignUp.objects.bulk_create(SignUp(user=one.user, join_code=code) for one in asked)
    browser = sign_in(ms_okafor)

    with count_queries(statements):
        browser.get(url("requests/"))


@pytest.mark.rule("Q1")
@pytest.mark.parametrize("how_many", [1, 2000])
def test_the_unchanged_poll(sign_in, fill_queue_at_once, ms_okafor, count_queries, how_many):
    fill_queue_at_once(how_many)
    browser = sign_in(ms_okafor)
    version = browser.get("/").context["counts"].version

    with count_queries(2):
        assert browser.get(f"/waiting/?v={version}").status_code == 204


@pytest.mark.rule("Q1")
@pytest.mark.parametrize("how_many", [1, 24])
def test_my_classes(sign_in, ms_okafor, count_queries, how_many):
    for _ in range(how_many):
        ask_by_join_url(ClassroomFactory(by=ms_okafor).join_url, by=StudentFactory())
    browser = sign_in(ms_okafor)

    with count_queries(4):
        browser.get("/")
