"""Every list sorts classes as people sort: accents, case and punctuation don't count, and numbers sort as numbers."""

import re

import pytest

from accounts.models import User
from classroom.models import Classroom
from privacy.models import Person
from tests.factories import PASSWORD, ClassroomFactory
from tests.hooks import page_text

pytestmark = pytest.mark.rule("A7")

AS_PEOPLE_SORT = ["9 Art", "10 Art", "Ästhetik", "biology 9B", "Biology 10A", "École", "Maths", "Zoo club"]


@pytest.fixture
def classes(ms_okafor):
    return [ClassroomFactory(name=name, by=ms_okafor) for name in AS_PEOPLE_SORT[3:] + AS_PEOPLE_SORT[:3]]


def in_the_order_of(page):
    words = page_text(page)
    assert all(name in words for name in AS_PEOPLE_SORT)
    return sorted(AS_PEOPLE_SORT, key=words.index)


@pytest.mark.parametrize("address", ["/", "/accounts/data/delete/", "/admin/classroom/classroom/"])
def test_every_list_of_classes_is_sorted(address, classes, ms_okafor, sign_in):
    is_operator = address.startswith("/admin/")
    User.objects.filter(pk=ms_okafor.pk).update(is_staff=is_operator, is_superuser=is_operator)
    browser = sign_in(User.objects.get(pk=ms_okafor.pk))
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert in_the_order_of(browser.get(address)) == AS_PEOPLE_SORT


def test_so_are_the_archived_ones(classes, ms_okafor, sign_in):
    for classroom in classes:
        classroom.archive(by=ms_okafor)

    assert in_the_order_of(sign_in(ms_okafor).get("/")) == AS_PEOPLE_SORT


def test_a_class_that_is_renamed_moves(classes, ms_okafor):
    classes[0].edit(by=ms_okafor, name="Árt 9½")

    [first, *_] = Person.objects.get(pk=ms_okafor.pk).owned_classes()
    assert first.name == "9 Art"
    assert [found.name for found in Classroom.objects.as_listed()][2] == "Árt 9½"


@pytest.mark.threat("T95")
def test_a_number_of_any_length_is_sorted(ms_okafor):
    longest = ClassroomFactory(name="9" * 100, by=ms_okafor)

    assert re.fullmatch("9{100}", longest.sort_name)
