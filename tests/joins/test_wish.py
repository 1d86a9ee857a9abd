"""What people want to join is kept through log-in, sign-up and email verification, and no longer."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone

from joins.models import JoinRequest
from tests.accounts.test_sign_up_teacher import ADA
from tests.hooks import alerts, hooks, page_text, pop_ups
from tests.joins.test_whose_wish import STUDENT, TEACHER, asked_by
from tests.log_in import log_in
from tests.mailbox import code_in_the_mail

SENTENCE = "You have asked to join Biology 9B. Ngozi Okafor or a co-teacher has to approve it."
pytestmark = [pytest.mark.django_db, pytest.mark.rule("J7"), pytest.mark.engine_free]


@pytest.mark.rule("J6")
def test_the_press_leads_to_the_log_in_page(asked_at_join_url):
    assert (asked_at_join_url.status_code, asked_at_join_url["Location"]) == (302, "/accounts/login/")
    assert asked_by() == []


@pytest.mark.rule("J6")
def test_logging_in_makes_the_request_and_shows_the_pop_up_once(client, asked_at_join_url, amara):
    page = log_in(client, "amara", follow=True)

    assert asked_by() == [("amara", "join-url", "pending")]
    assert pop_ups(page) == [SENTENCE]
    assert pop_ups(client.get("/")) == []


@pytest.mark.fault("F27")
def test_it_is_read_with_a_field_that_only_the_next_release_knows(client, asked_at_join_url, amara):
    session = client.session
    session["wish"] |= {"wished_on_paper": True}
    session.save()

    log_in(client, "amara")

    assert asked_by() == [("amara", "join-url", "pending")]


@pytest.mark.rule("J6")
def test_it_is_kept_while_the_person_looks_around(client, asked_at_join_url, amara, join_url):
    """Even if they mistype their password on the way."""
    for path in ("/", "/join/", join_url.path, STUDENT, TEACHER, "/accounts/login/"):
        client.get(path)
    log_in(client, "amara", "wrong")

    assert pop_ups(log_in(client, "amara", follow=True)) == [SENTENCE]


@pytest.mark.rule("J6")
def test_a_teacher_signs_up_and_the_request_is_made(client, asked_at_join_url):
    page = client.post(TEACHER, ADA, follow=True)

    assert [status for *_, status in asked_by()] == ["pending"]
    assert pop_ups(page) == [SENTENCE]


@pytest.mark.rule("J6", "A2")
def test_it_is_kept_through_the_verification_of_the_address(client, asked_at_join_url, mail_server):
    """Nobody asks to join before the code from the mail has been typed."""
    client.post(TEACHER, ADA, follow=True)
    client.get("/")
    assert (asked_by(), get_user(client).is_authenticated) == ([], False)

    page = client.post("/accounts/confirm-email/", {"code": code_in_the_mail()}, follow=True)

    assert JoinRequest.objects.get().user.email == "ada@school.example"
    assert pop_ups(page) == [SENTENCE]


@pytest.mark.rule("J8")
def test_who_is_a_member_is_taken_to_the_class_with_a_short_notice(
    client, asked_at_join_url, biology, ms_okafor
):
    page = log_in(client, "okafor", follow=True)

    assert page.redirect_chain == [(biology.path, 302)]
    assert "You're in Biology 9B." in page_text(page)
    assert asked_by() == []


@pytest.mark.rule("J6")
def test_it_is_done_once_and_not_again_at_the_next_log_in(client, asked_at_join_url, amara):
    log_in(client, "amara", follow=True)
    assert "wish" not in client.session
    JoinRequest.objects.get().withdraw()
    client.post("/accounts/logout/")

    assert pop_ups(log_in(client, "amara", follow=True)) == []
    assert asked_by() == [("amara", "join-url", "withdrawn")]


@pytest.mark.threat("T49")
def test_another_browser_knows_nothing_of_it(asked_at_join_url, amara):
    log_in(Client(), "amara")

    assert asked_by() == []


@pytest.mark.threat("T49")
@pytest.mark.parametrize(("minutes", "asked"), [(29, 1), (31, 0)])
def test_it_is_kept_for_half_an_hour(client, asked_at_join_url, amara, minutes, asked):
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        page = log_in(client, "amara", follow=True)

    assert len(asked_by()) == len(pop_ups(page)) == asked


@pytest.mark.rule("C4")
def test_a_refusal_is_told_after_the_log_in(client, asked_at_join_url, biology, amara, ms_okafor):
    biology.archive(by=ms_okafor)

    assert "Biology 9B is archived" in log_in(client, "amara", follow=True).content.decode()
    assert hooks(client.get("/"), "data-pending") == []


@pytest.mark.rule("C4", "J6")
@pytest.mark.parametrize("path", ["login/", "signup/student/", "signup/teacher/"])
def test_nothing_is_promised_while_the_class_is_archived(client, asked_at_join_url, biology, ms_okafor, path):
    biology.archive(by=ms_okafor)
    assert "Biology 9B is archived, so nobody can join it." in page_text(client.get(f"/accounts/{path}"))
    assert "send your request" not in page_text(client.get(f"/accounts/{path}"))

    biology.restore(by=ms_okafor)
    assert "send your request" in page_text(client.get(f"/accounts/{path}"))


@pytest.mark.rule("J6")
def test_a_class_that_is_deleted_meanwhile_stops_nobody_from_logging_in(
    client, asked_at_join_url, biology, amara, ms_okafor
):
    """The page has promised to send the request, so it says that it hasn't."""
    biology.delete_class(by=ms_okafor)

    page = log_in(client, "amara", follow=True)
    assert page.status_code == 200
    assert get_user(client) == amara
    assert alerts(page) == [
        "The class that you wanted to ask to join has been deleted, so we haven't sent a request. Talk to its teacher."
    ]


@pytest.mark.rule("J6")
@pytest.mark.parametrize("minutes", [0, 31])
@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/signup/", TEACHER, STUDENT])
def test_the_pages_on_the_way_in_say_that_the_class_is_gone(
    client, asked_at_join_url, biology, ms_okafor, page, minutes
):
    biology.delete_class(by=ms_okafor)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        answer = page_text(client.get(page))

    assert (
        "The class that you wanted to ask to join has been deleted. Talk to its teacher. Not you?" in answer
    )
    assert "You typed a Code" not in answer
