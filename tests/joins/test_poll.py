"""An open page asks for news every few seconds. An unchanged answer costs next to nothing."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from joins.acts.ask import ask_by_join_url
from tests.factories import ClassroomFactory, MembershipFactory
from tests.hooks import hooks, page_text

HTMX = {"HX-Request": "true"}


def poll_address(browser):
    return next(value for value in hooks(browser.get("/"), "hx-get") if value.startswith("/waiting/"))


def test_nothing_new_is_204_without_a_body_and_costs_one_statement(
    amara_waits, count_queries, okafors_browser
):
    """The statements are session with user, and exactly one more."""
    address = poll_address(okafors_browser)

    with count_queries(2):
        answer = okafors_browser.get(address, headers=HTMX)

    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.rule("Q1", "N1")
@pytest.mark.parametrize("happens", ["ask", "withdraw", "decide", "archive"])
def test_a_change_brings_the_new_counts_and_its_event(
    amara_waits, join_url, leo, decide, biology, ms_okafor, happens, linds_browser
):
    address = poll_address(linds_browser)
    {
        "ask": lambda: ask_by_join_url(join_url, by=leo),
        "withdraw": amara_waits.withdraw,
        "decide": lambda: decide(ms_okafor, "deny", amara_waits),
        "archive": lambda: biology.archive(by=ms_okafor),
    }[happens]()

    answer = linds_browser.get(address, headers=HTMX)

    count = {"ask": "2", "withdraw": "0", "decide": "0", "archive": "0"}[happens]
    assert (answer.status_code, answer["HX-Trigger"]) == (200, '{"counts-changed": {}}')
    assert hooks(answer, "data-waiting") == [count]
    assert linds_browser.get(poll_address(linds_browser), headers=HTMX).status_code == 204


@pytest.mark.rule("Q1", "N1")
@pytest.mark.parametrize("what", ["request", "notification"])
def test_one_gone_and_another_come_is_a_change_too(
    amara_waits, join_url, leo, ms_okafor, okafors_browser, what
):
    address = poll_address(okafors_browser)
    if what == "request":
        amara_waits.withdraw()
        ask_by_join_url(join_url, by=leo)
    else:
        ms_okafor.notifications.mark_read()
        ms_okafor.notifications.create(text="Another", link="/")

    assert okafors_browser.get(address, headers=HTMX).status_code == 200


@pytest.mark.rule("Q1")
@pytest.mark.parametrize("act", ["decide", "move to queue"])
def test_an_act_of_ones_own_calls_for_the_counts_at_once(
    sign_in, url, amara_waits, leo, biology, ms_okafor, act
):
    """So the page's header and its queue never show two numbers for long."""
    MembershipFactory(classroom=biology, user=leo)
    browser = sign_in(ms_okafor)
    path, fields = {
        "decide": ("requests/decide/", {"decision": "deny", "request": amara_waits.pk}),
        "move to queue": ("members/leo/move-to-queue/", {}),
    }[act]

    answer = browser.post(url(path), fields, headers=HTMX)

    assert (answer.status_code, answer["HX-Trigger"]) == (200, '{"queue-changed": {}}')
    assert any("queue-changed from:body" in trigger for trigger in hooks(browser.get("/"), "hx-trigger"))


@pytest.mark.rule("Q4")
def test_who_waits_polls_too_and_learns_the_result(decide, amara_waits, ms_okafor, amaras_browser):
    address = poll_address(amaras_browser)
    assert amaras_browser.get(address, headers=HTMX).status_code == 204

    decide(ms_okafor, "approve", amara_waits)
    answer = amaras_browser.get(address, headers=HTMX)

    assert (answer.status_code, hooks(answer, "data-unread")) == (200, ["1"])


def test_whose_page_cannot_change_does_not_poll(sign_in, biology, amara):
    assert not [value for value in hooks(sign_in(amara).get("/"), "hx-get") if value.startswith("/waiting/")]


@pytest.fixture
def poll_of_class(biology):
    """poll_of_class(browser) -> the address that the class's page asks."""
    return lambda browser: next(
        value for value in hooks(browser.get(biology.path), "hx-get") if value.startswith("/waiting/")
    )


@pytest.mark.rule("J1", "Q1")
def test_a_page_of_a_class_also_learns_how_many_are_in_it(
    poll_of_class, count_queries, biology, leo, amara_waits, linds_browser
):
    """The unchanged poll costs no more statements than on another page: session with user, and one more."""
    address = poll_of_class(linds_browser)
    with count_queries(2):
        assert linds_browser.get(address, headers=HTMX).status_code == 204
    MembershipFactory(classroom=biology, user=leo)

    answer = linds_browser.get(address, headers=HTMX)

    assert (answer.status_code, hooks(answer, "data-members"), hooks(answer, "data-here")) == (
        200,
        ["3"],
        ["1"],
    )
    assert linds_browser.get(poll_of_class(linds_browser), headers=HTMX).status_code == 204


@pytest.mark.rule("K8", "Q1")
@pytest.mark.parametrize("happens", ["reset", "lock", "clock", "another time", "pause"])
def test_the_page_of_a_class_learns_what_was_done_at_its_door(
    poll_of_class, count_queries, biology, biology_code, ms_okafor, linds_browser, happens
):
    """Although nobody's notification changes. The unchanged poll costs no more statements."""
    address = poll_of_class(linds_browser)
    with count_queries(2):
        assert linds_browser.get(address, headers=HTMX).status_code == 204
    tomorrow = timezone.now() + timedelta(days=1)
    {
        "reset": lambda: biology_code().reset(by=ms_okafor),
        "lock": lambda: biology_code().lock(by=ms_okafor),
        "clock": lambda: biology.join_codes.update(locks_at=Now()),
        "another time": lambda: biology_code().lock_at(by=ms_okafor, until=tomorrow),
        "pause": lambda: biology.join_url.pause(by=ms_okafor),
    }[happens]()

    answer = linds_browser.get(address, headers=HTMX)

    assert (answer.status_code, answer["HX-Trigger"]) == (200, '{"counts-changed": {}}')
    assert linds_browser.get(poll_of_class(linds_browser), headers=HTMX).status_code == 204


@pytest.mark.rule("C2")
@pytest.mark.parametrize("person", ["mr_brandt", "leo"])
def test_whoever_does_not_manage_the_class_learns_no_number_of_it(
    request, sign_in, biology, amara_waits, person
):
    """Not by naming it in the address: neither an outsider, nor a member who doesn't manage it."""
    person = request.getfixturevalue(person)
    ClassroomFactory(by=person) if person.is_teacher else MembershipFactory(classroom=biology, user=person)

    answer = sign_in(person).get(f"/waiting/?in={biology.public_id}", headers=HTMX)

    assert answer.status_code == 200
    assert hooks(answer, "data-members") == hooks(answer, "data-here") == []


@pytest.mark.parametrize("typed", ["", "?v=", "?v=x", "?v=0.0.0.0", "?v=%F0%9F%92%A9"])
def test_an_odd_version_gets_the_counts(sign_in, amara_waits, ms_okafor, typed):
    answer = sign_in(ms_okafor).get(f"/waiting/{typed}", headers=HTMX)

    assert (answer.status_code, hooks(answer, "data-waiting")) == (200, ["1"])


@pytest.mark.threat("T62")
def test_an_expired_session_leads_to_the_log_in_and_back_to_the_page(client, db):
    answer = client.get("/waiting/", headers=HTMX | {"HX-Current-URL": "http://testserver/classes/abc/"})

    assert answer["HX-Redirect"] == "/accounts/login/?next=/classes/abc/"
    assert "You've been logged out here. Log in again to continue." in page_text(
        client.get(answer["HX-Redirect"])
    )


@pytest.mark.rule("Q1")
def test_who_only_is_a_member_is_not_told_that_somebody_waits(sign_in, biology, url, amara_waits, leo):
    """Nor do they get a link to a queue that they don't manage."""
    MembershipFactory(classroom=biology, user=leo)

    assert url("requests/") not in sign_in(leo).get("/").content.decode()


@pytest.mark.rule("J11")
@pytest.mark.threat("T62")
def test_a_page_of_somebody_else_is_loaded_again(sign_in, amara_waits, ms_okafor, amaras_browser):
    """Its tab was open while another person logged in in the same browser."""
    address = poll_address(amaras_browser)
    browser = sign_in(ms_okafor)

    answer = browser.get(address, headers=HTMX)

    assert (answer.status_code, answer["HX-Refresh"], answer.content) == (200, "true", b"")
    assert "You're logged in as Ngozi Okafor now." in page_text(browser.get("/"))
