"""While somebody types on a page of a class, the class or their place in it goes. What they have typed comes back."""

import re

import pytest

from classroom.models import Membership
from tests.hooks import alerts
from tests.joins.test_offered_again import OF_PEOPLE, Tab, browser, forms, shows  # noqa: F401 — fixtures
from tests.tables import tables

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]
GONE = "If this was your class, you're not in it now, or it was deleted."
NOT_ALLOWED = "Your account or your role in this class doesn't allow this any more"


def delete_it(biology, ms_okafor):
    biology.delete_class(by=ms_okafor)


def remove_her(biology, ms_okafor):
    biology.memberships.filter(user=ms_okafor).delete()


def end_her_role(biology, ms_okafor):
    biology.memberships.filter(user=ms_okafor).update(role=Membership.Role.MEMBER)


WAYS = {
    "deleted": (delete_it, 404, GONE),
    "removed": (remove_her, 404, GONE),
    "role": (end_her_role, 403, NOT_ALLOWED),
}


@pytest.mark.rule("C2", "J11")
@pytest.mark.threat("T09")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", [form for form in OF_PEOPLE if form != "create"])
def test_nothing_typed_is_lost_with_the_class_or_the_role(browser, forms, biology, ms_okafor, form, way):  # noqa: F811
    end, status, sentence = WAYS[way]
    path, typed, is_done = forms[form]
    tab = Tab(browser, path)
    end(biology, ms_okafor)
    before = tables()

    for _ in range(2):
        page = tab.press(**typed)
        assert page.status_code == status
        assert alerts(page)[0].startswith(sentence)
        assert "So nothing has been saved. What you typed is still below" in alerts(page)[0]
        assert shows(page, typed)
    assert (is_done(), tables()) == (False, before)


@pytest.mark.rule("C2")
@pytest.mark.threat("T12")
def test_a_stranger_reads_the_same_as_about_a_class_that_does_not_exist(sign_in, forms, biology, mr_lind):  # noqa: F811
    """The page shows them nothing but what they have sent."""
    biology.memberships.filter(user=mr_lind).delete()
    path, typed, _ = forms["note"]
    browser = sign_in(mr_lind)  # noqa: F811

    pages = [browser.post(address, typed) for address in (path, path.replace(biology.public_id, "zzzzzzzz"))]

    assert [page.status_code for page in pages] == [404, 404]
    one, other = (
        re.sub(r"\b\w{64}\b", "", page.content.decode()) for page in pages
    )  # without the masked tokens
    assert one == other
    assert biology.name not in one


@pytest.mark.rule("C4")
def test_an_archived_class_still_saves_what_was_typed(browser, forms, biology, ms_okafor):  # noqa: F811
    for form in ("edit", "note"):
        path, typed, is_done = forms[form]
        tab = Tab(browser, path)
        if not biology.is_archived:
            biology.archive(by=ms_okafor)
            biology.refresh_from_db()
        assert (tab.press(**typed).status_code, is_done()) == (302, True)


@pytest.mark.rule("C1")
def test_a_class_that_somebody_may_no_longer_create_keeps_its_name_on_the_page(browser, forms, ms_okafor):  # noqa: F811
    path, typed, is_done = forms["create"]
    tab = Tab(browser, path)
    type(ms_okafor).objects.filter(pk=ms_okafor.pk).update(kind="student")

    page = tab.press(**typed)

    assert (page.status_code, shows(page, typed), is_done()) == (403, True, False)


@pytest.mark.rule("A8", "J11")
def test_the_name_of_a_student_who_leaves_meanwhile_stays_on_the_page(browser, forms, biology, amara):  # noqa: F811
    path, typed, is_done = forms["name"]
    tab = Tab(browser, path)
    amara.memberships.get(classroom=biology).leave()
    before = tables()

    page = tab.press(**typed)

    assert alerts(page) == [
        "This person is no longer in the class. So nothing has been saved. What you typed is still below, so that you "
        "can copy it."
    ]
    assert (page.status_code, shows(page, typed), is_done(), tables()) == (404, True, False, before)
    assert browser.get(path).status_code == 409  # nobody has typed anything yet: the list of members says so
