"""If the same person presses for the same act again, they get the first answer and nothing more happens."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from classroom.models import Event
from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.models import JoinCode
from tests.factories import MembershipFactory, StudentFactory, TeacherFactory, created_with_code_of
from tests.hooks import alerts, hooks, page_text
from tests.tables import tables

pytestmark = pytest.mark.rule("J10")

WITHOUT = {"sessions.Session", "accounts.Device", "privacy.Person"}  # Person is a proxy of the users
NEXT_HOUR = timezone.localtime() + timedelta(hours=1)

# Who presses, where, with which fields, and what the next page says both times.
PRESSES = {
    "leave": ("amara", "classroom:leave_class", {}, "You have left Biology 9B."),
    "leave, co-teacher": ("mr_lind", "classroom:leave_class", {}, "You have left Biology 9B."),
    "remove": ("mr_lind", "classroom:remove_member", {}, "Robin Example is removed."),
    "remove, block": (
        "ms_okafor",
        "classroom:remove_member",
        {"keep_out": "on"},
        "Robin Example is removed and blocked.",
    ),
    "remove several": (
        "ms_okafor",
        "classroom:remove_members",
        {"member": "robin", "keep_out": "on"},
        "Removed and blocked 1 person: Robin Example.",
    ),
    "move several to queue": (
        "mr_lind",
        "joins:move_members_to_queue",
        {"member": "robin"},
        "Robin Example is now waiting in the approval queue.",
    ),
    "make co-teacher": ("ms_okafor", "classroom:make_co_teacher", {}, "Bea Berg is now a co-teacher."),
    "make member": ("ms_okafor", "classroom:make_member", {}, "Jonas Lind is a member now."),
    "let back": ("mr_lind", "classroom:let_back", {}, "Hana Sato can join again."),
    "move to queue": (
        "mr_lind",
        "joins:move_to_queue",
        {},
        "Robin Example is now waiting in the approval queue.",
    ),
    "transfer": (
        "ms_okafor",
        "classroom:transfer_class",
        {"username": "berg"},
        "Bea Berg owns Biology 9B now. You're a co-teacher.",
    ),
    "archive": ("ms_okafor", "classroom:archive_class", {}, "Biology 9B is archived."),
    "restore": ("ms_okafor", "classroom:restore_class", {}, "Biology 9B is back. Its Code is locked;"),
    "delete": ("ms_okafor", "classroom:delete_class", {"name": "Biology 9B"}, "Biology 9B has been deleted."),
    "edit": ("mr_lind", "classroom:edit_class", {"name": "Biology 9C", "kind": "class"}, "Saved."),
    "note": (
        "mr_lind",
        "classroom:change_note",
        {"note": "Bring a leaf.", "version": "e3b0c44298fc1c14"},
        "Saved.",
    ),
    "lock": ("mr_lind", "joins:lock_code", {}, "The Code is locked."),
    "lock at": (
        "mr_lind",
        "joins:lock_code_at",
        {"locks_at": f"{NEXT_HOUR:%Y-%m-%dT%H:%M}"},
        "The Code locks on",
    ),
    "unlock": ("mr_lind", "joins:unlock_code", {}, "The Code is unlocked until"),
    "reset": ("ms_okafor", "joins:reset_code", {"join_code": "current"}, "The Code is reset."),
    "leak": (
        "ms_okafor",
        "joins:report_leak",
        {"join_code": "current", "who": "everyone", "counted": "everyone:", "seen": "newest"},
        "Moved to the queue: 3.",
    ),
    "pause": ("mr_lind", "joins:pause_join_url", {}, "The Join URL is paused."),
    "resume": ("mr_lind", "joins:resume_join_url", {}, "The Join URL works again."),
    "mark read": ("ms_okafor", "accounts:mark_notifications_read", {}, "Notifications"),
    "cancel": ("leo", "joins:withdraw_request", {}, "your request to join Biology 9B."),
}
WHOM = {"classroom:make_co_teacher": "berg", "classroom:make_member": "lind", "classroom:let_back": "hana"}


@pytest.fixture
def everybody(biology, ms_okafor, mr_lind, amara, leo):
    """Robin, Amara and Ms Berg joined Biology 9B by Code, Hana is blocked, and Leo waits."""
    berg = TeacherFactory(username="berg", first_name="Bea", last_name="Berg")
    hana = StudentFactory(username="hana", first_name="Hana", last_name="Sato")
    for person in (StudentFactory(username="robin", last_name="Example"), amara, berg):
        MembershipFactory(classroom=biology, user=person, code=JoinCode.objects.get_current(biology).code)
    MembershipFactory(classroom=biology, user=hana).remove(by=ms_okafor, keep_out=True)
    ask_by_join_url(biology.join_url, by=leo)


@pytest.fixture
def path(biology):
    """path("classroom:leave_class") -> its address in Biology 9B, about somebody for whom the act is possible."""

    def of(name):
        if name == "joins:withdraw_request":
            return reverse(name, args=[biology.join_requests.get(user__username="leo").pk])
        if name.startswith("accounts:"):
            return reverse(name)
        routes = {"public_id": biology.public_id}
        with_name = name in WHOM or name in (
            "classroom:remove_member",
            "joins:move_to_queue",
            "joins:give_password",
        )
        return reverse(name, kwargs=routes | ({"username": WHOM.get(name, "robin")} if with_name else {}))

    return of


def all_but_sessions():
    return {label: rows for label, rows in tables().items() if label not in WITHOUT}


def with_those_of_the_page(fields, classroom):
    """Put in what the page of these forms sends hidden."""
    shown = {
        "member": User.objects.filter(username="robin").values_list("pk", flat=True).first(),
        "join_code": JoinCode.objects.get_current(classroom).pk,
        "seen": max(classroom.events.values_list("pk", flat=True)),
    }
    return fields | {name: shown[name] for name in fields.keys() & shown.keys()}


@pytest.mark.parametrize("press", PRESSES)
def test_the_second_press_answers_like_the_first(press, everybody, biology, path, sign_in, request):
    """Nothing is written twice, and nobody gets a 404 or "by now"."""
    who, name, fields, sentence = PRESSES[press]
    fields = with_those_of_the_page(fields, biology)
    if press == "resume":
        biology.join_url.pause(by=biology.owner)
    if press == "unlock":
        JoinCode.objects.get_current(biology).lock(by=biology.owner)
    if press == "restore":
        biology.archive(by=biology.owner)
    address, browser = path(name), sign_in(request.getfixturevalue(who))

    first = browser.post(address, fields, follow=True)
    after_one = all_but_sessions()
    second = browser.post(address, fields, follow=True)

    assert sentence in page_text(first)
    assert sentence in page_text(second)
    assert (second.status_code, second.redirect_chain) == (200, first.redirect_chain)
    assert alerts(second) == alerts(first) == []
    assert all_but_sessions() == after_one


@pytest.mark.parametrize(
    "press", ["leave", "remove, block", "move to queue", "lock at", "cancel", "transfer", "delete", "reset"]
)
def test_two_presses_before_any_page_say_it_once(press, everybody, biology, path, sign_in, request):
    """The second press leaves while the page after the first is on its way."""
    who, name, fields, sentence = PRESSES[press]
    fields = with_those_of_the_page(fields, biology)
    address, browser = path(name), sign_in(request.getfixturevalue(who))

    browser.post(address, fields)
    page = browser.post(address, fields, follow=True)

    assert page_text(page).count(sentence) == 1


@pytest.mark.threat("T15")
def test_a_second_one_time_password_is_the_same_act(biology, everybody, path, sign_in, mr_lind, ms_okafor):
    """The shown password works, the history has one line, and everybody got one notification."""
    robin = biology.memberships.get(user__username="robin").user
    created_with_code_of(biology, robin)
    browser = sign_in(mr_lind)
    browser.post(path("joins:give_password"))
    told = robin.notifications.count(), ms_okafor.notifications.count()

    [password] = hooks(browser.post(path("joins:give_password")), "data-one-time")

    robin.refresh_from_db()
    assert robin.check_password(password)
    assert biology.events.filter(kind=Event.Kind.GIVE_PASSWORD).count() == 1
    assert (robin.notifications.count(), ms_okafor.notifications.count()) == told


@pytest.mark.rule("Q3")
@pytest.mark.parametrize("press", ["remove", "let back", "move to queue"])
def test_who_comes_after_another_manager_is_told_who_did_it(
    press, everybody, path, sign_in, ms_okafor, mr_lind
):
    _, name, fields, _ = PRESSES[press]
    after = sign_in(mr_lind)
    sign_in(ms_okafor).post(path(name), fields)
    before = all_but_sessions()

    answer = after.post(path(name), fields)

    did = {"remove": "removed Robin Example", "let back": "unblocked Hana Sato"}.get(
        press, "moved Robin Example to the queue"
    )
    assert answer.status_code == 409
    assert alerts(answer)[0].startswith(f"Ngozi Okafor {did} on ")
    assert all_but_sessions() == before


@pytest.mark.rule("C2")
@pytest.mark.parametrize("press", ["leave", "transfer", "delete"])
def test_whoever_did_not_do_it_finds_no_class(press, everybody, path, sign_in, mr_brandt, leo):
    _, name, fields, _ = PRESSES[press]
    for person in (mr_brandt, leo):
        assert sign_in(person).post(path(name), fields).status_code == 404


@pytest.mark.rule("C2")
def test_who_left_learns_that_they_have_left_and_nothing_else(
    everybody, biology, path, sign_in, amara, ms_okafor
):
    """They don't learn the class's new name, and opening the page is a 404."""
    browser, leave = sign_in(amara), path("classroom:leave_class")
    browser.post(leave)
    assert browser.get(leave).status_code == browser.get(biology.path).status_code == 404
    biology.edit(by=ms_okafor, name="Biology of 9C")

    assert browser.post(leave).status_code == 404


@pytest.mark.rule("C2")
def test_who_was_removed_cannot_have_left(everybody, biology, path, sign_in, amara, ms_okafor):
    biology.memberships.get(user=amara).remove(by=ms_okafor, keep_out=False)

    assert sign_in(amara).post(path("classroom:leave_class")).status_code == 404


@pytest.mark.rule("C2")
def test_who_is_back_as_the_owner_cannot_have_left(everybody, biology, path, sign_in, mr_lind, ms_okafor):
    """Mr Lind left, came back and was given the class, all within a minute. An owner can't leave."""
    browser = sign_in(mr_lind)
    browser.post(path("classroom:leave_class"))
    MembershipFactory(classroom=biology, user=mr_lind)
    biology.transfer(by=ms_okafor, to=mr_lind)

    assert browser.post(path("classroom:leave_class")).status_code == 403


def test_two_windows_that_saw_the_member_remove_once(everybody, biology, ms_okafor):
    """The second one acts after it has found the member."""
    first, second = (biology.memberships.get(user__username="robin") for _ in range(2))
    first.remove(by=ms_okafor, keep_out=True)
    before = all_but_sessions()

    second.remove(by=ms_okafor, keep_out=True)

    assert all_but_sessions() == before


@pytest.mark.rule("Q3")
def test_moved_to_queue_twice_is_not_said_of_who_was_let_in_since(
    everybody, biology, path, mr_lind, linds_browser
):
    """It would not be true that they wait."""
    linds_browser.post(path("joins:move_to_queue"))
    join_request = biology.join_requests.get(user__username="robin")
    queue.decide(biology, [join_request.pk], "deny", by=mr_lind)

    assert linds_browser.post(path("joins:move_to_queue")).status_code == 409
