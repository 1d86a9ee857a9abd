"""Teachers who sign up choose no username. The one that we draw for them means nothing, so it's shown nowhere."""

import re

import pytest

from accounts.models import Notification, User
from accounts.names import draw_username
from accounts.tasks import deliver_digests
from classroom.models import Classroom, KeptOut
from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from tests.accounts.presses import just_logged_in
from tests.addresses import VISITORS
from tests.clock import time_passes
from tests.factories import MembershipFactory, TeacherFactory
from tests.hooks import page_text
from tests.mailbox import letters
from tests.test_admin import LISTED, list_of

pytestmark = pytest.mark.engine_free


def new_teacher(last_name):
    return TeacherFactory(username=draw_username(), last_name=last_name)


@pytest.fixture
def school(everywhere, biology, ms_okafor, mr_lind, mr_brandt):
    """Teachers without a username of their own: a manager, members, and some who wait, are blocked or were let in."""
    for teacher in (ms_okafor, mr_lind, mr_brandt):
        User.objects.filter(pk=teacher.pk).update(username=draw_username())
        teacher.refresh_from_db()
    member = new_teacher("Moor")
    MembershipFactory(classroom=biology, user=member)
    ask_by_join_url(biology.join_url, new_teacher("Moor"))  # looks like the member
    KeptOut.objects.create(classroom=biology, user=new_teacher("Blocked"), by=mr_lind)
    for decision in ("approve", "deny"):
        join_request = ask_by_join_url(biology.join_url, new_teacher(decision.title()))
        queue.decide(biology, [join_request.pk], decision, by=ms_okafor)
    pages = [f"members/{member.username}/remove/", "members/?q=moor", "members/?q=teacher", "members/print/"]
    return everywhere + [biology.path + page for page in pages]


@pytest.mark.rule("A6")
@pytest.mark.parametrize("visitor", VISITORS)
def test_no_page_shows_one(school, browser_of, visitor):
    browser = browser_of(visitor)

    pages = {path: page_text(browser.get(path)) for path in school}

    assert [path for path, text in pages.items() if "teacher-" in text] == []


@pytest.mark.parametrize("path", ["/accounts/profile/", "/accounts/data/delete/", "/join/"])
def test_nor_a_page_about_oneself(school, mr_lind, path):
    text = page_text(just_logged_in(mr_lind).get(path))

    assert mr_lind.full_name in text or mr_lind.email in text
    assert "teacher-" not in text


def test_nor_a_form_that_comes_back_after_another_log_in(school, biology, ms_okafor):
    browser = just_logged_in(ms_okafor)

    answer = browser.post(f"{biology.path}note/", {"note": "Hello"}, headers={"origin": "http://testserver"})

    assert "You're logged in as Ngozi Okafor now." in page_text(answer)


def test_nor_a_mail(school, client, ms_okafor):
    client.post("/accounts/password/reset/", {"email": ms_okafor.email})
    time_passes(minutes=16)
    deliver_digests()

    texts = [f"{mail.subject} {mail.body}" for mail in letters()]
    assert [text for text in texts if f"for the account {ms_okafor.email}" in text] != []
    assert [text for text in texts if "teacher-" in text] == []
    assert not any("teacher-" in str(one.facts) for one in Notification.objects.all())


def test_nor_a_list_of_the_administration(school, operators_browser):
    """Behind a name stands the address with which a teacher logs in. In these tests it begins like the username."""
    lists = {model: page_text(operators_browser.get(list_of(model))) for model in LISTED}

    assert [model for model, text in lists.items() if re.search(r"teacher-\w+\b(?!@)", text)] == []
    assert "Ngozi Okafor" in lists[Classroom]


def test_nor_the_list_of_a_class(school, biology, ms_okafor):
    usernames = {username for _, _, username in biology.export_roster(by=ms_okafor)}

    assert usernames == {"", "amara"}


def test_a_username_that_a_person_has_chosen_is_shown(amara, ms_okafor):
    amara.username = draw_username()

    assert amara.shown_username == amara.username
    assert ms_okafor.shown_username == "okafor"
