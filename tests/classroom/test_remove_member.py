import pytest

from classroom.exceptions import DoneByAnother, IsKeptOut, NotAllowed, OwnerStays, WrongRole
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from tests.factories import MembershipFactory, StudentFactory, TeacherFactory
from tests.hooks import alerts, hooks
from tests.joins.races import ROUNDS, run_together
from tests.notifications import notification_texts, unread_texts


@pytest.fixture
def remove(sign_in, url):
    """remove(by, "amara", keep_out="on") -> what the page answers."""
    return lambda by, username, **fields: sign_in(by).post(url(f"members/{username}/remove/"), fields)


def _is_in(classroom, user):
    return classroom.memberships.filter(user=user).exists()


@pytest.mark.rule("Q7")
@pytest.mark.threat("T08")
def test_keep_out_is_ticked_beforehand(biology, amara_is_member, mr_lind, sign_in, url):
    page = sign_in(mr_lind).get(url("members/amara/remove/")).content.decode()

    assert '<input type="checkbox" name="keep_out" checked>' in page
    assert "Amara Toure" in page
    assert _is_in(biology, amara_is_member.user)


@pytest.mark.threat("T60")
def test_who_manages_no_more_is_told_no_more_of_who_waits(biology, leo, ms_okafor, mr_lind, remove):
    """Neither on the page nor in a mail that was still waiting to be sent."""
    ask_by_join_url(biology.join_url, by=leo)

    remove(ms_okafor, "lind")

    assert unread_texts(mr_lind) == ["You're no longer in Biology 9B. Not sure why? Talk to its teacher."]
    assert ms_okafor.notifications.unread().count() == 1


@pytest.mark.rule("Q7")
@pytest.mark.threat("T08")
@pytest.mark.parametrize("manager", ["ms_okafor", "mr_lind"])
def test_a_removed_and_kept_out_person_finds_both_doors_shut(
    manager, request, remove, biology, biology_code, amara_is_member, amara, acts
):
    by = request.getfixturevalue(manager)

    remove(by, "amara", keep_out="on")

    assert notification_texts(amara) == [
        "You're no longer in Biology 9B. Not sure why? Talk to your teacher."
    ]
    assert acts() == [("remove_member", by.username, "amara"), ("keep_out", by.username, "amara")]
    with pytest.raises(IsKeptOut):
        use_code(biology_code().code, by=amara)
    with pytest.raises(IsKeptOut):
        ask_by_join_url(biology.join_url, by=amara)


@pytest.mark.rule("Q7", "J10")
@pytest.mark.threat("T08")
def test_nobody_escapes_a_block_by_leaving_just_before(
    remove, biology, biology_code, amara_is_member, amara, ms_okafor, acts
):
    amara_is_member.leave()

    answers = [remove(ms_okafor, "amara", keep_out="on") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert acts() == [("leave_class", "amara", None), ("keep_out", "okafor", "amara")]
    with pytest.raises(IsKeptOut):
        use_code(biology_code().code, by=amara)


@pytest.mark.threat("T08")
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_nor_by_leaving_at_the_same_moment(biology, ms_okafor, sign_in, url):
    manager = sign_in(ms_okafor)
    for _ in ROUNDS:
        member = MembershipFactory(classroom=biology, user=StudentFactory())
        page = url(f"members/{member.user.username}/remove/")

        run_together(member.leave, lambda page=page: manager.post(page, {"keep_out": "on"}))

        assert not _is_in(biology, member.user)
        assert biology.kept_out.filter(user=member.user).exists()


@pytest.mark.rule("Q3")
def test_who_left_and_asks_again_is_blocked_in_the_queue_where_the_request_is_decided(
    remove, biology, amara_is_member, amara, ms_okafor
):
    amara_is_member.leave()
    ask_by_join_url(biology.join_url, by=amara)

    assert remove(ms_okafor, "amara", keep_out="on").status_code == 409
    assert not biology.kept_out.exists()


@pytest.mark.rule("C5")
def test_without_the_tick_the_person_may_come_back(
    remove, biology, biology_code, amara_is_member, amara, mr_lind
):
    remove(mr_lind, "amara")

    assert not _is_in(biology, amara)
    assert use_code(biology_code().code, by=amara).is_member


@pytest.mark.threat("T05", "T60")
def test_the_removed_person_sees_the_class_no_more(
    remove, biology, amara_is_member, ms_okafor, amaras_browser
):
    """From the very next request."""
    assert amaras_browser.get(biology.path).status_code == 200

    remove(ms_okafor, "amara", keep_out="on")

    assert amaras_browser.get(biology.path).status_code == 404


@pytest.mark.rule("C2")
def test_a_co_teacher_removes_neither_the_owner_nor_a_co_teacher(biology, mr_lind, remove, sign_in, url):
    colleague = TeacherFactory(username="berg")
    MembershipFactory(classroom=biology, user=colleague, role="co-teacher")

    for username in ["okafor", "berg", "lind"]:
        assert sign_in(mr_lind).get(url(f"members/{username}/remove/")).status_code == 403
        assert remove(mr_lind, username, keep_out="on").status_code == 403
    with pytest.raises(NotAllowed):
        biology.memberships.get(user=colleague).remove(by=mr_lind, keep_out=True)
    assert biology.memberships.count() == 3


@pytest.mark.rule("C2")
def test_the_owner_removes_a_co_teacher(biology, mr_lind, ms_okafor, remove):
    assert remove(ms_okafor, "lind").status_code == 302
    assert not _is_in(biology, mr_lind)


@pytest.mark.rule("C2")
def test_nobody_removes_the_owner(biology, ms_okafor, remove):
    assert remove(ms_okafor, "okafor").status_code == 403
    with pytest.raises(OwnerStays):
        biology.memberships.get(user=ms_okafor).remove(by=ms_okafor, keep_out=False)
    assert biology.owner == ms_okafor


@pytest.mark.threat("T11", "T12")
@pytest.mark.parametrize("username", ["leo", "nobody", "AMARA", "1", "%"])
def test_who_is_not_in_the_class_is_not_found(username, biology, amara_is_member, leo, ms_okafor, remove):
    assert remove(ms_okafor, username).status_code == 404
    assert biology.memberships.count() == 3


@pytest.mark.rule("J10")
@pytest.mark.parametrize("act", ["remove", "co-teacher", "member"])
def test_who_has_gone_meanwhile_is_told_on_the_list_of_members(
    act, biology, amara_is_member, amara, ms_okafor, sign_in, url
):
    """On a page about an address that doesn't exist, the teacher would think that they had lost the class."""
    amara_is_member.leave()
    browser = sign_in(ms_okafor)

    answers = [browser.post(url(f"members/amara/{act}/"))]
    answers += [browser.get(url("members/amara/remove/"))] if act == "remove" else []

    for answer in answers:
        assert (answer.status_code, alerts(answer)) == (
            409,
            ["This person is no longer in the class."],
        )
        assert hooks(answer, "data-member") == ["okafor", "lind"]


@pytest.mark.rule("J10", "Q3")
def test_the_second_press_removes_nobody_else(biology, amara_is_member, ms_okafor, mr_lind, remove, acts):
    as_mr_lind_saw_it = biology.memberships.get(user=amara_is_member.user)
    remove(ms_okafor, "amara")

    assert remove(ms_okafor, "amara").status_code == 302
    with pytest.raises(DoneByAnother):
        as_mr_lind_saw_it.remove(by=mr_lind, keep_out=True)
    assert len(acts()) == len(notification_texts(amara_is_member.user)) == 1
    assert not biology.kept_out.exists()


@pytest.mark.rule("C2")
@pytest.mark.threat("T09")
def test_a_member_who_became_co_teacher_meanwhile_is_not_removed_by_a_co_teacher(
    biology, mr_brandt_is_member, ms_okafor, mr_lind, mr_brandt
):
    as_mr_lind_saw_it = biology.memberships.get(user=mr_brandt)
    mr_brandt_is_member.make_co_teacher(by=ms_okafor)

    with pytest.raises(WrongRole, match="place in the class has changed"):
        as_mr_lind_saw_it.remove(by=mr_lind, keep_out=True)
    assert _is_in(biology, mr_brandt)
