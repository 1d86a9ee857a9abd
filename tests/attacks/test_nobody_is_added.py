"""A teacher can only reach people who joined or asked to join."""

import pytest

from tests.addresses import addresses
from tests.factories import ClassroomFactory, MembershipFactory, StudentFactory, TeacherFactory

NAMES = ["username", "user", "member", "members", "student", "person", "email", "q", "request", "by", "to"]


pytestmark = pytest.mark.threat("T14")


@pytest.fixture
def trap(db):
    """A class created by a stranger who signed up as a teacher."""
    classroom = ClassroomFactory(name="Sweets", by=TeacherFactory(username="stranger"))
    MembershipFactory(classroom=classroom, user=TeacherFactory(username="accomplice"))
    return classroom


def test_no_act_of_a_teacher_puts_anybody_into_a_class(trap, biology, leo, sign_in):
    """Tries every address of their own class, with every name of a person in every field."""
    places = {
        "username": "leo",
        "key": trap.join_url.key,
        "request_id": 1,
        "notification_id": 1,
        "uidb36": "1",
        "secret": "no-such-secret",
        "invitation_id": 1,
    }
    paths = addresses(public_id=trap.public_id, **places)
    browser = sign_in(trap.owner)
    ours = [
        path for path in paths if path.startswith(trap.path) and not path.endswith(("delete/", "archive/"))
    ]

    assert len(ours) > 15
    for value in ("leo", str(leo.pk)):
        for path in ours:
            assert browser.post(path, dict.fromkeys(NAMES, value)).status_code < 500, path
    assert not leo.memberships.exists()
    assert not leo.notifications.exists()


def test_not_even_who_was_in_it_comes_back_without_acting(trap, leo, sign_in):
    """Somebody who was removed and let back is allowed to join again, but is not added."""
    place = MembershipFactory(classroom=trap, user=leo)
    browser = sign_in(trap.owner)
    browser.post(f"{trap.path}members/leo/remove/", {"keep_out": "on"})

    for act in ("kept-out/leo/let-back/", "members/leo/move-to-queue/", "members/leo/co-teacher/"):
        browser.post(trap.path + act)
        assert not type(place).objects.filter(user=leo).exists(), act
    assert not trap.kept_out.exists()


@pytest.mark.threat("T11")
def test_a_teacher_of_one_class_learns_nothing_of_the_pupils_of_another(
    trap, biology, biology_code, leo, sign_in
):
    """On no page of their own, whatever they search for."""
    pupil = StudentFactory(username="zebedee", first_name="Zebedee")
    MembershipFactory(classroom=biology, user=pupil)
    browser = sign_in(trap.owner)

    for path in (f"{trap.path}members/?q=zebedee", f"{trap.path}kept-out/?q=zebedee", trap.path, "/"):
        page = browser.get(path).content.decode().replace('value="zebedee"', "").replace("q=zebedee", "")
        assert "Zebedee" not in page, path
    for path in (f"{trap.path}members/zebedee/remove/", f"{trap.path}members/zebedee/co-teacher/"):
        assert browser.post(path).status_code == 404
