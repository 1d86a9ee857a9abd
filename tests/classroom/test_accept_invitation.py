"""A teacher who holds the link of an invitation becomes co-teacher with one press, and nobody else does."""

import pytest
from django.core import mail

from accounts.models import User
from accounts.tasks import deliver_digests
from classroom.models import CoTeacherInvitation, Event
from joins.acts.ask import ask_by_join_url
from joins.models import JoinRequest
from tests.clock import time_passes
from tests.factories import MembershipFactory, StudentFactory
from tests.hooks import alerts, asks_for_the_log_in, hooks, page_text
from tests.log_in import log_in
from tests.mailbox import code_in_the_mail
from tests.notifications import notification_texts
from tests.tables import tables

pytestmark = [pytest.mark.rule("C3"), pytest.mark.engine_free]

OVER = "This invitation no longer works"


@pytest.mark.rule("J5")
@pytest.mark.threat("T37")
def test_a_mail_scanner_uses_nothing_up(link, client, sign_in, ana):
    browsers = [client, sign_in(ana), sign_in(StudentFactory())]
    before = tables()

    for browser in browsers:
        assert browser.get(link).status_code == browser.head(link).status_code == 200

    assert tables() == before


@pytest.mark.rule("N1")
def test_a_colleague_accepts_with_one_press_and_the_owner_reads_who_it_was(
    link, sign_in, ana, biology, ms_okafor, acts, role_of
):
    browser = sign_in(ana)
    page = page_text(browser.get(link))
    assert "Ngozi Okafor invites you to be a co-teacher of this class." in page
    assert "Join Biology 9B as co-teacher" in page
    assert "Join as Ana Ruiz (ana). Not you? Log out" in page

    answer = browser.post(link)

    assert answer.headers["Location"] == biology.path
    assert role_of(ana) == "co-teacher"
    assert acts()[-1] == ("accept_invitation", "ana", None)
    said = "Ana Ruiz (ana) has accepted your invitation and is now a co-teacher of Biology 9B."
    assert notification_texts(ms_okafor) == [said]
    assert "You're now a co-teacher of Biology 9B." in page_text(browser.get(biology.path))
    assert browser.get(f"{biology.path}requests/").status_code == 200
    deliver_digests()
    assert said in mail.outbox[-1].body


@pytest.mark.rule("J10")
def test_a_second_press_accepts_nothing_more(link, sign_in, ana, biology, ms_okafor):
    browser = sign_in(ana)
    browser.post(link)
    browser.get(biology.path)  # which says so once
    before = len(notification_texts(ms_okafor)), Event.objects.count()

    answer = browser.post(link, follow=True)

    assert "You're now a co-teacher of Biology 9B." in page_text(answer)
    assert "You already manage Biology 9B." in page_text(browser.get(link))
    assert (len(notification_texts(ms_okafor)), Event.objects.count()) == before


def test_it_works_once(link, sign_in, ana, mr_brandt, biology, role_of):
    sign_in(ana).post(link)

    for answer in (sign_in(mr_brandt).get(link), sign_in(mr_brandt).post(link)):
        assert answer.status_code == 404
        assert OVER in page_text(answer)
        assert "Biology" not in page_text(answer)
    assert role_of(mr_brandt) is None


def test_its_link_gives_no_rights_back_that_the_owner_has_taken(
    link, sign_in, ana, biology, ms_okafor, role_of
):
    sign_in(ana).post(link)
    biology.member("ana").make_member(by=ms_okafor)

    assert sign_in(ana).post(link).status_code == 404
    assert role_of(ana) == "member"


def test_it_ends_after_a_week(link, sign_in, ana, biology, role_of):
    time_passes(days=6, hours=23)
    assert sign_in(ana).get(link).status_code == 200
    time_passes(hours=1)

    assert sign_in(ana).get(link).status_code == sign_in(ana).post(link).status_code == 404
    assert role_of(ana) is None


def test_logged_out_the_log_in_or_sign_up_comes_first_and_leads_back(link, client, ana, biology, role_of):
    page = client.get(link)
    assert "Log in with your teacher's account, or create one." in page_text(page)
    ways = [address for address in hooks(page, "href") if link in address]
    assert ways == [f"/accounts/login/?next={link}", f"/accounts/signup/teacher/?next={link}"]
    pressed = client.post(link)
    assert asks_for_the_log_in(pressed)

    assert log_in(client, "ana", next=link)["Location"] == link
    assert role_of(ana) is None  # logging in accepts nothing


def test_a_new_teacher_comes_back_after_verifying_the_address(link, client, mail_server, biology, role_of):
    fields = {"first_name": "Ada", "last_name": "Byron", "email": "ada@home.example"}
    way = client.post(
        f"/accounts/signup/teacher/?next={link}", fields | {"password1": "a large green chalkboard"}
    )
    assert way.status_code == 302

    answer = client.post("/accounts/confirm-email/", {"code": code_in_the_mail()})

    assert answer["Location"] == link
    client.post(link)
    assert role_of(User.objects.get(email="ada@home.example")) == "co-teacher"


def test_a_student_reads_why_not(link, sign_in, amara, biology, role_of):
    browser = sign_in(amara)

    for answer, status in ((browser.get(link), 200), (browser.post(link), 403)):
        assert answer.status_code == status
        assert alerts(answer) == [
            "Only a teacher's account can become co-teacher. If you have one, log out and use that account."
        ]
    assert role_of(amara) is None
    assert CoTeacherInvitation.objects.open().exists()


@pytest.mark.rule("Q7")
@pytest.mark.threat("T08")
def test_a_blocked_teacher_cannot_accept(link, sign_in, ana, biology, ms_okafor, role_of):
    MembershipFactory(classroom=biology, user=ana).remove(by=ms_okafor, keep_out=True)

    answer = sign_in(ana).post(link)

    assert answer.status_code == 403
    assert alerts(answer)[0].startswith("You can't join this class right now.")
    assert role_of(ana) is None


@pytest.mark.rule("C4")
def test_nobody_creates_an_account_for_an_archived_class(link, client, biology, ms_okafor):
    biology.archive(by=ms_okafor)
    page = client.get(link)

    assert alerts(page) == [
        "Biology 9B is archived, so nobody can join it. If you need it, talk to its teacher."
    ]
    assert [address for address in hooks(page, "href") if link in address] == []


@pytest.mark.rule("C4")
def test_nobody_accepts_while_the_class_is_archived(link, sign_in, ana, biology, ms_okafor, role_of):
    biology.archive(by=ms_okafor)
    answer = sign_in(ana).post(link)

    assert answer.status_code == 409
    assert alerts(answer) == [
        "Biology 9B is archived, so nobody can join it. If you need it, talk to its teacher."
    ]
    assert role_of(ana) is None
    biology.restore(by=ms_okafor)
    assert sign_in(ana).post(link).status_code == 302


def test_a_member_becomes_co_teacher(link, sign_in, mr_brandt, mr_brandt_is_member, biology, role_of):
    sign_in(mr_brandt).post(link)

    assert role_of(mr_brandt) == "co-teacher"
    assert biology.memberships.filter(user=mr_brandt).count() == 1


@pytest.mark.rule("J8")
def test_who_waits_waits_no_more(link, sign_in, mr_brandt, biology, ms_okafor, role_of):
    ask_by_join_url(biology.join_url, by=mr_brandt)

    sign_in(mr_brandt).post(link)

    assert role_of(mr_brandt) == "co-teacher"
    assert JoinRequest.objects.get().status == "admitted"


@pytest.mark.parametrize("who", ["mr_lind", "ms_okafor"])
def test_a_manager_is_told_that_they_are_one_and_the_invitation_stays(link, sign_in, biology, request, who):
    browser = sign_in(request.getfixturevalue(who))

    assert "You already manage Biology 9B." in page_text(browser.get(link))
    assert "You already manage Biology 9B." in page_text(browser.post(link, follow=True))
    assert CoTeacherInvitation.objects.open().exists()


@pytest.mark.threat("T60")
def test_it_ends_when_the_inviter_owns_the_class_no_more(
    link, sign_in, ana, biology, ms_okafor, mr_lind, role_of
):
    biology.transfer(by=ms_okafor, to=mr_lind)
    assert sign_in(ana).post(link).status_code == 404

    biology.transfer(by=mr_lind, to=ms_okafor)

    assert sign_in(ana).post(link).status_code == 404
    assert role_of(ana) is None


@pytest.mark.threat("T60")
def test_nobody_accepts_while_the_inviters_account_is_closed(
    link, sign_in, ana, biology, ms_okafor, mr_lind, role_of
):
    """Otherwise somebody who is about to lose the account could let themselves in again by another one."""
    User.objects.filter(pk=ms_okafor.pk).close()
    assert sign_in(ana).get(link).status_code == sign_in(ana).post(link).status_code == 404
    assert role_of(ana) is None

    User.objects.filter(pk=ms_okafor.pk).reopen()

    assert sign_in(ana).post(link).status_code == 302


def test_it_ends_with_the_class(link, sign_in, ana, biology, ms_okafor):
    biology.delete_class(by=ms_okafor)

    assert sign_in(ana).get(link).status_code == sign_in(ana).post(link).status_code == 404
