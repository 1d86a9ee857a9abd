"""Whose name a manager may correct, and to whom they may give a one-time password. The menu offers no more."""

import pytest

from accounts.models import Rename, User
from joins.models import JoinCode, SignUp
from tests.factories import PASSWORD, ClassroomFactory, MembershipFactory, created_with_code_of
from tests.hooks import alerts, hooks, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A8"), pytest.mark.threat("T15", "T59")]

BOTH = {"name", "password"}
RIGHT = {"first_name": "Amára", "last_name": "Touré"}


def created_here(biology, amara):
    created_with_code_of(biology, amara)


def created_with_a_code_that_is_retired(biology, amara):
    created_with_code_of(biology, amara)
    JoinCode.objects.get_current(biology).reset(by=biology.owner)


def has_address(biology, amara):
    created_with_code_of(biology, amara)
    amara.emailaddress_set.create(email="amara@school.example", verified=True, primary=True)


def has_address_that_is_not_verified(biology, amara):
    created_with_code_of(biology, amara)
    amara.emailaddress_set.create(email="amara@school.example", verified=False, primary=True)


def created_in_another_class(biology, amara):
    created_with_code_of(ClassroomFactory(), amara)


def created_in_a_class_that_is_deleted(biology, amara):
    deleted = ClassroomFactory()
    created_with_code_of(deleted, amara)
    deleted.delete_class(by=deleted.owner)


def created_by_an_administrator(biology, amara):
    assert not SignUp.objects.filter(user=amara).exists()


def is_operator(biology, amara):
    created_with_code_of(biology, amara)
    User.objects.filter(pk=amara.pk).update(is_staff=True)


def is_teacher(biology, amara):
    created_with_code_of(biology, amara)
    User.objects.filter(pk=amara.pk).update(kind="teacher")


@pytest.mark.parametrize(
    ("person", "offered"),
    [
        (created_here, BOTH),
        (created_with_a_code_that_is_retired, BOTH),
        (has_address_that_is_not_verified, BOTH),
        (has_address, {"name"}),
        (created_in_another_class, set()),
        (created_in_a_class_that_is_deleted, set()),
        (created_by_an_administrator, set()),
        (is_operator, set()),
        (is_teacher, set()),
    ],
)
def test_only_what_its_page_does_not_refuse_is_offered(person, offered, biology, amara, okafors_browser, url):
    """Nothing for adults, and nothing for accounts that were created elsewhere."""
    MembershipFactory(classroom=biology, user=amara)
    person(biology, amara)
    pages = {act: url(f"members/amara/{act}/") for act in BOTH}

    links = hooks(okafors_browser.get(url("members/?q=amara")), "href")

    assert {act for act, page in pages.items() if f"{page}?q=amara" in links} == offered
    refused = {act for act, page in pages.items() if "You can't " in page_text(okafors_browser.get(page))}
    assert refused == BOTH - offered
    for act in refused:
        pressed = okafors_browser.post(pages[act], RIGHT)
        assert (pressed.status_code, len(alerts(pressed)), hooks(pressed, "data-one-time")) == (409, 1, [])
    amara.refresh_from_db()
    assert (amara.full_name, amara.check_password(PASSWORD), amara.one_time_until) == (
        "Amara Toure",
        True,
        None,
    )
    assert not Rename.objects.exists()
    assert not biology.events.filter(kind="give_password").exists()


@pytest.mark.parametrize("act", sorted(BOTH))
def test_who_has_left_the_class_is_nobodys(act, biology, amara, okafors_browser, url):
    created_here(biology, amara)
    MembershipFactory(classroom=biology, user=amara).leave()

    for press in (okafors_browser.get, okafors_browser.post):
        answer = press(url(f"members/amara/{act}/"))
        [alert] = alerts(answer)
        assert alert.startswith("This person is no longer in the class.")
        is_form_kept = act == "name" and press == okafors_browser.post  # with what was typed (ADR 25)
        assert answer.status_code == (404 if is_form_kept else 409)
