"""Somebody who is logged out wants a second thing before the log-in: only the newest counts, and the log-in says so."""

import pytest

from joins.acts.ask import ask_by_join_url
from joins.models import JoinRequest
from tests.factories import MembershipFactory
from tests.hooks import page_text
from tests.joins.test_whose_wish import later
from tests.log_in import log_in

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]


@pytest.mark.rule("J6")
@pytest.mark.threat("T49")
def test_a_wish_that_a_newer_one_replaced_in_another_tab_is_named_after_the_log_in(
    client, asked_at_join_url, physics, amara
):
    client.post(physics.join_url.path)

    page = log_in(client, "amara", follow=True)

    assert [request.classroom for request in JoinRequest.objects.all()] == [physics]
    said = (
        "“Ask to join” was pressed here for Biology 9B as well. We only keep the newest, so we haven't sent that "
        "request. If it was you, open the Join URL and press again."
    )
    assert said in page_text(page)
    assert "as well" not in page_text(client.get("/"))


@pytest.mark.rule("J6")
@pytest.mark.threat("T49")
def test_a_code_that_a_newer_press_replaced_is_named_after_the_log_in(client, code_typed, physics, amara):
    client.post(physics.join_url.path)

    page = log_in(client, "amara", follow=True)

    assert "A Code was typed here as well. We only keep the newest, so we haven't used it." in page_text(page)


@pytest.mark.rule("J6")
@pytest.mark.threat("T49")
@pytest.mark.parametrize(
    "why", ["asked already", "in the class", "forgotten", "of another account", "too old"]
)
def test_no_replaced_wish_is_named_that_lost_nothing_or_is_somebody_elses(
    client, biology, join_url, physics, amara, ms_okafor, why
):
    client.post(join_url.path)
    if why == "in the class":
        MembershipFactory(classroom=biology, user=amara)
    if why == "asked already":
        ask_by_join_url(join_url, by=amara)
    if why == "forgotten":
        client.post("/join/forget/", {"next": "/"})
    if why == "of another account":
        session = client.session  # as after a sign-up whose mailed code was never typed
        session["wish"] |= {"of": ms_okafor.pk}
        session.save()
    with later(minutes=31 if why == "too old" else 1):
        client.post(physics.join_url.path)
        page = log_in(client, "amara", follow=True)

    assert "as well" not in page_text(page)
