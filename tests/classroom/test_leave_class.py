import re

import pytest

from classroom.exceptions import OwnerStays, WrongRole
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from tests.hooks import page_text


@pytest.mark.rule("C2")
@pytest.mark.parametrize("member", ["mr_lind", "mr_brandt", "amara"])
def test_everybody_but_the_owner_may_leave(
    member, request, biology, mr_brandt_is_member, amara_is_member, sign_in, url, acts
):
    person = request.getfixturevalue(member)
    browser = sign_in(person)
    assert browser.get(url("leave/")).status_code == 200

    answer = browser.post(url("leave/"))

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert browser.get(url()).status_code == 404
    assert acts() == [("leave_class", person.username, None)]


@pytest.mark.rule("C2", "M2")
@pytest.mark.parametrize(("person", "may_leave"), [("amara", True), ("mr_lind", True), ("ms_okafor", False)])
def test_the_way_out_is_at_the_foot_of_the_members(
    request, biology, amara_is_member, sign_in, url, person, may_leave
):
    browser = sign_in(request.getfixturevalue(person))

    assert ("Leave this class…" in page_text(browser.get(url("members/")))) == may_leave
    assert "Leave" not in page_text(browser.get(url()))


def test_the_heading_names_what_the_owner_can_do(okafors_browser, url):
    """A screen reader reads it aloud."""
    page = " ".join(okafors_browser.get(url()).content.decode().split())

    assert re.findall(r'id="end-title"> (.*?) </h2>', page) == ["Hand over, archive or delete this class"]


@pytest.mark.rule("C2")
@pytest.mark.threat("T16")
def test_the_owner_hands_over_first(biology, ms_okafor, sign_in, url):
    assert sign_in(ms_okafor).post(url("leave/")).status_code == 403
    with pytest.raises(OwnerStays):
        biology.memberships.get(user=ms_okafor).leave()
    assert biology.owner == ms_okafor


@pytest.mark.threat("T87")
def test_who_became_owner_meanwhile_stays(biology, mr_lind, ms_okafor):
    as_he_saw_it = biology.memberships.get(user=mr_lind)
    biology.transfer(by=ms_okafor, to=mr_lind)

    with pytest.raises(WrongRole):
        as_he_saw_it.leave()
    assert biology.owner == mr_lind


@pytest.mark.rule("C5")
def test_who_left_comes_back_by_an_open_door(biology, biology_code, amara_is_member, amara, mr_lind):
    amara_is_member.leave()
    assert use_code(biology_code().code, by=amara).is_member

    biology.memberships.get(user=mr_lind).leave()
    ask_by_join_url(biology.join_url, by=mr_lind)
    assert biology.join_requests.pending().get().user == mr_lind


def test_a_co_teacher_comes_back_as_a_plain_member(biology, biology_code, mr_lind):
    biology.memberships.get(user=mr_lind).leave()

    use_code(biology_code().code, by=mr_lind)

    assert biology.memberships.get(user=mr_lind).role == "member"


@pytest.mark.rule("J10")
def test_leaving_twice_changes_nothing_more(amara_is_member, acts):
    amara_is_member.leave()
    amara_is_member.leave()

    assert len(acts()) == 1


@pytest.mark.rule("C4")
def test_the_page_says_whether_the_person_can_come_back(
    biology, amara_is_member, amara, ms_okafor, sign_in, url
):
    browser = sign_in(amara)
    assert "You can come back with the Code or by asking to join." in page_text(browser.get(url("leave/")))

    biology.archive(by=ms_okafor)

    assert "You can't come back while it's archived." in page_text(browser.get(url("leave/")))
