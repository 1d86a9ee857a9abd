"""A manager gives a student a one-time password, and everybody concerned knows."""

import re

import pytest
from django.contrib.auth import get_user

from accounts.models import User
from tests.factories import PASSWORD
from tests.hooks import alerts, hooks, page_text
from tests.log_in import log_in_elsewhere
from tests.notifications import notification_texts

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T15")]


@pytest.fixture
def page(biology):
    return f"{biology.path}members/amara/password/"


@pytest.fixture
def give(sign_in, ms_okafor, page):
    return lambda by=ms_okafor: sign_in(by).post(page)


@pytest.fixture
def given(give, amara_signed_up):
    """The one-time password that Ms Okafor has given Amara."""
    return hooks(give(), "data-one-time")[0]


def test_it_is_taken_however_a_child_types_it_from_the_paper(given):
    """It consists of small letters and digits, so capitals, spaces and hyphens don't matter."""
    for typed in (
        given.upper(),
        f" {given.capitalize()} ",
        f"{given[:4]}-{given[4:]}",
        f"{given[:4]} {given[4:]}",
    ):
        assert get_user(log_in_elsewhere("amara", typed)).is_authenticated


def test_what_is_typed_of_an_own_password_is_never_folded(amara):
    """Only a one-time password is read so tolerantly."""
    assert not get_user(log_in_elsewhere("amara", PASSWORD.upper())).is_authenticated
    assert not get_user(log_in_elsewhere("amara", f"{PASSWORD} ")).is_authenticated


def test_the_given_one_in_capitals_is_no_password_of_ones_own(given):
    browser = log_in_elsewhere("amara", given)
    new = {"oldpassword": given, "password1": given.upper(), "password2": given.upper()}

    assert "This is your one-time password" in page_text(browser.post("/accounts/password/change/", new))


def test_it_is_shown_this_once_and_opens_the_account(give, amara_signed_up):
    answer = give()
    [password] = hooks(answer, "data-one-time")

    assert get_user(log_in_elsewhere("amara", password)).username == "amara"
    assert "no-store" in answer["Cache-Control"]


def seen_on(page):
    return re.findall(r'name="given" value="(\d+)"', page.content.decode())


@pytest.mark.rule("Q3", "J10")
def test_a_page_from_before_a_colleague_gave_one_asks_again(
    sign_in, page, ms_okafor, mr_lind, amara, amara_signed_up
):
    """Otherwise the paper that Amara holds, or the password that she has chosen since, no longer works."""
    browser = sign_in(ms_okafor)
    [seen] = seen_on(browser.get(page))
    [first] = hooks(sign_in(mr_lind).post(page, {"given": seen}), "data-one-time")

    answer = browser.post(page, {"given": seen})

    assert (answer.status_code, hooks(answer, "data-one-time")) == (409, [])
    [sentence] = alerts(answer)
    assert sentence.startswith("Jonas Lind gave Amara Toure a one-time password")
    amara.refresh_from_db()
    assert amara.check_password(first)
    [seen] = seen_on(answer)
    assert hooks(browser.post(page, {"given": seen}), "data-one-time")


@pytest.mark.threat("T26")
def test_it_is_kept_nowhere_in_clear(page, amara_signed_up, caplog, okafors_browser):
    """No session, message, notification, history, cookie or log line has it."""
    answer = okafors_browser.post(page)
    [password] = hooks(answer, "data-one-time")

    later = [
        okafors_browser.get(address).content.decode()
        for address in (page, "/notifications/", f"{page}../../../history/")
    ]
    assert password not in "".join(
        [*later, caplog.text, str(okafors_browser.session.items()), str(answer.cookies)]
    )
    assert password not in str([list(User.objects.values()), list(amara_signed_up.classroom.events.values())])


@pytest.mark.threat("T60")
def test_every_session_of_the_student_is_over(give, amara_signed_up, amaras_browser):
    give()

    assert not get_user(amaras_browser).is_authenticated


def test_a_second_one_ends_the_first(give, given):
    [second] = hooks(give(), "data-one-time")

    assert get_user(log_in_elsewhere("amara", second)).is_authenticated
    assert not get_user(log_in_elsewhere("amara", given)).is_authenticated


def test_the_student_the_other_managers_and_the_history_know(
    give, biology, amara_signed_up, amara, mr_lind, ms_okafor
):
    give()

    assert notification_texts(amara) == [
        "Ngozi Okafor of Biology 9B has given you a one-time password. You were logged out everywhere."
    ]
    assert notification_texts(mr_lind) == [
        "Amara Toure has been given a one-time password in Biology 9B. The history shows who did it."
    ]
    assert notification_texts(ms_okafor) == []
    act = biology.events.latest("pk")
    assert (act.kind, act.by, act.user) == ("give_password", ms_okafor, amara)
