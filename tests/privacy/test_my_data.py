"""People can download what is stored about them and delete their account. Both need the password."""

import json

import pytest

from accounts import deletion_list
from accounts.models import FormSubmission, User
from privacy.tasks import forget
from tests.accounts.presses import ROUNDS, Page, before_the_answer, just_logged_in
from tests.clock import time_passes
from tests.factories import PASSWORD, StudentFactory
from tests.joins.races import run_together

DOWNLOAD, DELETE = "/accounts/data/download/", "/accounts/data/delete/"
AGAIN = "/accounts/reauthenticate/"
pytestmark = [pytest.mark.django_db, pytest.mark.threat("T93")]


@pytest.fixture
def password_just_typed(sign_in):
    """password_just_typed(amara) -> a browser in which she has just typed her password."""

    def browser_of(user):
        browser = sign_in(user)
        browser.post(AGAIN, {"password": PASSWORD})
        return browser

    return browser_of


def test_the_profile_leads_there(sign_in, amara):
    assert "/accounts/data/" in sign_in(amara).get("/accounts/profile/").content.decode()
    assert DOWNLOAD in sign_in(amara).get("/accounts/data/").content.decode()


@pytest.mark.threat("T72")
def test_the_download_is_a_file_that_no_cache_keeps(password_just_typed, amara):
    answer = password_just_typed(amara).post(DOWNLOAD)

    assert json.loads(answer.content)["account"]["username"] == "amara"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.rule("J5")
def test_after_the_password_a_page_waits_for_the_press(amaras_browser):
    """If the file came at once, the password page would stay open as if nothing had happened."""
    assert amaras_browser.get(DOWNLOAD).url.split("?")[0] == AGAIN

    answer = amaras_browser.post(AGAIN + f"?next={DOWNLOAD}", {"password": PASSWORD}, follow=True)

    assert answer.redirect_chain == [(DOWNLOAD, 302)]
    assert "Content-Disposition" not in answer
    assert "Download the file" in answer.content.decode()


@pytest.mark.threat("T62")
def test_who_sits_down_at_an_open_page_gets_neither(amaras_browser):
    """After the password, what was requested continues."""
    for path in (DOWNLOAD, DELETE):
        answer = amaras_browser.post(path, {"username": "amara"})
        assert (answer.status_code, answer.url.split("?")[0]) == (302, AGAIN)
    assert User.objects.filter(username="amara").exists()

    amaras_browser.post(AGAIN + f"?next={DELETE}", {"password": PASSWORD})
    assert not User.objects.filter(username="amara").exists()


@pytest.mark.rule("J5")
@pytest.mark.threat("T60")
def test_a_press_that_was_left_behind_is_forgotten_once_its_page_is_opened_again(amaras_browser):
    """She thought better of it, or somebody pressed at her open browser. Later she only looks at the page."""
    amaras_browser.post(DELETE, {"username": "amara"})

    assert amaras_browser.get(DELETE).url.split("?")[0] == AGAIN
    answer = amaras_browser.post(AGAIN + f"?next={DELETE}", {"password": PASSWORD}, follow=True)

    assert (answer.redirect_chain, answer.status_code) == ([(DELETE, 302)], 200)
    assert User.objects.filter(username="amara").exists()


@pytest.mark.rule("J5")
def test_looking_at_it_deletes_nothing_nor_does_another_username(password_just_typed, amara, leo):
    browser = password_just_typed(amara)

    assert "amara" in browser.get(DELETE).content.decode()
    assert browser.post(DELETE, {"username": "leo"}).status_code == 422
    assert browser.post(DELETE).status_code == 422
    assert not deletion_list.marks_of_erased()


def test_the_username_typed_the_account_is_gone_and_the_person_told(password_just_typed, amara):
    browser = password_just_typed(amara)

    page = browser.post(DELETE, {"username": " Amara"}, follow=True)

    assert page.redirect_chain == [("/", 302)]
    assert "Your account is deleted" in page.content.decode()
    assert "_auth_user_id" not in browser.session
    assert deletion_list.marks_of_erased().keys() == {amara.pk}


@pytest.mark.rule("J10")
@pytest.mark.parametrize("first_answer", ["has come", "is on its way"])
def test_the_second_press_is_told_that_it_is_deleted(amara, first_answer):
    """The log-in page would be no use, because nobody can log in to that account."""
    page = Page(just_logged_in(amara), DELETE, username="amara")
    again = before_the_answer(page.browser)

    answers = [page.press(), page.press(again if first_answer == "is on its way" else None)]

    assert [answer["Location"] for answer in answers] == ["/", "/"]
    browser = again if first_answer == "is on its way" else page.browser
    assert "Your account is deleted" in browser.get("/").content.decode()
    assert len(deletion_list.marks_of_erased()[amara.pk]) == 1


@pytest.mark.rule("J10")
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_delete_it_once():
    for _ in ROUNDS:
        student = StudentFactory(username="amara")
        page = Page(just_logged_in(student), DELETE, username="amara")
        again = before_the_answer(page.browser)

        answers = run_together(page.press, lambda p=page, b=again: p.press(b))

        assert "/" in [answer["Location"] for answer in answers], answers
        assert [answer.status_code for answer in answers] == [302, 302]
        assert len(deletion_list.marks_of_erased()[student.pk]) == 1


def test_nothing_is_kept_for_a_second_press_of_who_is_gone(amara):
    """What helps to answer the second press is deleted within the hour."""
    browser = just_logged_in(amara)
    Page(browser, "/accounts/email/", email="amara@home.example", action_add="").press()
    assert "amara@home.example" in str(list(FormSubmission.objects.values()))

    Page(browser, DELETE, username="amara").press()
    time_passes(hours=1)
    forget()

    assert "amara@home.example" not in str(list(FormSubmission.objects.values()))


@pytest.mark.threat("T62")
def test_the_browser_keeps_nothing_of_it(password_just_typed, amara):
    answer = password_just_typed(amara).post(DELETE, {"username": "amara"})

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.threat("T16")
def test_an_owner_is_told_what_to_hand_over(password_just_typed, biology, ms_okafor):
    browser = password_just_typed(ms_okafor)

    page = browser.get(DELETE).content.decode()
    assert biology.path in page
    assert "<button" not in page.split("panel--grave")[1].split("</main>")[0]
    answer = browser.post(DELETE, {"username": "okafor@school.example"})
    assert answer.status_code == 409
    assert "Biology 9B" in answer.content.decode()
