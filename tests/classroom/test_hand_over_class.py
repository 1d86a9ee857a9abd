"""Operators find a class whose owner has left, and hand it over to a teacher."""

from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import User
from classroom.acts.hand_over import hand_over_orphaned
from classroom.exceptions import CannotOwn, HasOwner, NotAllowed, TeachersOnly
from classroom.models import Classroom, KeptOut
from joins.acts.ask import ask_by_join_url
from joins.exceptions import AlreadyDecided
from privacy.models import Person
from tests.factories import ClassroomFactory, TeacherFactory
from tests.hooks import page_text
from tests.notifications import notification_texts

pytestmark = pytest.mark.rule("C6")


@pytest.fixture
def operator(db):
    return TeacherFactory(
        username="head", first_name="Hana", last_name="Head", is_staff=True, is_superuser=True
    )


@pytest.fixture
def owner_has_left(biology, ms_okafor):
    User.objects.filter(pk=ms_okafor.pk).close()
    return biology


@pytest.fixture
def press(operator, sign_in):
    """press(biology, "lind") -> the answer to the admin's form."""

    def pressed(classroom, person):
        page = reverse("admin:classroom_classroom_hand_over", args=[classroom.pk])
        return sign_in(operator).post(page, {"person": person}, follow=True)

    return pressed


def _roles(classroom):
    return dict(classroom.memberships.values_list("user__username", "role"))


def test_only_classes_whose_owner_cannot_act_are_found(owner_has_left, mr_brandt):
    ClassroomFactory(by=mr_brandt)

    assert list(Classroom.objects.orphaned()) == [owner_has_left]


@pytest.mark.parametrize("heir", ["mr_lind", "mr_brandt", "operator"])
def test_any_teacher_gets_it_and_the_owner_before_is_a_plain_member(
    heir, request, owner_has_left, ms_okafor, operator, acts
):
    """Even a teacher who is not in the class, because perhaps no teacher is left in it."""
    to = request.getfixturevalue(heir)

    hand_over_orphaned(owner_has_left, to, by=operator)

    assert owner_has_left.owner == to
    assert _roles(owner_has_left)["okafor"] == "member"
    assert acts() == [("transfer_class", "head", to.username)]
    assert not Classroom.objects.orphaned().exists()


def test_the_new_owner_and_the_co_teachers_are_told(owner_has_left, mr_lind, mr_brandt, ms_okafor, operator):
    hand_over_orphaned(owner_has_left, mr_brandt, by=operator)

    assert notification_texts(mr_brandt) == ["Hana Head has handed Biology 9B over to you: you own it now."]
    assert notification_texts(mr_lind) == ["Felix Brandt owns Biology 9B now: the owner before has left."]
    assert notification_texts(ms_okafor) == []
    assert mr_brandt.notifications.get().mail_at is not None


@pytest.mark.threat("T93")
def test_an_owner_whose_account_is_deleted_leaves_the_class(owner_has_left, ms_okafor, mr_lind, operator):
    """If a restored backup brings an owner back, they are erased again, whatever they own."""
    with_row = Person.objects.get(pk=ms_okafor.pk)
    with_row.lock_rows()
    with_row.erase_data()

    hand_over_orphaned(owner_has_left, mr_lind, by=operator)

    assert _roles(owner_has_left) == {"lind": "owner"}


@pytest.mark.rule("J10")
def test_the_second_time_changes_nothing(owner_has_left, mr_lind, operator, acts):
    for _ in range(2):
        hand_over_orphaned(owner_has_left, mr_lind, by=operator)

    assert len(acts()) == len(notification_texts(mr_lind)) == 1


@pytest.mark.threat("T59")
def test_a_class_with_an_owner_is_taken_from_nobody(biology, owner_has_left, mr_lind, mr_brandt, operator):
    """Neither the operator who handed it over nor one who comes later can take it away again."""
    physics = ClassroomFactory(by=mr_brandt)
    hand_over_orphaned(biology, mr_lind, by=operator)

    for classroom, to, by in [
        (physics, mr_lind, operator),
        (biology, mr_brandt, operator),
        (biology, mr_lind, None),
    ]:
        with pytest.raises(HasOwner):
            hand_over_orphaned(classroom, to, by=by)
    assert (physics.owner, biology.owner) == (mr_brandt, mr_lind)


@pytest.mark.rule("C3", "Q7")
@pytest.mark.threat("T53")
def test_who_cannot_own_it_does_not_get_it(
    owner_has_left, amara, ms_okafor, mr_lind, mr_brandt, operator, settings
):
    """A student, a closed account, somebody who is blocked, and somebody whose address is unverified."""
    KeptOut.objects.create(classroom=owner_has_left, user=mr_brandt, by=mr_lind)
    for to, refusal in [(amara, TeachersOnly), (ms_okafor, CannotOwn), (mr_brandt, CannotOwn)]:
        with pytest.raises(refusal):
            hand_over_orphaned(owner_has_left, to, by=operator)
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    with pytest.raises(CannotOwn, match="verified"):
        hand_over_orphaned(owner_has_left, TeacherFactory(verified=False), by=operator)

    assert _roles(owner_has_left)["okafor"] == "owner"


@pytest.mark.rule("C2")
def test_only_an_operator_hands_over_what_is_not_theirs(owner_has_left, mr_lind):
    with pytest.raises(NotAllowed):
        hand_over_orphaned(owner_has_left, mr_lind, by=mr_lind)


@pytest.mark.rule("J8")
def test_a_request_of_the_new_owner_waits_no_more(owner_has_left, mr_brandt, mr_lind, operator):
    """They have not used the Code, and nobody is told that they have."""
    join_request = ask_by_join_url(owner_has_left.join_url, by=mr_brandt)

    hand_over_orphaned(owner_has_left, mr_brandt, by=operator)

    join_request.refresh_from_db()
    assert join_request.who_decided(mr_lind).startswith(f"{mr_brandt.full_name} joined Biology 9B on ")
    with pytest.raises(AlreadyDecided, match="You have joined Biology 9B already."):
        join_request.withdraw()


@pytest.mark.rule("J10")
def test_in_the_admin_it_is_found_and_a_second_press_is_answered_the_same(
    press, operator, sign_in, owner_has_left, mr_brandt, acts
):
    ClassroomFactory(name="Physics 10", by=mr_brandt)
    listed = page_text(sign_in(operator).get("/admin/classroom/classroom/?owner=gone"))
    assert "Ngozi Okafor (okafor@school.example)" in listed
    assert "Physics 10" not in listed

    answers = [press(owner_has_left, "Brandt@school.example ") for _ in range(2)]

    for answer in answers:
        assert "Felix Brandt (brandt@school.example) owns Biology 9B now." in page_text(answer)
    assert len(acts()) == 1


@pytest.mark.parametrize("person", ["amara", "nobody", "", "okafor"])
def test_the_admins_form_says_who_cannot_own_it(press, owner_has_left, amara, person):
    answer = press(owner_has_left, person)

    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert _roles(owner_has_left)["okafor"] == "owner"


def test_a_teacher_in_the_class_is_chosen_by_a_tick(operator, sign_in, owner_has_left, mr_lind):
    page = reverse("admin:classroom_classroom_hand_over", args=[owner_has_left.pk])
    browser = sign_in(operator)
    assert "Jonas Lind (lind@school.example)" in page_text(browser.get(page))

    assert browser.post(page, {"teacher": "lind", "person": "brandt"}).status_code == 422
    answer = browser.post(page, {"teacher": "lind"}, follow=True)

    assert "Jonas Lind (lind@school.example) owns Biology 9B now." in page_text(answer)
    assert owner_has_left.owner == mr_lind
    assert LogEntry.objects.get().change_message == f"Handed over to account {mr_lind.pk}"


def test_by_command_it_is_found_and_handed_over(owner_has_left, mr_lind, capsys, sign_in):
    call_command("list_orphaned_classes")
    assert f"{owner_has_left.public_id}  Biology 9B" in (listed := capsys.readouterr().out)
    assert "looked after by: Jonas Lind (lind@school.example)" in listed

    call_command("hand_over_class", f"http://localhost{owner_has_left.path}", "--to", mr_lind.email, "--yes")

    assert owner_has_left.owner == mr_lind
    page = page_text(sign_in(mr_lind).get(reverse("joins:history", args=[owner_has_left.public_id])))
    assert "The administrator of this site handed the class over to Jonas Lind" in page
    call_command("list_orphaned_classes")
    assert "Every class has an owner who can act." in capsys.readouterr().out


def test_by_command_it_asks_and_says_what_is_wrong(owner_has_left, amara, mr_lind, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO())
    for command, sentence in [
        (
            [owner_has_left.public_id, "--to", "lind"],
            r"Biology 9B over to Jonas Lind \(lind, lind@school.example\).*--yes",
        ),
        ([owner_has_left.public_id, "--to", "amara", "--yes"], "Only a teacher's account"),
        (["nowhere", "--to", "lind", "--yes"], "There is no class nowhere"),
        ([owner_has_left.public_id, "--to", "nobody", "--yes"], "Nobody here has"),
    ]:
        with pytest.raises(CommandError, match=sentence):
            call_command("hand_over_class", *command)
    assert _roles(owner_has_left)["okafor"] == "owner"
