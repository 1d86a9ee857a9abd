"""A member's pages don't update themselves. On an old one nothing does harm, and each answer says what has happened."""

import pytest

from tests.hooks import page_text
from tests.tables import tables

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T09")]
NOT_YOURS = "If this was your class, you're not in it now, or it was deleted."


def remove(biology, amara, by):
    biology.memberships.get(user=amara).remove(by=by, keep_out=False)


def block(biology, amara, by):
    biology.memberships.get(user=amara).remove(by=by, keep_out=True)


def delete(biology, amara, by):
    biology.delete_class(by=by)


@pytest.mark.rule("C2", "C4", "Q7")
@pytest.mark.parametrize("end", [remove, block, delete])
def test_a_press_on_an_old_page_changes_nothing_and_says_why(
    biology, amara_is_member, amara, ms_okafor, sign_in, url, end
):
    browser = sign_in(amara)
    paths = [url(), url("members/"), url("leave/")]
    end(biology, amara, ms_okafor)
    before = tables()

    answers = [browser.get(path) for path in paths] + [browser.post(url("leave/"))]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert all(NOT_YOURS in page_text(answer) for answer in answers)
    assert tables() == before


@pytest.mark.rule("C4")
def test_an_archived_class_is_left_like_another(biology, amara_is_member, amara, ms_okafor, sign_in, url):
    browser = sign_in(amara)
    biology.archive(by=ms_okafor)

    assert [browser.get(path).status_code for path in (url(), url("members/"), url("leave/"))] == [200] * 3
    page = browser.post(url("leave/"), follow=True)

    assert "You have left Biology 9B." in page_text(page)
    assert not biology.memberships.filter(user=amara).exists()
