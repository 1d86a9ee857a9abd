import pytest

from classroom.exceptions import TeachersOnly
from joins.acts.ask import ask_by_join_url
from tests.hooks import alerts
from tests.notifications import notification_texts, unread_texts


@pytest.fixture
def press(sign_in, url):
    """press(by, "brandt", "co-teacher") -> what the page answers."""
    return lambda by, username, act: sign_in(by).post(url(f"members/{username}/{act}/"))


def _role(classroom, user):
    return classroom.memberships.get(user=user).role


@pytest.mark.rule("C3")
def test_the_owner_makes_a_teacher_who_is_a_member_co_teacher(
    press, biology, mr_brandt_is_member, mr_brandt, ms_okafor, acts, sign_in, url
):
    assert press(ms_okafor, "brandt", "co-teacher").headers["Location"].startswith(url("members/#member-"))

    assert _role(biology, mr_brandt) == "co-teacher"
    assert notification_texts(mr_brandt) == ["You're now a co-teacher of Biology 9B."]
    assert acts() == [("make_co_teacher", "okafor", "brandt")]
    assert sign_in(mr_brandt).get(url("requests/")).status_code == 200


@pytest.mark.rule("C2")
@pytest.mark.threat("T60")
def test_the_owner_makes_a_co_teacher_a_member_again(
    press, biology, mr_lind, ms_okafor, acts, url, linds_browser
):
    """They lose the rights with the role, from the very next request."""
    assert linds_browser.get(url("requests/")).status_code == 200

    press(ms_okafor, "lind", "member")

    assert _role(biology, mr_lind) == "member"
    assert notification_texts(mr_lind) == ["You're now a member of Biology 9B."]
    assert acts() == [("make_member", "okafor", "lind")]
    assert linds_browser.get(url("requests/")).status_code == 403


@pytest.mark.threat("T60")
def test_who_manages_no_more_is_told_no_more_of_who_waits(press, biology, leo, mr_lind, ms_okafor):
    """Neither on the page nor in a mail that was still waiting to be sent."""
    ask_by_join_url(biology.join_url, by=leo)

    press(ms_okafor, "lind", "member")

    assert unread_texts(mr_lind) == ["You're now a member of Biology 9B."]


@pytest.mark.rule("C3")
def test_a_student_never_becomes_co_teacher(press, biology, amara_is_member, amara, ms_okafor):
    answer = press(ms_okafor, "amara", "co-teacher")

    sentence = "Only a teacher's account can become co-teacher."
    assert (answer.status_code, alerts(answer)) == (403, [sentence])
    assert _role(biology, amara) == "member"
    with pytest.raises(TeachersOnly):
        amara_is_member.make_co_teacher(by=ms_okafor)


@pytest.mark.rule("C2")
@pytest.mark.parametrize("act", ["co-teacher", "member"])
def test_the_owners_own_role_is_not_to_be_had_here(act, press, biology, ms_okafor):
    """A class keeps its owner until it is handed over on another page."""
    assert press(ms_okafor, "okafor", act).status_code == 409
    assert biology.owner == ms_okafor


@pytest.mark.threat("T11")
def test_who_is_not_in_the_class_is_not_found(press, biology, mr_brandt, ms_okafor):
    assert press(ms_okafor, "brandt", "co-teacher").status_code == 404


@pytest.mark.rule("C3")
def test_only_the_owner_is_offered_it_and_only_for_teachers(
    biology, amara_is_member, mr_brandt_is_member, ms_okafor, mr_lind, sign_in, url
):
    owner_sees = sign_in(ms_okafor).get(url("members/")).content.decode()

    assert url("members/brandt/co-teacher/") in owner_sees
    assert url("members/lind/member/") in owner_sees
    assert url("members/amara/co-teacher/") not in owner_sees
    assert "/co-teacher/" not in sign_in(mr_lind).get(url("members/")).content.decode()
