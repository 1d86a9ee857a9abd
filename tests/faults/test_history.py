"""The checker of bin/faults notices each thing that must never happen."""

from collections import Counter

import pytest

from faults.history import IN, REFUSED, UNSURE, WAITS, Found, History, Mail

BIOLOGY = "/classes/biology/"
CODE = "BDKRTWXZM"
AMARA, LEO = (BIOLOGY, "amara"), (BIOLOGY, "leo")
ASKS = ("okafor@school.example", "Leo asks to join")


@pytest.fixture
def history():
    """Amara joined at the tenth second, Leo asked at the Join URL."""
    history = History()
    history.record_attempt("amara", BIOLOGY, CODE, 10, IN)
    history.record_attempt("leo", BIOLOGY, "", 11, WAITS)
    history.expect_mail(*ASKS)
    return history


@pytest.fixture
def found():
    """Exactly what the history says."""
    mails = [Mail("<1@school>", *ASKS)]
    return Found({AMARA: (CODE, 10)}, Counter([AMARA]), {LEO}, Counter([LEO]), mails)


def what_is_said(history, found):
    verdict = history.check(found)
    return verdict.lost, verdict.doubled, verdict.wrong


def test_what_was_said_is_there(history, found):
    assert history.check(found).is_kept


def test_a_lost_join(history, found):
    found.members, found.came = {}, Counter()

    assert what_is_said(history, found) == (["amara was told: in"], [], [])


def test_a_lost_request(history, found):
    found.requested, found.pending = set(), Counter()

    assert what_is_said(history, found) == (["leo was told: waits"], [], [])


def test_a_lost_approval(history, found):
    history.approve([LEO])

    assert what_is_said(history, found) == (["leo was approved"], [], [])


def test_a_lost_mail(history, found):
    found.mails = [Mail("<1@school>", "brandt@school.example", ASKS[1])]

    assert what_is_said(history, found)[0] == ["no mail to okafor@school.example says: Leo asks to join"]


def test_a_mail_that_somebody_has_seen_to_need_not_come(history, found):
    history.forget_mail(*ASKS)
    found.mails = []

    assert history.check(found).is_kept


def test_a_doubled_mail_is_excused_by_a_crash_and_by_nothing_else(history, found):
    found.mails *= 2
    assert what_is_said(history, found)[1] == ["<1@school> came again"]

    history.crashes = 1
    assert (history.check(found).is_kept, history.check(found).excused) == (True, 1)

    found.mails += found.mails[:1]
    assert what_is_said(history, found)[1] == ["<1@school> came again"]


def test_a_second_mail_that_nobody_can_tell_from_the_first_is_never_excused(history, found):
    history.crashes = 9
    found.mails.append(Mail("<2@school>", *ASKS))

    assert what_is_said(history, found)[1] == [
        "okafor@school.example got too many different mails that say: Leo asks to join"
    ]


@pytest.mark.parametrize("many", ["came", "pending"])
def test_a_doubled_row(history, found, many):
    person = AMARA if many == "came" else LEO
    getattr(found, many)[person] += 1

    assert what_is_said(history, found)[1] == [person[1]]


@pytest.mark.parametrize("half", ["members", "came"])
def test_half_a_join(history, found, half):
    history.record_attempt("mira", BIOLOGY, CODE, 12, UNSURE)
    getattr(found, half)[(BIOLOGY, "mira")] = (CODE, 12) if half == "members" else 1

    assert what_is_said(history, found)[2] == ["mira has a membership or a line in History, not both"]


def test_who_was_refused_and_is_in(history, found):
    history.record_attempt("mira", BIOLOGY, CODE, 12, REFUSED)
    found.members[(BIOLOGY, "mira")], found.came[(BIOLOGY, "mira")] = (CODE, 12), 1

    assert what_is_said(history, found)[2] == ["mira was refused, and is in"]

    history.record_attempt("mira", BIOLOGY, CODE, 13, IN)  # and tried again
    assert history.check(found).is_kept


def test_whoever_walks_in_after_the_lock(history, found):
    history.code_closed(CODE, 9)

    assert what_is_said(history, found)[2] == [
        "amara joined after the lock, says the answer",
        "amara joined after the lock, says the database",
    ]


@pytest.mark.parametrize(("locked", "unlocked"), [(20, 30), (5, 8)])
def test_before_the_lock_and_after_the_unlocking_people_walk_in(history, found, locked, unlocked):
    history.code_closed(CODE, locked)
    history.closed_codes[0].opened_at = unlocked

    assert history.check(found).is_kept


def test_an_answer_that_nobody_expected(history, found):
    history.record_attempt("amara", BIOLOGY, CODE, 12, "sent to /accounts/login/")

    assert what_is_said(history, found)[2] == ["amara was sent to /accounts/login/"]


def test_what_a_fault_demands_besides(history, found):
    history.demand(True, "back in time")
    history.demand(False, "back too late")

    assert what_is_said(history, found)[2] == ["back too late"]
