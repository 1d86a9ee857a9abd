"""The address of a list says which place in it somebody sees. Its forms repeat that, and lead back there."""

import pytest
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T68")]

NAMES = ["q", "part", "sort", "choose", "page"]


@pytest.mark.parametrize("name", NAMES)
def test_what_no_list_has_is_not_repeated(okafors_browser, url, amara_is_member, name):
    """Otherwise each row of an address of 8 kB would add some more times 8 kB to the page."""
    page = okafors_browser.get(url("members/"), {name: "y" * 61})

    assert page.status_code == 200
    assert "y" * 61 not in page.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_nor_does_a_done_act_lead_back_there(okafors_browser, biology, url, amara, amara_is_member, name):
    answer = okafors_browser.post(f"{url('members/amara/remove/')}?{name}={'y' * 3000}")

    assert not biology.memberships.filter(user=amara).exists()
    assert answer.headers["Location"].partition("#")[0] == reverse(
        "classroom:members", args=[biology.public_id]
    )


def test_as_much_as_can_be_searched_for_is_repeated(okafors_browser, url, amara_is_member):
    answer = okafors_browser.post(f"{url('members/amara/remove/')}?q={'y' * 60}")

    assert f"?q={'y' * 60}" in answer.headers["Location"]
