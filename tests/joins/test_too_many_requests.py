"""T33, T34: a queue, a person, and accounts made together have a limit, told kindly; nothing is lost."""

import pytest

from accounts.models import User
from joins.exceptions import NewAccountsAskedEnough, QueueFull, WaitsEnough
from joins.models import JoinCode, SignUp
from tests.clock import time_passes
from tests.factories import ClassroomFactory, StudentFactory
from tests.hooks import alerts


@pytest.fixture
def minted(physics, physics_code):
    """minted(3) -> that many accounts, made today with the Code of Mr Brandt's Physics 10."""

    def sign_up(how_many):
        students = [StudentFactory() for _ in range(how_many)]
        for student in students:
            SignUp.objects.with_code(physics_code().code, student)
        return students

    return sign_up


@pytest.fixture
def three_shared(settings):
    settings.MOST_ASKED_BY_NEW_ACCOUNTS = 3


def test_a_full_queue_takes_nobody_else_and_says_so(settings, biology, fill_queue, join_url, sign_in, amara):
    """T33"""
    settings.MOST_PENDING_IN_CLASS = 3
    fill_queue(3)

    answer = sign_in(amara).post(join_url.path)

    assert (answer.status_code, biology.join_requests.count()) == (409, 3)
    assert alerts(answer) == [
        "So many people ask to join Biology 9B that no more can wait just now. "
        "Try again later, or speak to its teacher."
    ]


def test_nor_does_the_locked_code(settings, biology, fill_queue, locked_code, amara):
    """T33"""
    settings.MOST_PENDING_IN_CLASS = 3
    fill_queue(3)

    with pytest.raises(QueueFull):
        JoinCode.objects.redeem(locked_code.code, by=amara)


def test_who_waits_in_a_full_queue_still_does_and_a_decision_makes_room(
    settings, fill_queue, join_url, decide, ms_okafor, amara, amara_waits
):
    """J8"""
    settings.MOST_PENDING_IN_CLASS = 3
    first, _ = fill_queue(2)
    assert join_url.ask(by=amara) == amara_waits

    decide(ms_okafor, "deny", first)

    assert join_url.ask(by=StudentFactory()).status == "pending"


def test_an_unlocked_code_lets_in_whatever_the_queue(settings, biology, fill_queue, biology_code, amara):
    """J1"""
    settings.MOST_PENDING_IN_CLASS = 3
    fill_queue(3)

    assert JoinCode.objects.redeem(biology_code().code, by=amara) == biology


def test_who_is_set_aside_finds_room_in_a_full_queue(
    settings, biology, fill_queue, biology_code, amara, ms_okafor
):
    """T30: nothing is lost."""
    settings.MOST_PENDING_IN_CLASS = 1
    JoinCode.objects.redeem(biology_code().code, by=amara)
    fill_queue(1)

    assert biology_code().report_leak(by=ms_okafor) == 1
    assert biology.join_requests.pending().count() == 2


def test_one_person_waits_for_ten_classes_at_most(settings, amara):
    """T33"""
    ten = [ClassroomFactory().join_url.ask(by=amara) for _ in range(settings.MOST_PENDING_OF_PERSON)]
    eleventh = ClassroomFactory().join_url
    with pytest.raises(WaitsEnough, match="You wait to be let into 10 classes already"):
        eleventh.ask(by=amara)

    ten[0].withdraw()

    assert eleventh.ask(by=amara).status == "pending"


def test_accounts_made_together_share_what_they_may_ask_elsewhere(minted, three_shared, join_url, sign_in):
    """T34"""
    *three, fourth = minted(4)
    for student in three:
        join_url.ask(by=student)

    answer = sign_in(fourth).post(join_url.path)

    assert answer.status_code == 429
    assert "Your account is new" in alerts(answer)[0]


def test_withdrawing_gives_nothing_back(minted, three_shared, join_url):
    """T34, T50"""
    one, other = minted(2)
    for _ in range(3):
        join_url.ask(by=one).withdraw()

    with pytest.raises(NewAccountsAskedEnough):
        join_url.ask(by=other)


@pytest.mark.parametrize("way", ["a new Code", "another class", "a deleted class"])
def test_a_teacher_has_one_share_however_the_accounts_were_minted(
    minted, three_shared, join_url, physics, physics_code, mr_brandt, way
):
    """T34"""
    for student in minted(3):
        join_url.ask(by=student)
    fourth = StudentFactory()
    another = JoinCode.objects.of(ClassroomFactory(by=mr_brandt))
    code = physics_code().reset(by=mr_brandt) if way == "a new Code" else another
    SignUp.objects.with_code(code.code, fourth)
    if way == "a deleted class":
        physics.delete_class(by=mr_brandt)

    with pytest.raises(NewAccountsAskedEnough):
        join_url.ask(by=fourth)


def test_their_own_class_the_code_and_other_peoples_accounts_are_free(
    minted, three_shared, join_url, physics, locked_code, mr_brandt, amara
):
    """T34: having been given a Code is no flood."""
    *three, fourth = minted(4)
    for student in three:
        join_url.ask(by=student)
    physics.memberships.get(user=fourth).leave()

    assert physics.join_url.ask(by=fourth).status == "pending"
    assert JoinCode.objects.redeem(locked_code.code, by=fourth).status == "pending"
    assert join_url.ask(by=amara).status == "pending"


def test_a_day_later_they_are_accounts_like_any_other(minted, three_shared, join_url):
    """T34"""
    *three, fourth = minted(4)
    for student in three:
        join_url.ask(by=student)
    time_passes(days=1, seconds=1)

    assert join_url.ask(by=User.objects.get(pk=fourth.pk)).status == "pending"


def test_five_hundred_are_denied_in_a_few_presses(biology, join_url, sign_in, url, ms_okafor):
    """T33: tick all, deny: fifty a press."""
    students = User.objects.bulk_create(User(username=f"bot{n}", kind="student") for n in range(500))
    biology.join_requests.bulk_create(
        biology.join_requests.model(classroom=biology, user=one, door="join-url", name="Bot", class_name="B")
        for one in students
    )
    browser, presses = sign_in(ms_okafor), 0
    while page := list(browser.get(url("requests/")).context["page"]):
        browser.post(url("requests/decide/"), {"decision": "deny", "request": [one.pk for one in page]})
        presses += 1

    assert presses == 10
