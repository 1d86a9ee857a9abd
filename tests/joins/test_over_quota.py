"""Requests of new accounts over the quota share one line that opens, and one notification."""

import pytest

from accounts.models import Digest, Notification
from joins import sentences
from joins.acts import by_code
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinCode, JoinRequest, SignUp
from tests.clock import time_passes
from tests.factories import ClassroomFactory, StudentFactory, TeacherFactory
from tests.hooks import hooks, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T34")]
FOLDED = "Many new accounts asked to join Biology 9B. Check who they are before you let them in."


@pytest.fixture
def three_more(new_accounts, quota_of_three, join_url):
    """Six new accounts have asked to join Biology 9B. Three fit into the quota; returns the other three."""
    join_requests = [ask_by_join_url(join_url, by=student) for student in new_accounts(6)]
    assert [one.over_quota for one in join_requests] == [False] * 3 + [True] * 3
    return join_requests[3:]


def boxes_of(page, form):
    """The ids of the ticked boxes of this form, from top to bottom."""
    fields = [text.split(">")[0] for text in page.content.decode().split("<input")[1:]]
    boxes = [field for field in fields if 'type="checkbox"' in field and f'form="{form}"' in field]
    return [int(box.split('value="')[1].split('"')[0]) for box in boxes]


def unread_notices_of_quota(user):
    return [one.sentence for one in user.notifications.unread() if one.sentence == FOLDED]


@pytest.mark.rule("Q1")
def test_they_come_last_in_one_line_whoever_asks_after_them(
    sign_in, url, three_more, join_url, amara, ms_okafor
):
    late = ask_by_join_url(join_url, by=amara)

    page = sign_in(ms_okafor).get(url("requests/"))

    rows = [int(number) for number in hooks(page, "data-request")]
    assert rows[3:] == [late.pk, *(asked.pk for asked in three_more)]
    assert "New accounts from one Code: 3" in page_text(page)
    assert "7 waiting." in page_text(page)
    assert boxes_of(page, "ticked") == rows[:4]
    assert boxes_of(page, "ticked-over-quota") == rows[4:]


def test_a_queue_without_any_has_no_such_line(sign_in, url, amara_waits, ms_okafor):
    page = sign_in(ms_okafor).get(url("requests/"))

    assert "<details" not in page.content.decode()


@pytest.mark.threat("T46")
def test_let_in_all_leaves_them_out_and_has_a_press_of_its_own_for_them(sign_in, url, three_more, ms_okafor):
    """Both send the ids that were on the page."""
    page = sign_in(ms_okafor).get(url("requests/")).content.decode()
    forms = [form.split("</form>")[0] for form in page.split("<form") if 'id="approve-page' in form]

    ids = [[int(part.split('"')[0]) for part in form.split('name="request" value="')[1:]] for form in forms]
    first = list(JoinRequest.objects.pending().filter(classroom__name="Biology 9B", over_quota=False))
    assert ids == [[asked.pk for asked in first], [asked.pk for asked in three_more]]


@pytest.mark.rule("Q2")
@pytest.mark.parametrize(("decision", "status"), [("approve", "approved"), ("deny", "denied")])
def test_they_are_decided_like_any_other_in_one_press(sign_in, url, three_more, ms_okafor, decision, status):
    ids = [asked.pk for asked in three_more]

    answer = sign_in(ms_okafor).post(url("requests/decide/"), {"decision": decision, "request": ids})

    assert answer.status_code == 302
    assert set(JoinRequest.objects.filter(pk__in=ids).values_list("status", flat=True)) == {status}


def test_accounts_of_several_codes_are_said_to_be(sign_in, url, three_more, join_url, mr_brandt, ms_okafor):
    another = ClassroomFactory(by=mr_brandt, expected_size=1)
    for _ in range(4):
        student = StudentFactory()
        by_code.sign_up(JoinCode.objects.get_current(another).code, student)
        ask_by_join_url(join_url, by=student)

    page = sign_in(ms_okafor).get(url("requests/"))

    assert "New accounts from 2 Codes: 7" in page_text(page)


def test_an_account_without_a_code_is_shown_too(sign_in, url, three_more, ms_okafor):
    SignUp.objects.filter(user__in=[asked.user_id for asked in three_more]).delete()
    page = sign_in(ms_okafor).get(url("requests/"))

    assert "New accounts: 3" in page_text(page)


def test_the_line_speaks_of_no_code_if_a_teacher_who_signed_up_alone_is_among_them(
    sign_in, url, three_more, join_url, biology, ms_okafor
):
    biology.edit(by=ms_okafor, expected_size=1)
    ask_by_join_url(join_url, by=TeacherFactory())
    page = page_text(sign_in(ms_okafor).get(url("requests/")))

    assert "New accounts: 4" in page
    assert "by teachers who signed up or with another teacher's Code" in page


@pytest.mark.rule("Q1")
def test_on_a_queue_of_several_pages_the_line_speaks_of_its_page(
    sign_in, url, new_accounts, quota_of_three, join_url, amara, ms_okafor
):
    """People who ask later are on the first page."""
    for student in new_accounts(60):
        ask_by_join_url(join_url, by=student)
    ask_by_join_url(join_url, by=amara)
    browser = sign_in(ms_okafor)
    first, second = browser.get(url("requests/")), browser.get(url("requests/?page=2"))

    assert "amara" in hooks(first, "data-username")
    assert "New accounts on this page from one Code: 46" in page_text(first)
    assert "New accounts on this page from one Code: 11" in page_text(second)


@pytest.mark.threat("T35")
def test_the_managers_are_told_of_all_of_them_once_and_by_one_mail(three_more, ms_okafor, mr_lind, amara):
    assert unread_notices_of_quota(ms_okafor) == unread_notices_of_quota(mr_lind) == [FOLDED]
    assert Notification.objects.filter(kind=sentences.ASKED_OVER_QUOTA).count() == 2
    assert {one.mentions for one in Notification.objects.filter(kind=sentences.ASKED_OVER_QUOTA)} == {None}

    time_passes(minutes=15)
    Digest.objects.gather()
    assert ms_okafor.digests.get().notifications.filter(kind=sentences.ASKED_OVER_QUOTA).count() == 1


@pytest.mark.rule("N1")
def test_it_is_dealt_with_once_none_of_them_waits(three_more, decide, ms_okafor, mr_lind):
    first, second, third = three_more
    decide(ms_okafor, "deny", first)
    second.withdraw()
    assert unread_notices_of_quota(ms_okafor) == unread_notices_of_quota(mr_lind) == [FOLDED]

    decide(mr_lind, "approve", third)

    assert unread_notices_of_quota(ms_okafor) == unread_notices_of_quota(mr_lind) == []


@pytest.mark.rule("J8")
def test_also_where_the_last_one_has_cancelled_or_has_joined_by_the_code(
    three_more, decide, biology_code, ms_okafor
):
    first, second, third = three_more
    decide(ms_okafor, "deny", first)
    second.withdraw()

    use_code(biology_code().code, by=third.user)

    assert unread_notices_of_quota(ms_okafor) == []


def test_who_asks_after_it_was_read_is_told_of_anew(three_more, new_accounts, join_url, ms_okafor):
    ms_okafor.notifications.mark_read()

    for student in new_accounts(3):
        assert ask_by_join_url(join_url, by=student).over_quota

    assert unread_notices_of_quota(ms_okafor) == [FOLDED]


@pytest.mark.rule("C4")
def test_a_deleted_class_leaves_none_of_it_unread(three_more, biology, ms_okafor, mr_lind):
    biology.delete_class(by=ms_okafor)

    assert unread_notices_of_quota(mr_lind) == []
