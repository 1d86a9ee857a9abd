"""When an owner's account is closed, co-teachers carry on. In a class without any manager nobody can join."""

import pytest

from accounts.models import User
from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinRequest
from tests.hooks import alerts, page_text
from tests.notifications import notification_texts

pytestmark = pytest.mark.rule("C6")

SHUT = "Biology 9B has no teacher right now, so nobody can join it. Talk to your school."


@pytest.fixture
def close():
    return lambda *people: User.objects.filter(pk__in=[person.pk for person in people]).close()


def test_co_teachers_carry_on(biology, biology_code, close, ms_okafor, mr_lind, amara, leo):
    close(ms_okafor)

    assert use_code(biology_code().code, by=amara).is_member
    waits = ask_by_join_url(biology.join_url, by=leo)
    assert notification_texts(mr_lind) == ["Leo Park asks to join Biology 9B."]
    queue.decide(biology, [waits.pk], "approve", by=mr_lind)

    assert biology.memberships.filter(user=leo).exists()
    assert biology.managers() == [mr_lind]
    assert notification_texts(ms_okafor) == []


def test_without_a_manager_both_doors_are_shut_and_say_so_kindly(
    biology, biology_code, close, ms_okafor, mr_lind, amara, sign_in, mr_brandt_is_member
):
    close(ms_okafor, mr_lind)
    browser = sign_in(amara)

    for answer in [
        browser.post("/join/", {"code": biology_code().code}),
        browser.post(biology.join_url.path),
    ]:
        assert (answer.status_code, alerts(answer)) == (409, [SHUT])
    assert not biology.memberships.filter(user=amara).exists()
    assert not JoinRequest.objects.exists()


def test_members_of_a_class_without_a_manager_still_read(
    biology, close, ms_okafor, mr_lind, amara_is_member, sign_in, url
):
    close(ms_okafor, mr_lind)

    assert sign_in(amara_is_member.user).get(url()).status_code == 200


def test_with_its_owner_back_the_doors_work_again(biology, biology_code, close, ms_okafor, mr_lind, amara):
    close(ms_okafor, mr_lind)
    User.objects.filter(pk=ms_okafor.pk).reopen()

    assert use_code(biology_code().code, by=amara).is_member


@pytest.mark.threat("T60")
def test_a_closed_account_acts_no_more(biology, close, ms_okafor, url, okafors_browser):
    close(ms_okafor)

    assert okafors_browser.post(url("archive/")).headers["Location"].startswith("/accounts/login/")
    biology.refresh_from_db()
    assert not biology.is_archived


LEFT = "1 class has no other manager. Nobody can join it until you hand it over to a teacher."


@pytest.mark.threat("T59")
def test_an_operator_reads_first_which_classes_lose_their_only_manager(
    operators_browser, close, biology, ms_okafor, mr_lind
):
    """And afterwards they come."""
    page = f"/admin/accounts/user/{ms_okafor.pk}/close/"
    assert "no other manager" not in page_text(operators_browser.get(page))
    close(mr_lind)
    assert LEFT in page_text(operators_browser.get(page))

    answer = operators_browser.post(page, follow=True)

    assert "1 class has no manager now." in page_text(answer)
    assert answer.redirect_chain == [("/admin/classroom/classroom/?owner=none", 302)]


@pytest.mark.threat("T59")
def test_the_list_of_accounts_says_it_too(operators_browser, biology, ms_okafor, mr_lind):
    sent = {"action": "close_accounts", "_selected_action": [ms_okafor.pk, mr_lind.pk]}
    question = operators_browser.post("/admin/accounts/user/", sent)
    assert LEFT in page_text(question)

    sure = {"sure": f"2-{ms_okafor.pk + mr_lind.pk}"}
    answer = operators_browser.post("/admin/accounts/user/", sent | sure, follow=True)

    assert "1 class has no manager now." in page_text(answer)
