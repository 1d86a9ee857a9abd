"""Using a slip: its Code lets in one person, once (L4)."""

import pytest

from classroom.exceptions import AlreadyMember, ArchivedFirst, ClassArchived, IsKeptOut
from classroom.models import KeptOut
from joins import codes
from joins.acts import slips
from joins.acts.by_code import use_code
from joins.acts.move_to_queue import move_to_queue
from joins.exceptions import ListIsOver, UnknownCode
from joins.models import Guess, JoinCode, JoinRequest, SignUp, Slip
from privacy.models import Person
from privacy.tasks import forget
from tests.clock import time_passes
from tests.factories import StudentFactory
from tests.hooks import alerts, page_text
from tests.joins.conftest import LISTED, slip_of
from tests.joins.guessing import HOME, SCHOOL, browser_at, join

pytestmark = pytest.mark.rule("L4")

GRACE = {"first_name": "Grace", "last_name": "Thompson", "username": "grace", "password1": "plain words"}


def is_member(classroom, user):
    return classroom.memberships.filter(user=user).exists()


@pytest.mark.parametrize("is_locked", [False, True])
def test_it_lets_in_one_person_whether_the_code_is_locked_or_not(
    make_slip, listed_class, biology_code, ms_okafor, amara, leo, is_locked
):
    if is_locked:
        biology_code().lock(by=ms_okafor)
    code = make_slip()

    assert use_code(code, by=amara).is_member
    with pytest.raises(UnknownCode):
        use_code(code, by=leo)

    assert (is_member(listed_class, amara), is_member(listed_class, leo)) == (True, False)
    assert listed_class.join_requests.count() == 0


@pytest.mark.rule("J9")
def test_the_membership_keeps_its_door_and_the_slip_who_used_it(make_slip, listed_class, amara):
    code = make_slip("Ben Müller")

    use_code(code, by=amara)

    membership = listed_class.memberships.get(user=amara)
    assert (membership.door, membership.code, membership.role) == ("slip", code, "member")
    event = listed_class.events.get(kind="join")
    assert (event.door, event.code, event.by) == ("slip", code, amara)
    slip = slip_of(code)
    assert (slip.listed_name.name, slip.used_by) == ("Ben Müller", amara)
    assert slip.used_at


@pytest.mark.rule("K1", "K3", "K4")
def test_its_code_looks_and_is_read_like_every_code(make_slip, sign_in, listed_class, amara):
    code = make_slip()

    assert codes.read(codes.in_threes(code).lower()) == code
    sign_in(amara).post("/join/", {"code": f" {codes.in_threes(code).lower()}."})

    assert is_member(listed_class, amara)


@pytest.mark.rule("J10")
def test_the_second_press_of_join_finds_them_in_the_class(make_slip, listed_class, sign_in, amara):
    browser, code = sign_in(amara), make_slip()

    answers = [browser.post("/join/", {"code": code}) for _ in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, listed_class.path)] * 2
    assert not Guess.objects.exists()


@pytest.mark.rule("C5")
def test_who_has_left_does_not_come_back_by_it(make_slip, listed_class, amara):
    code = make_slip()
    use_code(code, by=amara)
    listed_class.memberships.get(user=amara).leave()

    with pytest.raises(UnknownCode):
        use_code(code, by=amara)


@pytest.mark.rule("J8")
def test_who_is_a_member_does_not_use_it_up(make_slip, listed_class, amara, leo, biology_code):
    use_code(biology_code().code, by=amara)
    code = make_slip()

    with pytest.raises(AlreadyMember):
        use_code(code, by=amara)

    assert use_code(code, by=leo).is_member


@pytest.mark.rule("J8")
def test_who_waits_is_in_and_their_request_is_closed_as_admitted(
    make_slip, listed_class, amara, amara_waits, ms_okafor
):
    use_code(make_slip(), by=amara)

    amara_waits.refresh_from_db()
    assert amara_waits.status == JoinRequest.Status.ADMITTED
    assert is_member(listed_class, amara)
    unread = ms_okafor.notifications.unread()
    assert not unread.filter(about=amara_waits.about).exists()


def test_who_was_moved_to_the_queue_is_in_too(make_slip, listed_class, amara, amara_joined, ms_okafor):
    move_to_queue(listed_class, "amara", by=ms_okafor)

    assert use_code(make_slip(), by=amara).is_member
    assert not listed_class.join_requests.pending().exists()


@pytest.mark.rule("Q7")
@pytest.mark.threat("T08")
def test_who_is_blocked_stays_out_and_does_not_use_it_up(make_slip, listed_class, amara, leo, ms_okafor):
    KeptOut.objects.create(classroom=listed_class, user=amara, by=ms_okafor)
    code = make_slip()

    with pytest.raises(IsKeptOut):
        use_code(code, by=amara)

    assert use_code(code, by=leo).is_member


@pytest.mark.rule("C4")
def test_an_archived_class_says_so_kindly_and_the_slip_works_after_a_restore(
    make_slip, listed_class, amara, ms_okafor, sign_in
):
    code = make_slip()
    listed_class.archive(by=ms_okafor)

    page = sign_in(amara).post("/join/", {"code": code})
    assert "Biology 9B is archived" in alerts(page)[0]
    with pytest.raises(ClassArchived):
        use_code(code, by=amara)
    with pytest.raises(ArchivedFirst):
        make_slip(LISTED[1])

    listed_class.restore(by=ms_okafor)
    assert use_code(code, by=amara).is_member


def test_it_is_dead_once_the_time_of_the_list_is_up_whether_the_task_ran_or_not(
    make_slip, listed_class, amara, leo
):
    code, other = make_slip(), make_slip(LISTED[1])
    time_passes(weeks=6, hours=-1)
    assert use_code(code, by=amara).is_member

    time_passes(hours=2)
    with pytest.raises(UnknownCode):
        use_code(other, by=leo)
    with pytest.raises(ListIsOver):
        make_slip(LISTED[2])

    forget()
    assert not Slip.objects.exists()
    assert JoinCode.objects.filter(code__in=[code, other]).count() == 2


@pytest.mark.threat("T18")
def test_while_codes_are_paused_so_are_slips(make_slip, listed_class, guesses_used_up):
    code = make_slip()
    browser = browser_at(HOME, StudentFactory())

    right, wrong = (browser.post("/join/", {"code": typed}) for typed in (code, codes.draw(0)))

    assert (right.status_code, alerts(right)) == (wrong.status_code, alerts(wrong))
    assert right.status_code == 429
    assert not slip_of(code).used_at


@pytest.mark.threat("T97")
def test_in_the_network_of_its_class_it_works_however_many_guess_there(make_slip, listed_class, school):
    for _ in range(6):
        for _ in range(10):
            Guess.objects.record_refused(account_id=None, session="s", network=SCHOOL, wider="")

    join(browser_at(SCHOOL, StudentFactory(username="noor")), make_slip())

    assert listed_class.memberships.filter(user__username="noor").exists()


@pytest.mark.threat("T30")
def test_a_crowd_does_not_stop_it(make_slip, listed_class, amara, leo, biology_code, ms_okafor):
    """Somebody with a slip is expected, one by one."""
    listed_class.edit(by=ms_okafor, expected_size=1)
    for _ in range(2):
        use_code(biology_code().code, by=StudentFactory())
    assert not use_code(biology_code().code, by=leo).is_member

    assert use_code(make_slip(), by=amara).is_member


@pytest.mark.rule("A3")
@pytest.mark.threat("T54")
def test_a_student_signs_up_with_it(make_slip, listed_class, locked_code, client):
    code = make_slip()

    answer = client.post("/accounts/signup/student/", GRACE | {"code": code}, follow=True)

    assert "You're in Biology 9B." in page_text(answer)
    membership = listed_class.memberships.get(user__username="grace")
    assert membership.door == "slip"
    # Its teachers may help with this account, as with any that a Code of the class created.
    assert SignUp.objects.get(user=membership.user).join_code.classroom == listed_class


@pytest.mark.rule("A3")
def test_a_second_sign_up_with_it_makes_no_account(make_slip, listed_class, client):
    code = make_slip()
    use_code(code, by=StudentFactory())

    page = client.post("/accounts/signup/student/", GRACE | {"code": code})

    assert UnknownCode.message in alerts(page)[0]
    assert not Person.objects.filter(username="grace").exists()


@pytest.mark.rule("A5", "J11")
def test_who_has_an_account_logs_in_and_joins_with_it(make_slip, listed_class, client, amara):
    code = make_slip()

    client.post("/join/", {"code": code})
    page = client.post(
        "/accounts/login/", {"login": "amara", "password": "correct horse battery"}, follow=True
    )
    assert f'value="{code}"' in page.content.decode() or codes.in_threes(code) in page.content.decode()
    client.post("/join/", {"code": code})

    assert is_member(listed_class, amara)


@pytest.mark.rule("K8", "J0")
@pytest.mark.parametrize("dead", ["used", "cancelled", "never issued"])
def test_a_dead_one_answers_like_a_code_that_never_existed(
    make_slip, listed_class, ms_okafor, sign_in, amara, count_queries, dead
):
    code = make_slip()
    if dead == "used":
        use_code(code, by=StudentFactory())
    elif dead == "cancelled":
        slips.cancel_slips(listed_class, by=ms_okafor)
    else:
        code = codes.draw(0)
    browser = sign_in(amara)

    with count_queries(5):
        page = browser.post("/join/", {"code": code})

    assert page.status_code == 422
    assert alerts(page) == [UnknownCode.message]
    assert Guess.objects.count() == 1
