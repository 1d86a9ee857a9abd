"""A manager puts two accounts of one student together: the newer one is closed, if it is used nowhere else (L5)."""

import pytest

from accounts.models import User
from classroom.exceptions import AccountDeleted, DoneByAnother
from classroom.models import Membership
from joins.acts import fold_account as acts
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.exceptions import CannotFold
from tests.clock import time_passes
from tests.factories import (
    PASSWORD,
    ClassroomFactory,
    MembershipFactory,
    StudentFactory,
    TeacherFactory,
    created_with_code_of,
)
from tests.hooks import page_text
from tests.log_in import log_in
from tests.notifications import notification_texts

pytestmark = [pytest.mark.django_db, pytest.mark.rule("L5")]
LOG_IN = {"login": "amara2", "password": PASSWORD}
CLOSED = (
    "Your teacher has put this account together with your other one. Log in with that one. "
    "Its username begins with “a”."
)


@pytest.fixture
def twin(biology, amara_is_member):
    """Amara's second account, created with the Code of Biology 9B, and in the class."""
    twin = StudentFactory(username="amara2", first_name="amara", last_name="Toure")
    created_with_code_of(biology, twin)
    MembershipFactory(classroom=biology, user=twin)
    return twin


@pytest.fixture
def twin_waits(biology, twin):
    """The second account waits in the queue instead."""
    twin.memberships.all().delete()
    return ask_by_join_url(biology.join_url, by=twin)


@pytest.fixture
def fold(biology, ms_okafor):
    return lambda user, by=ms_okafor: acts.fold(biology, user, by=by)


@pytest.fixture
def undo(biology, ms_okafor):
    return lambda user, by=ms_okafor: acts.undo_fold(biology, user, by=by)


def kinds(classroom):
    return list(classroom.events.order_by("pk").values_list("kind", flat=True))


def test_the_newer_account_is_closed_and_no_longer_in_the_class(fold, biology, twin, amara):
    assert fold(twin) == amara

    twin.refresh_from_db()
    assert not twin.is_active
    assert list(biology.memberships.plain().values_list("user__username", flat=True)) == ["amara"]
    assert kinds(biology)[-1] == "fold_account"


def test_the_request_of_the_newer_account_ends(fold, biology, twin, twin_waits):
    fold(twin)

    twin_waits.refresh_from_db()
    assert twin_waits.status == "withdrawn"
    assert not biology.join_requests.pending().exists()


@pytest.mark.threat("T60")
def test_the_closed_account_is_logged_out_everywhere(fold, sign_in, twin):
    browser = sign_in(twin)

    fold(twin)

    assert browser.get("/").status_code == 302 or "Log in" in browser.get("/").content.decode()


def test_a_log_in_with_it_says_which_account_stays(fold, client, twin):
    fold(twin)

    page = page_text(client.post("/accounts/login/", LOG_IN, follow=True))

    assert f"This account is closed {CLOSED} Log in with another account" in page


@pytest.mark.threat("T11")
def test_without_the_password_nobody_reads_that(fold, client, twin):
    fold(twin)

    page = client.post("/accounts/login/", LOG_IN | {"password": "a guess"}, follow=True)

    assert "your other one" not in page_text(page)


def test_an_account_that_is_closed_for_another_reason_reads_nothing_of_it(client, twin):
    User.objects.filter(pk=twin.pk).close()

    assert "your other one" not in page_text(client.post("/accounts/login/", LOG_IN, follow=True))


def test_the_student_and_the_other_managers_are_told_until_it_is_undone(
    fold, undo, twin, amara, mr_lind, ms_okafor
):
    fold(twin)

    assert notification_texts(amara) == [
        "Ngozi Okafor has put another account of yours together with this one. Log in as amara."
    ]
    assert notification_texts(mr_lind) == [
        "Two accounts of Amara Toure in Biology 9B are one account now. The history shows who did it."
    ]
    assert notification_texts(ms_okafor) == []
    undo(twin)
    assert notification_texts(amara) == notification_texts(mr_lind) == []


def test_undone_everything_is_back(fold, undo, biology, twin, client):
    before = Membership.objects.filter(user=twin).values("door", "code", "role").get()
    fold(twin)

    undo(twin)

    twin.refresh_from_db()
    assert twin.is_active
    assert Membership.objects.filter(user=twin).values("door", "code", "role").get() == before
    assert kinds(biology)[-2:] == ["fold_account", "undo_fold"]
    log_in(client, "amara2")
    assert client.get(biology.path).status_code == 200


def test_a_member_is_back_since_when_they_joined(fold, undo, biology, biology_code, amara_is_member):
    twin = StudentFactory(username="amara2", first_name="Amara", last_name="Toure")
    created_with_code_of(biology, twin)
    use_code(biology_code().code, by=twin)
    time_passes(days=3)
    joined_at = twin.memberships.get().joined_at
    fold(twin)

    undo(twin)

    assert abs(twin.memberships.get().joined_at - joined_at).total_seconds() < 1


def test_undone_a_request_waits_again_at_its_place(fold, undo, biology, twin, twin_waits, ms_okafor):
    asked_at = twin_waits.asked_at
    fold(twin)
    assert ms_okafor.notifications.unread().count() == 0

    undo(twin)

    [again] = biology.join_requests.pending()
    assert (again.pk, again.asked_at, again.decided_by) == (twin_waits.pk, asked_at, None)
    assert ms_okafor.notifications.unread().count() == 1


@pytest.mark.rule("Q3")
def test_who_decides_about_it_later_reads_what_has_happened(
    fold, decide, twin, twin_waits, mr_lind, ms_okafor
):
    fold(twin)

    (late,) = decide(mr_lind, "approve", twin_waits)
    (again,) = decide(ms_okafor, "approve", twin_waits)

    assert str(late).startswith("Ngozi Okafor put two accounts of amara Toure together on ")
    assert str(again).startswith("You put two accounts of amara Toure together on ")
    assert not twin.memberships.exists()


def test_after_ten_minutes_it_is_too_late(fold, undo, twin):
    fold(twin)
    time_passes(minutes=10, seconds=1)

    with pytest.raises(CannotFold, match="10 minutes|ten minutes"):
        undo(twin)
    twin.refresh_from_db()
    assert not twin.is_active


def test_undo_works_although_the_older_one_has_left(fold, undo, biology, twin, amara_is_member):
    fold(twin)
    amara_is_member.leave()

    undo(twin)

    assert biology.memberships.filter(user=twin).exists()


def test_nobody_who_was_blocked_since_comes_back(fold, undo, biology, twin, ms_okafor):
    fold(twin)
    biology.kept_out.create(user=twin, by=ms_okafor)

    with pytest.raises(CannotFold):
        undo(twin)


@pytest.mark.rule("J10")
def test_the_second_press_changes_nothing(fold, undo, biology, twin):
    for act in (fold, fold, undo, undo):
        act(twin)

    assert kinds(biology)[-2:] == ["fold_account", "undo_fold"]
    assert kinds(biology).count("fold_account") == 1


@pytest.mark.rule("Q3")
def test_a_second_manager_reads_who_did_it(fold, undo, twin, mr_lind):
    fold(twin)
    with pytest.raises(DoneByAnother, match="Ngozi Okafor put together two accounts of amara Toure"):
        fold(twin, by=mr_lind)
    undo(twin)
    with pytest.raises(DoneByAnother, match="Ngozi Okafor took apart the two accounts of amara Toure"):
        undo(twin, by=mr_lind)


def in_another_class(twin):
    MembershipFactory(classroom=ClassroomFactory(), user=twin)


def waits_elsewhere(twin):
    ask_by_join_url(ClassroomFactory().join_url, by=twin)


def created_elsewhere(twin):
    twin.sign_up.delete()
    created_with_code_of(ClassroomFactory(), twin)


def created_by_an_operator(twin):
    twin.sign_up.delete()


def is_a_teachers(twin):
    User.objects.filter(pk=twin.pk).update(kind="teacher")


def is_an_operators(twin):
    User.objects.filter(pk=twin.pk).update(is_staff=True)


def is_called_otherwise(twin):
    User.objects.filter(pk=twin.pk).update(first_name="Amadou")


def the_older_one_has_left(twin):
    Membership.objects.filter(user__username="amara").delete()


def the_older_one_is_closed(twin):
    User.objects.filter(username="amara").close()


def the_older_one_is_a_teachers(twin):
    User.objects.filter(username="amara").update(kind="teacher")


@pytest.mark.threat("T14", "T15")
@pytest.mark.parametrize(
    "so",
    [
        in_another_class,
        waits_elsewhere,
        created_elsewhere,
        created_by_an_operator,
        is_a_teachers,
        is_an_operators,
        is_called_otherwise,
        the_older_one_has_left,
        the_older_one_is_closed,
        the_older_one_is_a_teachers,
    ],
)
def test_no_manager_closes_an_account_that_is_more_than_that(fold, okafors_browser, url, biology, twin, so):
    so(twin)

    page = okafors_browser.get(url("members/amara2/fold/"))
    with pytest.raises(CannotFold) as refused:
        fold(twin)

    assert page_text(page).count(refused.value.message) == 1
    assert okafors_browser.post(url("members/amara2/fold/")).status_code == 409
    twin.refresh_from_db()
    assert twin.is_active
    assert biology.memberships.filter(user=twin).exists()


@pytest.mark.threat("T14")
def test_the_refusal_tells_no_manager_that_a_student_is_in_another_class(biology, twin):
    """It is the same as for an account that was created elsewhere."""
    in_another_class(twin)
    one = acts.read(biology, twin).why_not
    Membership.objects.filter(user=twin).exclude(classroom=biology).delete()
    created_elsewhere(twin)

    assert acts.read(biology, twin).why_not == one


def test_the_older_account_is_never_closed(fold, biology, twin, amara):
    created_with_code_of(biology, amara)

    with pytest.raises(CannotFold):
        fold(amara)


@pytest.mark.threat("T60")
def test_an_account_that_is_closed_at_this_moment_joins_nothing_more(fold, twin):
    """A press that was on its way waits for the row of the person, and then reads it again."""
    other = ClassroomFactory()
    fold(twin)

    with pytest.raises(AccountDeleted):
        use_code(other.join_codes.get().code, by=twin)


def test_the_pages_ask_first_and_say_afterwards_what_was_done(okafors_browser, url, twin):
    fold_url = url("members/amara2/fold/")
    asks = page_text(okafors_browser.get(fold_url))
    assert "Do both accounts belong to amara Toure?" in asks
    assert "amara2, created on" in asks

    done = page_text(okafors_browser.post(fold_url, follow=True))

    assert "The account amara2 is closed. amara logs in as amara." in done
    assert "Ngozi Okafor put together two accounts of amara Toure: amara2 was closed." in page_text(
        okafors_browser.get(url("history/"))
    )
    back = page_text(okafors_browser.post(url("members/amara2/fold/undo/"), follow=True))
    assert "amara Toure can log in as amara2 again." in back


def test_it_is_offered_beside_the_newer_account_and_no_other(okafors_browser, url, twin, amara):
    page = okafors_browser.get(url("members/")).content.decode()

    assert "members/amara2/fold/" in page
    assert "members/amara/fold/" not in page


def test_it_is_offered_in_the_queue(okafors_browser, url, twin, twin_waits):
    page = okafors_browser.get(url("requests/")).content.decode()

    assert "members/amara2/fold/" in page


def test_it_is_not_offered_where_it_would_be_refused(okafors_browser, url, biology, amara_is_member):
    """An account that was created with a Code of another class can't be closed from here."""
    from_elsewhere = StudentFactory(username="amara2", first_name="Amara", last_name="Toure")
    created_with_code_of(ClassroomFactory(), from_elsewhere)
    ask_by_join_url(biology.join_url, by=from_elsewhere)
    queue = page_text(okafors_browser.get(url("requests/")))
    assert "Same name as Amara Toure (amara), already in this class. Check who this is." in queue
    assert "Put both accounts together" not in queue

    MembershipFactory(classroom=biology, user=from_elsewhere)
    assert "Put both accounts together" not in page_text(okafors_browser.get(url("members/")))


def test_not_in_the_queue_for_a_teacher_of_this_name(okafors_browser, url, biology, amara_is_member):
    teacher = TeacherFactory(username="other", first_name="Amara", last_name="Toure")
    ask_by_join_url(biology.join_url, by=teacher)

    assert "/fold/" not in okafors_browser.get(url("requests/")).content.decode()


@pytest.mark.rule("C4")
def test_an_archived_class_puts_nothing_together(okafors_browser, url, biology, twin, ms_okafor):
    biology.archive(by=ms_okafor)

    assert okafors_browser.get(url("members/amara2/fold/")).status_code == 409
    assert "/fold/" not in okafors_browser.get(url("members/")).content.decode()


@pytest.mark.threat("T11")
def test_a_username_from_elsewhere_is_not_found(okafors_browser, url, biology):
    StudentFactory(username="stranger")

    for username in ("stranger", "nobody"):
        assert okafors_browser.get(url(f"members/{username}/fold/")).status_code == 404
