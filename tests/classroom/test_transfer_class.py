import pytest

from classroom.exceptions import NotAMember, TeachersOnly
from tests.factories import ClassroomFactory
from tests.hooks import alerts
from tests.notifications import notification_texts


def _roles(classroom):
    return dict(classroom.memberships.values_list("user__username", "role"))


@pytest.mark.rule("C3")
@pytest.mark.parametrize("heir", ["mr_lind", "mr_brandt"])
def test_a_co_teacher_or_a_teacher_member_gets_the_class(
    heir, request, biology, mr_brandt_is_member, amara_is_member, ms_okafor, sign_in, url, acts
):
    to = request.getfixturevalue(heir)
    browser = sign_in(ms_okafor)

    answer = browser.post(url("transfer/"), {"username": to.username})

    assert answer.headers["Location"] == biology.path
    roles = _roles(biology)
    assert (roles[to.username], roles["okafor"], roles["amara"]) == ("owner", "co-teacher", "member")
    assert list(roles.values()).count("owner") == 1
    assert notification_texts(to) == ["Ngozi Okafor has handed Biology 9B over to you: you own it now."]
    assert acts() == [("transfer_class", "okafor", to.username)]
    assert browser.get(url("transfer/")).status_code == 403


@pytest.mark.rule("C3")
@pytest.mark.threat("T11")
def test_only_teachers_who_are_members_are_offered(
    biology, amara_is_member, mr_lind, mr_brandt, ms_okafor, sign_in, url
):
    page = sign_in(ms_okafor).get(url("transfer/")).content.decode()

    assert 'value="lind"' in page
    for username in ["okafor", "amara", "brandt"]:
        assert f'value="{username}"' not in page


@pytest.mark.rule("C3")
def test_as_long_as_no_other_teacher_is_in_it_the_first_step_is_told(mr_brandt, sign_in):
    physics = ClassroomFactory(name="Physics 10", by=mr_brandt)

    page = sign_in(mr_brandt).get(f"{physics.path}transfer/").content.decode()

    assert "No other teacher is in this class yet." in page
    assert "<select" not in page


@pytest.mark.rule("C3")
def test_a_teacher_who_owns_another_class_can_be_handed_this_one_too(
    biology, mr_brandt_is_member, mr_brandt, ms_okafor, sign_in, url
):
    ClassroomFactory(name="Physics 10", by=mr_brandt)

    sign_in(ms_okafor).post(url("transfer/"), {"username": "brandt"})

    assert biology.owner == mr_brandt


@pytest.mark.rule("C3")
@pytest.mark.parametrize("username", ["amara", "brandt", "okafor", "nobody", "", "closed"])
def test_nobody_else_gets_the_class(
    username, biology, amara_is_member, mr_brandt, mr_lind, ms_okafor, sign_in, url
):
    """A student, a teacher who is not a member, the owner, a stranger, and a teacher whose account is closed."""
    if username == "closed":
        type(mr_lind).objects.filter(pk=mr_lind.pk).close()
        username = "lind"
    before = _roles(biology)

    answer = sign_in(ms_okafor).post(url("transfer/"), {"username": username})

    assert (answer.status_code, bool(alerts(answer))) == (422, True)
    assert _roles(biology) == before


@pytest.mark.rule("C3")
def test_the_rule_holds_where_the_form_is_not_asked(biology, amara_is_member, amara, mr_brandt, ms_okafor):
    for to, refusal in [(amara, TeachersOnly), (mr_brandt, NotAMember), (ms_okafor, NotAMember)]:
        with pytest.raises(refusal):
            biology.transfer(by=ms_okafor, to=to)
    assert biology.owner == ms_okafor


@pytest.mark.threat("T87")
def test_who_left_meanwhile_does_not_get_the_class(biology, mr_lind, ms_okafor):
    biology.memberships.get(user=mr_lind).leave()

    with pytest.raises(NotAMember):
        biology.transfer(by=ms_okafor, to=mr_lind)
    assert biology.owner == ms_okafor


@pytest.mark.rule("C3")
@pytest.mark.parametrize("is_closed", [True, False])
@pytest.mark.parametrize("is_last", [True, False])
def test_who_left_or_was_closed_while_the_page_was_open_is_told_of(
    is_closed, is_last, request, biology, mr_lind, ms_okafor, sign_in, url
):
    """Whether or not another teacher is left to choose."""
    if not is_last:
        request.getfixturevalue("mr_brandt_is_member")
    if is_closed:
        type(mr_lind).objects.filter(pk=mr_lind.pk).close()
    else:
        biology.memberships.get(user=mr_lind).leave()

    answer = sign_in(ms_okafor).post(url("transfer/"), {"username": "lind"})

    assert answer.status_code == 422
    assert any("isn't in the class any more, or their account is closed" in told for told in alerts(answer))
    assert ("No other teacher is in this class yet." in answer.content.decode()) == is_last
    assert biology.owner == ms_okafor


@pytest.mark.rule("C2", "J10")
@pytest.mark.parametrize("since", ["handed on", "made a member"])
def test_an_older_page_does_not_say_who_owned_it_once(
    biology, mr_brandt_is_member, mr_lind, mr_brandt, ms_okafor, sign_in, url, since
):
    """Ms Okafor's page of the hand-over is still open, and she presses its button again."""
    biology.transfer(by=ms_okafor, to=mr_lind)
    if since == "handed on":
        biology.transfer(by=mr_lind, to=mr_brandt)
    else:
        biology.memberships.get(user=ms_okafor).make_member(by=mr_lind)

    page = sign_in(ms_okafor).post(url("transfer/"), {"username": "lind"}, follow=True)

    assert page.status_code == 403
    assert "owns Biology 9B now. You're a co-teacher." not in page.content.decode()
