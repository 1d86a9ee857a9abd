"""The owner invites a colleague by email, who becomes co-teacher with one press."""

from hashlib import sha256

import pytest
from django.core import mail

from accounts.models import Letter
from accounts.tasks import deliver_letters
from classroom.acts import invite as acts_of_inviting
from classroom.models import Classroom, CoTeacherInvitation
from classroom.tasks import tell_of_ended_invitations
from privacy.models import Person
from tests.clock import time_passes
from tests.factories import ClassroomFactory, TeacherFactory
from tests.hooks import alerts, hooks, page_text
from tests.mailbox import letters, links_of_invitations
from tests.notifications import notification_texts
from tests.tables import tables

pytestmark = [pytest.mark.rule("C3"), pytest.mark.engine_free]

ANA = "ana@school.example"
OVER = "This invitation no longer works"


@pytest.mark.threat("T44", "T63")
def test_one_mail_leaves_with_a_link_and_names_nobody_in_its_subject(invite_by_mail, biology, acts):
    answer = invite_by_mail("Ana@School.example")

    assert answer.status_code == 302
    assert not mail.outbox  # the worker mails it, after the commit
    (sent,) = letters()
    assert sent.to == [ANA]
    assert sent.subject == "An invitation to be a co-teacher in Homeroom"
    assert "Ngozi Okafor invites you to be a co-teacher of Biology 9B in Homeroom." in sent.body
    html, kind = sent.alternatives[0]
    assert (kind, links_of_invitations()[0] in html) == ("text/html", True)
    assert acts() == [("invite_co_teacher", "okafor", None)]
    assert not Letter.objects.exists()


@pytest.mark.threat("T29")
def test_only_a_digest_of_the_secret_is_stored(link):
    secret = link.split("/")[2]

    assert len(secret) == 32  # letters and digits: 190 bits
    assert CoTeacherInvitation.objects.get().digest == sha256(secret.encode()).hexdigest()
    assert secret not in str(tables())


@pytest.mark.rule("J10")
@pytest.mark.threat("T35")
def test_a_second_press_sends_no_second_mail(invite_by_mail):
    first, second = invite_by_mail(), invite_by_mail()

    assert (first.status_code, second.status_code) == (302, 302)
    assert CoTeacherInvitation.objects.count() == len(letters()) == 1


@pytest.mark.threat("T35")
def test_an_address_gets_one_mail_a_day_even_if_the_first_is_cancelled(invite_by_mail, okafors_browser, url):
    invite_by_mail()
    okafors_browser.post(url(f"invite/{CoTeacherInvitation.objects.get().pk}/cancel/"))

    answer = invite_by_mail()

    assert answer.status_code == 429
    # The link of the mail is dead, so nobody should look for it.
    assert "Today's invitation to this address no longer works." in page_text(answer)
    assert "spam folder" not in page_text(answer)
    assert hooks(answer, "value").count(ANA) == 1  # what was typed stays
    time_passes(days=1)
    assert invite_by_mail().status_code == 302
    assert len(letters()) == 2


def test_the_second_on_a_day_says_where_the_first_may_be(invite_by_mail):
    invite_by_mail()
    time_passes(hours=1)

    answer = invite_by_mail()

    assert answer.status_code == 429
    assert "Ask your colleague to look in the spam folder" in page_text(answer)


def test_a_later_invitation_takes_the_place_of_the_one_before(invite_by_mail, link, sign_in, ana):
    time_passes(days=2)
    invite_by_mail()

    assert CoTeacherInvitation.objects.open().count() == 1
    assert OVER in page_text(sign_in(ana).get(link))
    assert sign_in(ana).post(links_of_invitations()[-1]).status_code == 302


@pytest.mark.threat("T35")
def test_ten_are_open_in_a_class_and_no_more(invite_by_mail, okafors_browser, url):
    for number in range(10):
        assert invite_by_mail(f"a{number}@school.example").status_code == 302

    answer = invite_by_mail()

    assert answer.status_code == 429
    assert "10 invitations are open here. Cancel one first." in page_text(answer)
    okafors_browser.post(url(f"invite/{CoTeacherInvitation.objects.first().pk}/cancel/"))
    assert invite_by_mail().status_code == 302


@pytest.mark.threat("T35")
def test_a_teacher_sends_thirty_a_day_however_many_classes_are_deleted(ms_okafor, invite_by_mail):
    for number in range(3):
        classroom = ClassroomFactory(name=f"Class {number}", by=ms_okafor)
        for other in range(10):
            acts_of_inviting.invite(classroom, by=ms_okafor, email=f"a{other}@school.example")
        classroom.delete_class(by=ms_okafor)

    answer = invite_by_mail()

    assert answer.status_code == 429
    assert "You have sent 30 invitations today." in page_text(answer)
    time_passes(days=1)
    assert invite_by_mail().status_code == 302


@pytest.mark.threat("T35")
def test_an_address_gets_twenty_a_day_also_if_the_teachers_erase_themselves(sign_in, invite_by_mail):
    for _ in range(10):
        teacher = TeacherFactory()
        browser = sign_in(teacher)
        for name in ("9A", "9B"):
            classroom = ClassroomFactory(name=name, by=teacher)
            assert browser.post(f"{classroom.path}invite/", {"email": ANA}).status_code == 302
            classroom.delete_class(by=teacher)
        deliver_letters()
        Person.objects.get(pk=teacher.pk).erase()

    answer = invite_by_mail()

    assert answer.status_code == 429
    assert "This address has been sent many invitations today." in page_text(answer)
    assert len(mail.outbox) == 20
    assert invite_by_mail("another@school.example").status_code == 302


@pytest.mark.threat("T35", "T97")
def test_only_what_is_mailed_counts_so_that_no_teacher_shuts_an_address_off(
    sign_in, invite_by_mail, okafors_browser, url
):
    """Presses that send no mail used up the twenty: one teacher kept all others from inviting the address."""
    stranger = TeacherFactory()
    browser, classroom = sign_in(stranger), ClassroomFactory(by=stranger)
    invite_page = f"{classroom.path}invite/"
    for _ in range(10):
        assert browser.post(invite_page, {"email": ANA}).status_code == 302  # a double click
    browser.post(f"{invite_page}{CoTeacherInvitation.objects.get().pk}/cancel/")
    for _ in range(10):
        assert browser.post(invite_page, {"email": ANA}).status_code == 429

    assert invite_by_mail().status_code == 302
    assert len(letters()) == 2


@pytest.mark.threat("T35")
def test_who_is_refused_by_the_address_keeps_the_open_invitation(
    invite_by_mail, biology, ms_okafor, monkeypatch
):
    invite_by_mail()
    time_passes(days=1)
    monkeypatch.setattr("accounts.limits.may_mail_invitation", lambda request, email: False)

    assert invite_by_mail().status_code == 429
    assert CoTeacherInvitation.objects.open().count() == 1


@pytest.mark.threat("T54")
def test_the_page_never_says_whether_an_address_has_an_account(invite_by_mail, okafors_browser, url, ana):
    answers = [invite_by_mail(address) for address in (ana.email, "nobody@school.example")]

    assert [answer.status_code for answer in answers] == [302, 302]
    texts = page_text(okafors_browser.get(url("invite/"))).replace(ana.email, "X")
    assert texts.count("We're sending an invitation to X.") == 1
    assert texts.count("We're sending an invitation to nobody@school.example.") == 1
    assert "Ana" not in texts
    assert len(letters()) == 2


def test_a_wrong_address_is_said_and_stays_in_the_field(invite_by_mail):
    answer = invite_by_mail("ana at school")

    assert answer.status_code == 422
    assert "Type a whole email address, for example ana@school.example." in page_text(answer)
    assert "ana at school" in hooks(answer, "value")
    assert not CoTeacherInvitation.objects.exists()


@pytest.mark.rule("C4")
def test_the_page_of_an_archived_class_says_so_in_one_panel(biology, ms_okafor, okafors_browser, url):
    """One stood in another, with two borders around one sentence."""
    biology.archive(by=ms_okafor)

    page = okafors_browser.get(url("invite/"))

    assert [each for each in hooks(page, "class") if "panel" in each.split()] == ["panel panel--locked stack"]


@pytest.mark.threat("T92")
def test_the_owner_is_told_once_that_it_has_ended_unused(link, ms_okafor, okafors_browser, url):
    tell_of_ended_invitations()
    assert notification_texts(ms_okafor) == []
    time_passes(days=7)

    tell_of_ended_invitations()
    tell_of_ended_invitations()

    said = "Nobody has used an invitation to be a co-teacher in Biology 9B, so it has ended."
    assert notification_texts(ms_okafor) == [said]
    assert f"{ANA} nobody used it in seven days, so it has ended" in page_text(
        okafors_browser.get(url("invite/"))
    )


def test_nobody_is_told_of_one_that_was_used_or_cancelled_or_of_a_class_that_is_gone(
    invite_by_mail, sign_in, ana, okafors_browser, url, ms_okafor, biology
):
    for address in (ANA, "ben@school.example", "cleo@school.example"):
        invite_by_mail(address)
    sign_in(ana).post(links_of_invitations()[0])
    okafors_browser.post(
        url(f"invite/{CoTeacherInvitation.objects.get(email='ben@school.example').pk}/cancel/")
    )
    told = notification_texts(ms_okafor)
    biology.delete_class(by=ms_okafor)
    time_passes(days=7)

    tell_of_ended_invitations()

    assert notification_texts(ms_okafor) == told


def test_the_owner_sees_what_is_open_and_cancels_it(link, okafors_browser, url, sign_in, ana, acts):
    assert ANA in page_text(okafors_browser.get(url("invite/")))
    cancel = url(f"invite/{CoTeacherInvitation.objects.get().pk}/cancel/")

    for _ in range(2):
        page = okafors_browser.post(cancel, follow=True)
        assert "The invitation is cancelled. Its link no longer works." in page_text(page)

    assert [kind for kind, _, _ in acts()] == ["invite_co_teacher", "cancel_invitation"]
    assert "Open invitations" not in page_text(page)
    assert sign_in(ana).post(link).status_code == 404


def test_one_that_was_just_accepted_cannot_be_cancelled(
    link, okafors_browser, url, sign_in, ana, biology, role_of
):
    sign_in(ana).post(link)

    page = okafors_browser.post(url(f"invite/{CoTeacherInvitation.objects.get().pk}/cancel/"))

    assert page.status_code == 409
    assert alerts(page)[0].startswith("Ana Ruiz has just accepted this invitation")
    assert f"{ANA} accepted by Ana Ruiz (ana) on" in page_text(page)
    assert role_of(ana) == "co-teacher"


@pytest.mark.threat("T12")
def test_one_of_another_class_is_not_there(link, okafors_browser, ms_okafor):
    other = ClassroomFactory(name="Chess", by=ms_okafor)
    pk = CoTeacherInvitation.objects.get().pk

    assert okafors_browser.post(f"{other.path}invite/{pk}/cancel/").status_code == 404
    assert CoTeacherInvitation.objects.open().exists()


def test_the_mail_waits_for_the_mail_server_as_others_do(invite_by_mail, monkeypatch):
    invite_by_mail()
    monkeypatch.setattr("accounts.emails.letter_mail", lambda letter: 1 / 0)
    deliver_letters()

    letter = Letter.objects.get()
    assert (letter.tries, letter.kind, letter.user) == (1, "invite_co_teacher", Classroom.objects.get().owner)
