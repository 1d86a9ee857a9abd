"""What operators can do to accounts, and what not (T59)."""

import pytest

from accounts.models import Digest, Notification, User
from tests.factories import TeacherFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(sign_in):
    return sign_in(TeacherFactory(username="operator", is_staff=True, is_superuser=True))


def test_a_teacher_is_no_operator(sign_in, ms_okafor):
    assert sign_in(ms_okafor).get("/admin/", follow=True).status_code == 403


def test_an_operator_closes_and_reopens_an_account(operator, amara):
    def press(action):
        operator.post("/admin/accounts/user/", {"action": action, "_selected_action": [amara.pk]})
        amara.refresh_from_db()
        return amara.is_active

    assert press("close_accounts") is False
    assert press("reopen_accounts") is True


def test_an_operator_raises_nobody(operator, amara):
    """T59"""
    operator.post(f"/admin/accounts/user/{amara.pk}/change/", {"kind": "teacher", "is_staff": "on"})  # A1

    amara.refresh_from_db()
    assert (amara.kind, amara.is_staff) == ("student", False)


def test_an_operator_gives_a_student_without_an_address_a_new_password(operator, amara):
    new = {"password1": "plain words", "password2": "plain words", "usable_password": "true"}

    operator.post(f"/admin/accounts/user/{amara.pk}/password/", new)

    amara.refresh_from_db()
    assert amara.check_password("plain words")


def test_parked_digests_are_found(operator, ms_okafor):
    Digest.objects.create(user=ms_okafor, topic="waits")
    parked = Digest.objects.create(user=ms_okafor, topic="parked", parked_at="2026-11-23T08:00Z")

    page = operator.get("/admin/accounts/digest/?state=parked")

    assert list(page.context["cl"].queryset) == [parked]
    assert operator.get(f"/admin/accounts/digest/{parked.pk}/change/").status_code == 200
    assert operator.get(f"/admin/accounts/digest/{parked.pk}/delete/").status_code == 403


def test_notifications_are_read_only(operator, ms_okafor):
    [told] = Notification.objects.tell([ms_okafor], text="Hello.", link="/")

    assert operator.get(f"/admin/accounts/notification/{told.pk}/change/").status_code == 200
    assert operator.post(f"/admin/accounts/notification/{told.pk}/change/", {"text": "x"}).status_code == 403
    assert operator.get("/admin/accounts/notification/add/").status_code == 403


def test_an_operators_account_is_made_at_the_command_line_with_a_kind():
    User.objects.create_superuser("Head", "head@school.example", "correct horse battery", kind="teacher")

    assert User.objects.get().username == "head"  # T85
