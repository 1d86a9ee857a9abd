"""Pressing the same button twice, one press after the other or both at once, is one act with one message."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib import messages
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Notification, User
from classroom.models import Classroom, Event
from classroom.views.classes import delete_class
from joins.acts.by_code import use_code
from joins.acts.password import give_password
from joins.models import JoinCode, SignUp
from tests.factories import MembershipFactory, created_with_code_of
from tests.hooks import hooks, page_text, pop_ups
from tests.joins.races import ROUNDS, run_together

CHESS = {"name": "Chess", "kind": "group"}
pytestmark = [pytest.mark.django_db, pytest.mark.rule("J10")]


def key_on(page):
    return re.search(r'name="form_key" value="([^"]+)"', page.content.decode())[1]


def times_in_history(classroom, kind):
    return classroom.events.filter(kind=kind).count()


@pytest.mark.threat("T84")
def test_create_class_pressed_twice_creates_one_and_leads_to_it_both_times(okafors_browser):
    typed = CHESS | {"form_key": key_on(okafors_browser.get("/classes/new/"))}

    answers = [okafors_browser.post("/classes/new/", typed) for _ in range(2)]

    chess = Classroom.objects.get()
    assert [answer["Location"] for answer in answers] == [chess.path] * 2


def test_who_goes_back_and_changes_the_form_wants_another_class(sign_in, ms_okafor, mr_lind, okafors_browser):
    """So does somebody else, even with the same key."""
    typed = CHESS | {"form_key": key_on(okafors_browser.get("/classes/new/"))}
    okafors_browser.post("/classes/new/", typed)

    okafors_browser.post("/classes/new/", typed | {"name": "Go"})
    sign_in(mr_lind).post("/classes/new/", typed)

    found = Classroom.objects.order_by("pk")
    assert [(each.name, each.owner) for each in found] == [
        ("Chess", ms_okafor),
        ("Go", ms_okafor),
        ("Chess", mr_lind),
    ]


@pytest.mark.threat("T84")
@pytest.mark.django_db(transaction=True)
def test_create_class_pressed_twice_at_once_creates_one(owner):
    for _ in ROUNDS:
        key = uuid4()

        def press(key=key):
            return Classroom.objects.create_class(by=owner, form_key=key, name="Chess")

        one, other = run_together(press, press)

        assert one == other == Classroom.objects.get(form_key=key)
    assert Classroom.objects.count() == len(ROUNDS)


def test_what_is_said_twice_is_shown_once(rf, amara):
    """Two presses in one browser leave two messages. The page shows one pop-up and one line."""
    request = rf.get("/")
    request.session = {}
    request._messages = messages.storage.default_storage(request)
    for _ in range(2):
        messages.info(request, "You have asked.", extra_tags="pop-up 7")
        messages.success(request, "Saved.")

    parts = [
        render_to_string(
            page, {"messages": messages.get_messages(request), "request": request, "user": amara}
        )
        for page in ("_pop_up.html", "_flash.html")
    ]

    assert [page.count("You have asked.") for page in parts] == [1, 0]
    assert [page.count("Saved.") for page in parts] == [0, 1]


def test_what_the_browser_threw_away_is_said_again(biology, amaras_browser):
    """The second press leaves while the page with the first message is on its way, so the browser drops that page."""
    amaras_browser.post(biology.join_url.path)
    before_that_page = amaras_browser.cookies["messages"].value
    amaras_browser.get("/")
    amaras_browser.cookies["messages"] = before_that_page

    answer = amaras_browser.post(biology.join_url.path)

    assert answer.cookies["messages"].value
    assert len(pop_ups(amaras_browser.get("/"))) == 1


@pytest.mark.threat("T79")
@pytest.mark.django_db(transaction=True)
def test_one_form_pressed_twice_at_once_resets_once_and_both_answers_show_the_new_code(
    fresh_class, owner, sign_in
):
    for _ in range(5):
        classroom, code = fresh_class()
        browsers = [sign_in(owner), sign_in(owner)]

        def press(browser, classroom=classroom, code=code):
            return browser.post(f"{classroom.path}code/reset/", {"join_code": code.pk}, follow=True)

        pages = run_together(*[lambda b=browser: press(b) for browser in browsers])

        assert [page.status_code for page in pages] == [200, 200]
        assert [hooks(page, "data-code") for page in pages] == [
            [JoinCode.objects.get_current(classroom).code]
        ] * 2
        assert ["The Code is reset." in page_text(page) for page in pages] == [True, True]
        assert classroom.join_codes.count() == 2


@pytest.mark.threat("T30")
@pytest.mark.django_db(transaction=True)
def test_one_form_pressed_twice_at_once_reports_one_leak(fresh_class, owner, sign_in, amara):
    for _ in range(5):
        classroom, code = fresh_class()
        use_code(code.code, by=amara)
        browsers = [sign_in(owner), sign_in(owner)]

        def press(browser, classroom=classroom, code=code):
            everyone = {"who": "everyone", "counted": "everyone:", "seen": classroom.events.last().pk}
            return browser.post(
                f"{classroom.path}code/leaked/", {"join_code": code.pk} | everyone, follow=True
            )

        pages = run_together(*[lambda b=browser: press(b) for browser in browsers])

        assert [page.status_code for page in pages] == [200, 200]
        assert ["Moved to the queue: 1." in page_text(page) for page in pages] == [True, True]
        assert (classroom.join_codes.count(), classroom.join_requests.count()) == (2, 1)


@pytest.mark.threat("T15")
def test_a_one_time_password_given_twice_is_one_password_and_one_round_of_notices(
    sign_in, ms_okafor, biology, amara
):
    """The second answer is the one that people see, and it shows the password that works."""
    created_with_code_of(biology, amara)
    MembershipFactory(classroom=biology, user=amara)
    browser, page = sign_in(ms_okafor), f"{biology.path}members/amara/password/"
    typed = {"form_key": key_on(browser.get(page))}

    passwords = [hooks(browser.post(page, typed), "data-one-time") for _ in range(2)]

    amara.refresh_from_db()
    assert passwords[0] == passwords[1]
    assert amara.check_password(passwords[0][0])
    assert times_in_history(biology, Event.Kind.GIVE_PASSWORD) == 1
    assert Notification.objects.filter(user=amara).count() == 1


@pytest.mark.threat("T15")
def test_the_page_of_a_one_time_password_sent_again_later_gives_another_one(
    sign_in, ms_okafor, biology, amara
):
    """It is only shown once. Half a minute is the longest double click on a slow line."""
    created_with_code_of(biology, amara)
    MembershipFactory(classroom=biology, user=amara)
    key = uuid4()
    first = give_password(biology, amara, by=ms_okafor, form_key=key)
    User.objects.filter(pk=amara.pk).update(one_time_until=timezone.now() + timedelta(hours=23, minutes=59))

    second = give_password(biology, amara, by=ms_okafor, form_key=key)

    assert first != second


@pytest.mark.threat("T15")
@pytest.mark.django_db(transaction=True)
def test_a_one_time_password_given_twice_at_once_is_one(fresh_class, owner, amara):
    for _ in range(5):
        classroom, _code = fresh_class()
        SignUp.objects.filter(user=amara).delete()
        created_with_code_of(classroom, amara)
        MembershipFactory(classroom=classroom, user=amara)
        key = uuid4()

        def press(classroom=classroom, key=key):
            return give_password(classroom, amara, by=owner, form_key=key)

        one, other = run_together(press, press)

        assert one == other
        assert times_in_history(classroom, Event.Kind.GIVE_PASSWORD) == 1


def test_delete_pressed_twice_at_once_says_so_both_times(rf, ms_okafor, biology, url, okafors_browser):
    """The second press has read its session by then, and doesn't find the class any more."""
    request = rf.post(url("delete/"), {"name": biology.name})
    request.user, request.session = ms_okafor, okafors_browser.session
    request.session.keys()  # reads it
    request._messages = messages.storage.default_storage(request)
    okafors_browser.post(url("delete/"), {"name": biology.name})

    answer = delete_class(request, biology.public_id)

    assert answer["Location"] == "/"
    assert [page_text.message for page_text in request._messages] == ["Biology 9B has been deleted."]
