"""Queues and people have a limit, and accounts created together have a quota. People are told kindly, and nothing is
lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from joins.acts import by_code, leak, queue, undo
from joins.acts.ask import MOST_TIMES_A_DAY, ask_by_join_url
from joins.acts.by_code import use_code
from joins.exceptions import QueueFull, WaitsEnough
from joins.models import JoinCode
from tests.clock import time_passes
from tests.factories import ClassroomFactory, StudentFactory, TeacherFactory
from tests.hooks import alerts, page_text


@pytest.mark.threat("T33")
def test_a_full_queue_takes_nobody_else_and_says_so(settings, biology, fill_queue, join_url, sign_in, amara):
    settings.MOST_PENDING_IN_CLASS = 3
    fill_queue(3)

    answer = sign_in(amara).post(join_url.path)

    assert (answer.status_code, biology.join_requests.count()) == (409, 3)
    assert alerts(answer) == [
        "So many people ask to join this class that no more can wait just now. "
        "Try again later, or speak to its teacher."
    ]


@pytest.mark.threat("T33")
def test_nor_does_the_locked_code(settings, biology, fill_queue, locked_code, amara):
    settings.MOST_PENDING_IN_CLASS = 3
    fill_queue(3)

    with pytest.raises(QueueFull):
        use_code(locked_code.code, by=amara)


@pytest.mark.rule("J8")
def test_who_waits_in_a_full_queue_still_does_and_a_decision_makes_room(
    settings, fill_queue, join_url, decide, ms_okafor, amara, amara_waits
):
    settings.MOST_PENDING_IN_CLASS = 3
    first, _ = fill_queue(2)
    assert ask_by_join_url(join_url, by=amara) == amara_waits

    decide(ms_okafor, "deny", first)

    assert ask_by_join_url(join_url, by=StudentFactory()).status == "pending"


@pytest.mark.rule("J1")
def test_an_unlocked_code_lets_in_whatever_the_queue(settings, biology, fill_queue, biology_code, amara):
    settings.MOST_PENDING_IN_CLASS = 3
    fill_queue(3)

    assert use_code(biology_code().code, by=amara).is_member


@pytest.mark.threat("T30")
def test_who_is_moved_to_queue_finds_room_in_a_full_queue(
    settings, biology, fill_queue, biology_code, amara, ms_okafor
):
    """So nothing is lost."""
    settings.MOST_PENDING_IN_CLASS = 1
    use_code(biology_code().code, by=amara)
    fill_queue(1)

    assert leak.report_leak(biology_code(), by=ms_okafor).moved == 1
    assert biology.join_requests.pending().count() == 2


@pytest.mark.threat("T33")
def test_one_person_waits_for_ten_classes_at_most(settings, amara):
    ten = [
        ask_by_join_url(ClassroomFactory().join_url, by=amara) for _ in range(settings.MOST_PENDING_OF_PERSON)
    ]
    eleventh = ClassroomFactory().join_url
    with pytest.raises(WaitsEnough, match="You wait to be let into 10 classes already"):
        ask_by_join_url(eleventh, by=amara)

    ten[0].withdraw()

    assert ask_by_join_url(eleventh, by=amara).status == "pending"


@pytest.mark.rule("Q9")
@pytest.mark.threat("T33")
def test_a_request_waits_again_after_an_undo_also_beyond_the_limits(
    settings, amara_waits, amara, leo, ms_okafor
):
    """The manager's slip must not cost a request, and nobody can make more of them in this way."""
    settings.MOST_PENDING_OF_PERSON = settings.MOST_PENDING_IN_CLASS = 1
    biology = amara_waits.classroom
    queue.decide(biology, [amara_waits.pk], "deny", by=ms_okafor)
    ask_by_join_url(ClassroomFactory().join_url, by=amara)
    ask_by_join_url(biology.join_url, by=leo)

    undo.undo(amara_waits, by=ms_okafor)

    assert biology.join_requests.pending().count() == amara.join_requests.pending().count() == 2
    with pytest.raises(WaitsEnough):
        ask_by_join_url(ClassroomFactory().join_url, by=amara)


@pytest.mark.threat("T34")
def test_what_accounts_made_together_ask_beyond_their_quota_is_folded_and_nobody_is_refused(
    new_accounts, quota_of_three, join_url, sign_in, biology
):
    """The person sees what everybody sees."""
    *three, fourth = new_accounts(4)
    for student in three:
        assert not ask_by_join_url(join_url, by=student).over_quota

    answer = sign_in(fourth).post(join_url.path)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    join_request = fourth.join_requests.get(classroom=biology)
    assert (join_request.status, join_request.over_quota) == ("pending", True)
    assert ask_by_join_url(join_url, by=fourth) == join_request


@pytest.mark.threat("T34")
@pytest.mark.parametrize("expected", [1, 7])
def test_the_quota_is_three_times_what_the_classes_expect_whose_codes_made_them(
    new_accounts, join_url, physics, mr_brandt, expected
):
    """Only classes count with whose Codes the teacher's accounts were created today."""
    physics.edit(by=mr_brandt, expected_size=expected)
    ClassroomFactory(by=mr_brandt, expected_size=1000)
    chess = ClassroomFactory(by=mr_brandt, expected_size=2)
    by_code.sign_up(JoinCode.objects.get_current(chess).code, StudentFactory())
    students = new_accounts(3 * (expected + 2) + 1)

    folded = [ask_by_join_url(join_url, by=student).over_quota for student in students]

    assert folded == [False] * 3 * (expected + 2) + [True]


@pytest.mark.threat("T34")
def test_a_class_that_says_it_expects_thousands_adds_no_more_than_a_large_one(
    monkeypatch, new_accounts, join_url, physics, mr_brandt
):
    monkeypatch.setattr("joins.acts.ask.MOST_EXPECTED_THAT_COUNT", 2)
    physics.edit(by=mr_brandt, expected_size=5000)

    folded = [ask_by_join_url(join_url, by=student).over_quota for student in new_accounts(7)]

    assert folded == [False] * 6 + [True]


@pytest.mark.threat("T34")
def test_beyond_half_as_many_again_as_the_class_expects_new_accounts_are_folded_too(
    new_accounts, join_url, biology, physics, ms_okafor, mr_brandt
):
    """Whatever the teacher says whose Code created them. The class's own teachers know how many should come."""
    biology.edit(by=ms_okafor, expected_size=2)
    physics.edit(by=mr_brandt, expected_size=100)

    folded = [ask_by_join_url(join_url, by=student).over_quota for student in new_accounts(4)]

    assert folded == [False] * 3 + [True]


@pytest.mark.threat("T33", "T34")
def test_new_accounts_of_several_teachers_leave_half_of_the_queue_to_everybody_else(
    settings, new_accounts, join_url, fill_queue, sign_in, amara
):
    """What is folded has a limit of its own, and takes no place from anybody."""
    settings.MOST_PENDING_IN_CLASS = 4
    students = [*new_accounts(1), *(StudentFactory() for _ in range(6))]
    for student in students[1:]:
        by_code.sign_up(ClassroomFactory().join_codes.get().code, student)
    *six, last = students
    folded = [ask_by_join_url(join_url, by=student).over_quota for student in six]
    refused = sign_in(last)
    assert "no more can wait just now" in page_text(refused.get(join_url.path))
    assert refused.post(join_url.path).status_code == 409

    fill_queue(1)

    assert folded == [False] * 2 + [True] * 4
    assert sign_in(amara).post(join_url.path).status_code == 302
    with pytest.raises(QueueFull):
        ask_by_join_url(join_url, by=StudentFactory())


@pytest.mark.threat("T34")
def test_teachers_who_have_just_signed_up_are_folded_beyond_the_quota_of_the_class(
    new_accounts, join_url, biology, ms_okafor
):
    """Anybody can sign up as a teacher, as often as they like. They share the class's quota with new students."""
    biology.edit(by=ms_okafor, expected_size=2)
    (student,) = new_accounts(1)
    earlier = TeacherFactory(date_joined=timezone.now() - timedelta(days=1, seconds=1))
    teachers = [TeacherFactory() for _ in range(3)]

    folded = [ask_by_join_url(join_url, by=user).over_quota for user in [*teachers[:2], student, teachers[2]]]

    assert folded == [False] * 3 + [True]
    assert not ask_by_join_url(join_url, by=earlier).over_quota


@pytest.mark.threat("T33", "T34")
def test_new_teachers_shut_nobody_out_of_the_queue(settings, biology, join_url, amara):
    settings.MOST_PENDING_IN_CLASS = 4
    folded = [ask_by_join_url(join_url, by=TeacherFactory()).over_quota for _ in range(6)]

    assert folded == [False] * 2 + [True] * 4
    assert not ask_by_join_url(join_url, by=amara).over_quota
    with pytest.raises(QueueFull):
        ask_by_join_url(join_url, by=TeacherFactory())


@pytest.mark.threat("T33", "T34")
def test_in_a_full_queue_a_new_account_is_folded_and_not_refused(
    settings, new_accounts, join_url, fill_queue, sign_in, biology
):
    settings.MOST_PENDING_IN_CLASS = 2
    fill_queue(2)
    (student,) = new_accounts(1)

    assert sign_in(student).post(join_url.path).status_code == 302
    assert student.join_requests.get(classroom=biology).over_quota


@pytest.mark.threat("T34")
def test_a_schools_first_day_fits_in(new_accounts, join_url, physics, mr_brandt):
    """Thirty pupils sign up in their form teacher's lesson, and ask to join two more classes."""
    physics.edit(by=mr_brandt, expected_size=30)
    students, lessons = new_accounts(30), [join_url, ClassroomFactory().join_url]

    assert not any(
        ask_by_join_url(lesson, by=student).over_quota for lesson in lessons for student in students
    )


@pytest.mark.threat("T34", "T50")
def test_cancelling_gives_nothing_back(new_accounts, quota_of_three, join_url):
    one, other = new_accounts(2)
    for _ in range(3):
        ask_by_join_url(join_url, by=one).withdraw()

    assert ask_by_join_url(join_url, by=other).over_quota


@pytest.mark.threat("T34")
@pytest.mark.parametrize("way", ["a new Code", "another class", "a deleted class"])
def test_a_teacher_has_one_quota_however_the_accounts_were_minted(
    new_accounts, quota_of_three, join_url, physics, physics_code, mr_brandt, way
):
    """Another class only adds what it expects."""
    for student in new_accounts(6):
        ask_by_join_url(join_url, by=student)
    last = StudentFactory()
    another = JoinCode.objects.get_current(ClassroomFactory(by=mr_brandt, expected_size=1))
    code = physics_code().reset(by=mr_brandt) if way == "a new Code" else another
    by_code.sign_up(code.code, last)
    if way == "a deleted class":
        physics.delete_class(by=mr_brandt)

    assert ask_by_join_url(join_url, by=last).over_quota


@pytest.mark.threat("T34")
def test_the_teachers_own_classes_a_code_and_other_peoples_accounts_are_free(
    new_accounts, quota_of_three, join_url, physics, locked_code, mr_brandt, amara
):
    """A Code was given to them by a teacher, and in their own class teachers could only flood themselves."""
    own = ClassroomFactory(by=mr_brandt)
    first, *others, last = new_accounts(5)
    for student in others:
        assert not ask_by_join_url(own.join_url, by=student).over_quota
    for student in others:
        assert not ask_by_join_url(join_url, by=student).over_quota
    physics.memberships.get(user=first).leave()

    assert not ask_by_join_url(physics.join_url, by=first).over_quota
    assert not ask_by_join_url(own.join_url, by=first).over_quota
    assert not use_code(locked_code.code, by=first).join_request.over_quota
    assert not ask_by_join_url(join_url, by=amara).over_quota
    assert ask_by_join_url(join_url, by=last).over_quota


@pytest.mark.threat("T34")
def test_a_day_later_they_are_accounts_like_any_other(new_accounts, quota_of_three, join_url):
    """What was over the quota stays so."""
    *three, fourth, fifth = new_accounts(5)
    for student in [*three, fourth]:
        ask_by_join_url(join_url, by=student)
    time_passes(days=1, seconds=1)

    assert not ask_by_join_url(join_url, by=User.objects.get(pk=fifth.pk)).over_quota
    assert fourth.join_requests.get(classroom=join_url.classroom).over_quota


@pytest.mark.threat("T33")
def test_five_hundred_are_denied_in_a_few_presses(biology, join_url, sign_in, url, ms_okafor):
    """Tick all and deny: fifty with each press."""
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


@pytest.mark.threat("T33")
def test_who_asks_and_cancels_again_and_again_waits_until_tomorrow(biology, join_url, amara, amaras_browser):
    """Otherwise the history would only show them coming and going."""
    for _ in range(MOST_TIMES_A_DAY):
        assert amaras_browser.post(join_url.path).status_code == 302
        biology.join_requests.pending().get().withdraw()
    before = biology.events.count()

    answer = amaras_browser.post(join_url.path)

    often = "You've joined this class, or asked to join it, 20 times today. Try again tomorrow."
    assert (answer.status_code, alerts(answer)) == (409, [often])
    assert often in page_text(amaras_browser.get(join_url.path))
    assert biology.events.count() == before
    time_passes(days=1, minutes=1)
    assert ask_by_join_url(join_url, by=amara).status == "pending"


@pytest.mark.threat("T33")
def test_so_does_who_joins_and_leaves_by_an_unlocked_code(
    biology, physics, biology_code, sign_in, amara, leo
):
    """Nobody else has to wait, nor do they themselves in another class."""
    code, browser = biology_code().code, sign_in(amara)
    for _ in range(MOST_TIMES_A_DAY):
        assert browser.post("/join/", {"code": code}).status_code == 302
        biology.memberships.get(user=amara).leave()

    assert browser.post("/join/", {"code": code}).status_code == 409
    assert not biology.memberships.filter(user=amara).exists()
    assert use_code(code, by=leo).is_member
    assert ask_by_join_url(physics.join_url, by=amara).status == "pending"
    time_passes(days=1, minutes=1)
    assert use_code(code, by=amara).is_member
