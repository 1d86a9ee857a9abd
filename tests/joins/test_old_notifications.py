"""What people see who open a notification, or the link in its mail, after it was dealt with."""

import pytest
from django.db import connection

from joins.acts.ask import ask_by_join_url
from joins.acts.queue import Decision, decide
from tests.factories import MembershipFactory

pytestmark = pytest.mark.rule("N1", "Q3")

NOT_IN_IT = "You&#x27;re not in this class any more, or it has been deleted."
OTHER_ROLE = "Your role in this class has changed, so you can&#x27;t open its page any more."


@pytest.fixture
def opened(sign_in):
    """opened(user) -> the page of their first notification, to which its mail links, and the page behind its button."""

    def open_first(user):
        browser, address = sign_in(user), f"/notifications/{user.notifications.earliest('pk').pk}/"
        body = browser.get(address).content.decode()
        answer = browser.post(address, follow=True)
        assert answer.status_code == 200
        return body, answer.content.decode()

    return open_first


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        (Decision.APPROVE, "Amara Toure was let in by Jonas Lind on "),
        (Decision.DENY, "Jonas Lind said no to Amara Toure on "),
    ],
)
def test_of_a_decided_request_it_says_who_decided_what(
    decision, sentence, biology, amara_waits, ms_okafor, mr_lind, opened
):
    decide(biology, [amara_waits.pk], decision, by=mr_lind)

    for page in opened(ms_okafor):
        assert sentence in page


def test_of_ones_own_decision_it_says_so(biology, amara_waits, ms_okafor, opened):
    decide(biology, [amara_waits.pk], Decision.APPROVE, by=ms_okafor)

    for page in opened(ms_okafor):
        assert "You let in Amara Toure on " in page


def test_of_a_cancelled_request_it_says_so(amara_waits, ms_okafor, opened):
    amara_waits.withdraw()

    for page in opened(ms_okafor):
        assert "Amara Toure cancelled the request on " in page


def test_somebody_who_asks_at_this_moment_waits(biology, amara_waits, leo, ms_okafor, opened):
    """They ask after the page has looked for the first time."""
    amara_waits.withdraw()
    asked = []

    def ask_after_the_look(execute, sql, *rest):
        answer = execute(sql, *rest)
        if not asked and "joins_joinrequest" in sql:
            asked.append(True)
            ask_by_join_url(biology.join_url, by=leo)
        return answer

    with connection.execute_wrapper(ask_after_the_look):
        body, _ = opened(ms_okafor)

    assert (asked, "Go there" in body) == ([True], True)


def test_a_request_that_waits_leads_to_the_queue(amara_waits, ms_okafor, opened):
    body, behind = opened(ms_okafor)

    assert "Go there" in body
    assert "Approval queue" in behind


def test_a_class_that_is_deleted_or_left_leads_nowhere(biology, amara, amara_waits, ms_okafor, opened):
    decide(biology, [amara_waits.pk], Decision.APPROVE, by=ms_okafor)
    biology.memberships.get(user=amara).leave()

    for page in opened(amara):
        assert NOT_IN_IT in page
        assert "Go there" not in page

    biology.delete_class(by=ms_okafor)

    for page in (*opened(amara), *opened(ms_okafor)):
        assert NOT_IN_IT in page
        assert "Go there" not in page


@pytest.mark.rule("C2")
def test_who_manages_the_class_no_more_is_told_that_and_nothing_of_the_decision(
    biology, amara_waits, ms_okafor, mr_lind, opened
):
    """The decision only concerns managers."""
    decide(biology, [amara_waits.pk], Decision.APPROVE, by=ms_okafor)
    biology.memberships.get(user=mr_lind).make_member(by=ms_okafor)

    for page in opened(mr_lind):
        assert OTHER_ROLE in page
        assert "was let in" not in page


def test_an_unread_one_that_leads_nowhere_can_still_be_marked_as_read(biology, amara, ms_okafor, sign_in):
    MembershipFactory(classroom=biology, user=amara)
    biology.delete_class(by=ms_okafor)
    told = amara.notifications.get()
    told.link = "/classes/gone/"
    told.save()
    browser = sign_in(amara)

    assert "Mark as read" in browser.get(f"/notifications/{told.pk}/").content.decode()
    page = browser.post(f"/notifications/{told.pk}/", follow=True).content.decode()

    assert "Mark as read" not in page
    assert not amara.notifications.unread().exists()
