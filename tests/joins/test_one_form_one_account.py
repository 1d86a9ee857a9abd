"""A sign-up form that is pressed twice creates one account, and the person is logged in to it."""

import re
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress, get_emailconfirmation_model
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from joins.models import JoinCode, JoinRequest
from tests.accounts.presses import before_the_answer, username_in
from tests.accounts.test_sign_up_teacher import ADA
from tests.factories import StudentFactory, TeacherFactory
from tests.hooks import page_text, pop_ups
from tests.joins.races import ROUNDS, run_together
from tests.joins.test_sign_up_with_code import GRACE
from tests.mailbox import letters

TEACHERS, STUDENTS = "/accounts/signup/teacher/", "/accounts/signup/student/"
pytestmark = [pytest.mark.django_db, pytest.mark.rule("A9")]


def form_key(browser, url):
    """The form's key on this page, opened in this browser."""
    return re.search(r'name="form_key" value="([^"]+)"', browser.get(url).content.decode())[1]


@pytest.mark.threat("T84")
def test_a_teacher_who_presses_twice_has_one_account_and_is_logged_in(client):
    typed = ADA | {"form_key": form_key(client, TEACHERS)}
    again = before_the_answer(client)

    answers = [client.post(TEACHERS, typed), again.post(TEACHERS, typed)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/")] * 2
    assert username_in(client) == username_in(again) == User.objects.get().username


@pytest.mark.rule("J10")
@pytest.mark.threat("T84")
def test_a_student_who_presses_twice_is_in_the_class_once_and_sees_the_same_page(
    client, biology, biology_code
):
    typed = GRACE | {"code": biology_code().code, "form_key": form_key(client, STUDENTS)}
    again = before_the_answer(client)

    pages = [browser.post(STUDENTS, typed, follow=True) for browser in (client, again)]

    assert [page.redirect_chain for page in pages] == [[(biology.path, 302)]] * 2
    assert [page_text(page).count("You're in Biology 9B.") for page in pages] == [1, 1]
    assert ["data-card>" in page.content.decode() for page in pages] == [True, True]
    assert username_in(client) == username_in(again) == "grace"
    assert biology.memberships.filter(user__username="grace").count() == 1


@pytest.mark.rule("J6", "J10")
def test_a_student_who_presses_twice_before_a_locked_code_asks_once_and_sees_the_same_pop_up(
    client, biology, locked_code
):
    typed = GRACE | {"code": locked_code.code, "form_key": form_key(client, STUDENTS)}
    again = before_the_answer(client)

    pages = [browser.post(STUDENTS, typed, follow=True) for browser in (client, again)]

    assert pop_ups(pages[0]) == pop_ups(pages[1])
    assert [len(pop_ups(page)) for page in pages] == [1, 1]
    assert biology.join_requests.count() == 1


@pytest.mark.rule("J6")
def test_the_wish_of_the_first_press_is_not_lost_by_the_second(client, biology, biology_code, physics):
    """The request at the Join URL is sent once, and both answers say so."""
    client.post(physics.join_url.path)
    typed = GRACE | {"code": biology_code().code, "form_key": form_key(client, STUDENTS)}
    again = before_the_answer(client)

    client.post(STUDENTS, typed)
    page = again.post(STUDENTS, typed, follow=True)

    assert len(pop_ups(page)) == 1
    assert physics.join_requests.count() == 1


@pytest.mark.rule("J11")
@pytest.mark.threat("T49")
def test_an_old_form_that_is_sent_again_uses_no_code_that_the_next_pupil_has_typed(
    client, biology_code, physics
):
    """The sign-up could only use what was wished before it."""
    typed = GRACE | {"code": biology_code().code, "form_key": form_key(client, STUDENTS)}
    client.post(STUDENTS, typed)
    client.post("/accounts/logout/")
    client.post("/join/", {"code": JoinCode.objects.get_current(physics).code})

    page = client.post(STUDENTS, typed, follow=True)

    assert page.redirect_chain == [("/join/", 302)]
    assert "Join as Grace" in page_text(page)
    assert not physics.memberships.filter(user__username="grace").exists()


@pytest.mark.threat("T49", "T84")
def test_the_key_of_a_form_alone_logs_nobody_in(client, biology_code):
    """On a shared computer, somebody could go back to the page and guess."""
    typed = GRACE | {"code": biology_code().code, "form_key": form_key(client, STUDENTS)}
    client.post(STUDENTS, typed)

    for password in ("guess words a", "guess words b"):
        stranger = Client()
        answer = stranger.post(STUDENTS, typed | {"password1": password})
        assert (answer.status_code, username_in(stranger)) == (422, None)


@pytest.mark.threat("T55")
@pytest.mark.parametrize(("guesses", "who"), [(4, "grace"), (6, None)])
def test_guessing_by_a_pressed_form_is_counted_as_at_the_log_in(client, biology_code, guesses, who):
    """Each press counts once, so somebody who mistypes is not kept out any sooner either."""
    typed = GRACE | {"code": biology_code().code, "form_key": form_key(client, STUDENTS)}
    client.post(STUDENTS, typed)

    for number in range(guesses):
        Client().post(STUDENTS, typed | {"password1": f"guess words {number}"})
    stranger = Client()
    stranger.post(STUDENTS, typed)

    assert username_in(stranger) == who


def test_who_goes_back_and_types_another_name_gets_an_account_of_their_own(client, biology_code):
    """Two pupils sign up one after the other. The second uses the browser's Back button."""
    typed = GRACE | {"code": biology_code().code, "form_key": form_key(client, STUDENTS)}
    client.post(STUDENTS, typed)

    other = Client()
    other.post(STUDENTS, typed | {"username": "noor", "first_name": "Noor"})

    assert username_in(other) == "noor"
    assert User.objects.get(username="noor").form_key is None


def test_a_key_that_is_none_stops_nobody(client):
    client.post(TEACHERS, ADA | {"form_key": "%00 or 1=1"})

    assert User.objects.get().form_key is None


@pytest.mark.threat("T53")
@pytest.mark.usefixtures("mail_server")
def test_with_a_mail_server_the_second_press_leads_to_the_same_page_and_one_account(client):
    typed = ADA | {"form_key": form_key(client, TEACHERS)}
    again = before_the_answer(client)

    answers = [client.post(TEACHERS, typed), again.post(TEACHERS, typed), client.post(TEACHERS, typed)]

    assert [answer["Location"] for answer in answers] == ["/accounts/confirm-email/"] * 3
    assert User.objects.count() == 1
    assert username_in(client) is username_in(again) is None
    assert "You already have an account" not in [letter.subject for letter in letters()]


@pytest.mark.threat("T84", "T99")
@pytest.mark.django_db(transaction=True)
def test_two_presses_of_one_form_at_once_end_in_one_account_logged_in(biology, biology_code):
    """As a student and as a teacher."""
    for number in ROUNDS:
        for url, typed in [
            (
                STUDENTS,
                GRACE
                | {"last_name": f"Tan {number}", "username": f"grace{number}", "code": biology_code().code},
            ),
            (TEACHERS, ADA | {"email": f"ada{number}@school.example"}),
        ]:
            typed |= {"form_key": uuid4()}
            browsers = [Client(), Client()]

            answers = run_together(*[lambda b=b, u=url, t=typed: b.post(u, t) for b in browsers])

            assert [answer.status_code for answer in answers] == [302, 302]
            user = User.objects.get(form_key=typed["form_key"])
            assert [username_in(browser) for browser in browsers] == [user.username] * 2


@pytest.mark.threat("T99", "T54")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_mail", [False, True])
def test_one_address_in_two_forms_at_once_is_one_account_and_the_other_is_told(request, with_mail):
    """Without a mail server the page says so. With one, the owner gets a mail."""
    if with_mail:
        request.getfixturevalue("mail_server")
    for number in ROUNDS:
        typed = ADA | {"email": f"ada{number}@school.example"}

        answers = run_together(*[lambda t=typed: Client().post(TEACHERS, t)] * 2)

        assert User.objects.filter(email=typed["email"]).count() == 1
        assert sorted(answer.status_code for answer in answers) == ([302, 302] if with_mail else [302, 422])
        if not with_mail:
            [refused] = [answer for answer in answers if answer.status_code == 422]
            assert "Log in to that account" in refused.content.decode()


@pytest.mark.threat("T99")
def test_an_address_is_one_accounts_whatever_its_letters(ms_okafor):
    """The database has a constraint for it."""
    with pytest.raises(IntegrityError, match="one_account_an_address"), transaction.atomic():
        TeacherFactory(email="OKAFOR@school.example")


@pytest.mark.threat("T85")
def test_a_fault_of_another_kind_is_not_told_as_a_taken_name(client, monkeypatch, biology_code):
    """That sentence would make people look for another username."""

    def broken(*args):
        raise IntegrityError("some other table")

    monkeypatch.setattr("joins.forms.sign_up.by_code.sign_up", broken)

    with pytest.raises(IntegrityError):
        client.post(STUDENTS, GRACE | {"code": biology_code().code})
    assert not User.objects.filter(username="grace").exists()


@pytest.mark.threat("T53", "T99")
def test_who_proves_an_address_gets_it_from_a_student_who_only_claimed_it(sign_in, ms_okafor):
    claim = StudentFactory(email="ngozi@home.example", verified=False)
    mine = EmailAddress.objects.create(user=ms_okafor, email="ngozi@home.example")

    key = get_emailconfirmation_model().create(mine).key
    sign_in(ms_okafor).post(f"/accounts/confirm-email/{key}/")

    ms_okafor.refresh_from_db()
    claim.refresh_from_db()
    assert (ms_okafor.email, claim.email) == ("ngozi@home.example", "")


@pytest.mark.rule("J7")
def test_the_second_press_is_told_of_the_wish_and_of_the_mail(client, biology, biology_code):
    """It leads to the class like the first one, and not to the Join URL, where there is nothing left to ask."""
    client.post(biology.join_url.path)
    typed = GRACE | {"email": "grace@home.example", "code": biology_code().code}
    typed["form_key"] = form_key(client, STUDENTS)
    again = before_the_answer(client)

    answers = [client.post(STUDENTS, typed), again.post(STUDENTS, typed)]

    assert [answer["Location"] for answer in answers] == [biology.path] * 2
    assert "We sent an email to grace@home.example. Open it to confirm your address." in page_text(
        again.get(biology.path)
    )
    assert not JoinRequest.objects.exists()


@pytest.mark.rule("J11")
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_with_a_code_typed_before_both_lead_to_its_class(biology, biology_code):
    """The account exists before the first press has used the Code."""
    for number in range(5):
        browser = Client()
        browser.post("/join/", {"code": biology_code().code})
        typed = ADA | {"email": f"ada{number}@school.example", "form_key": form_key(browser, TEACHERS)}
        again = before_the_answer(browser)

        answers = run_together(
            lambda b=browser, t=typed: b.post(TEACHERS, t), lambda b=again, t=typed: b.post(TEACHERS, t)
        )

        assert [answer["Location"] for answer in answers] == [biology.path] * 2
