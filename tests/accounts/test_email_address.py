"""Each address belongs to one person. A new one counts once its owner has verified it."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from accounts.models import User
from privacy.models.person import Person
from tests.accounts.presses import Page
from tests.accounts.test_sign_up_teacher import ADA
from tests.accounts.test_sign_up_teacher import URL as SIGN_UP
from tests.factories import PASSWORD, StudentFactory
from tests.hooks import alerts, page_text
from tests.joins.races import ROUNDS, run_together
from tests.mailbox import code_in_the_mail, letters

URL = "/accounts/email/"
CONFIRM = "/accounts/confirm-email/"
TAKEN = "Another account has this email address. Log in to that account, or use another address."
pytestmark = [pytest.mark.django_db, pytest.mark.rule("A2", "A4"), pytest.mark.threat("T53")]


def change(browser, **fields):
    """Press the button, then type the password once more."""
    browser.post(URL, fields)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": URL})


def test_a_new_address_counts_after_the_code(okafors_browser, mail_server, ms_okafor):
    change(okafors_browser, email="ngozi@home.example", action_add="")
    ms_okafor.refresh_from_db()
    assert ms_okafor.email == "okafor@school.example"

    okafors_browser.post("/accounts/confirm-email/", {"code": code_in_the_mail()})

    ms_okafor.refresh_from_db()
    assert ms_okafor.email == "ngozi@home.example"
    assert [address.email for address in EmailAddress.objects.all()] == ["ngozi@home.example"]


def test_who_comes_back_with_the_code_finds_where_to_type_it(okafors_browser, mail_server):
    change(okafors_browser, email="ngozi@home.example", action_add="")
    page = okafors_browser.get(URL)
    assert "We sent an email with a code to ngozi@home.example. Type the code" in page_text(page)
    assert f'href="{CONFIRM}"' in page.content.decode()

    okafors_browser.post(CONFIRM, {"code": code_in_the_mail()})

    assert "Type the code" not in page_text(okafors_browser.get(URL))


@pytest.mark.parametrize("late", [False, True])
def test_when_no_code_works_any_more_the_old_address_stays_and_the_page_says_why(
    okafors_browser, mail_server, ms_okafor, late
):
    change(okafors_browser, email="ngozi@home.example", action_add="")

    with time_machine.travel(timezone.now() + timedelta(hours=25 if late else 0)):
        if late:
            okafors_browser.force_login(ms_okafor)
        for code in ["AAAA-AAAA", "BBBB-BBBB", "CCCC-CCCC"][2 * late :]:
            page = okafors_browser.post("/accounts/confirm-email/", {"code": code}, follow=True)

    why = (
        "The code in the email is too old, because it works for one day." if late else "Too many wrong codes."
    )
    again = "Your address is still the old one. Type the new one again, and we'll send you a new code."
    assert page.redirect_chain == [(URL, 302)]
    assert alerts(page) == [f"{why} {again}"]


@pytest.mark.threat("T37")
def test_without_a_mail_server_it_counts_after_the_button_of_the_link(okafors_browser, ms_okafor):
    change(okafors_browser, email="ngozi@home.example", action_add="")
    link = re.search(r"http://localhost:8000(/\S+)", letters()[0].body)[1]

    page = okafors_browser.get(link)
    ms_okafor.refresh_from_db()
    assert ms_okafor.email == "okafor@school.example"
    assert "Confirm my address" in page.content.decode()

    okafors_browser.post(link)
    ms_okafor.refresh_from_db()
    assert ms_okafor.email == "ngozi@home.example"


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("nonsense", "That isn't an email address. Check it."),
        ("okafor@school.example", "That's already your address."),
        (f"{'a' * 60}@{'b.' * 100}example", "This address is too long."),
    ],
)
def test_what_is_no_address_is_refused(okafors_browser, email, sentence):
    answer = okafors_browser.post(URL, {"email": email, "action_add": ""})

    assert answer.status_code == 422
    assert escape(sentence) in answer.content.decode()


def test_whoever_sits_at_an_open_session_has_to_type_the_password_first(okafors_browser):
    answer = okafors_browser.post(URL, {"email": "thief@evil.example", "action_add": ""})

    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert okafors_browser.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code == 422
    assert letters() == []


def test_a_student_can_take_the_address_out_a_teacher_cannot(sign_in, okafors_browser, ms_okafor):
    change(okafors_browser, email="okafor@school.example", action_remove="")
    ms_okafor.refresh_from_db()
    assert ms_okafor.email == "okafor@school.example"

    grace = StudentFactory(email="grace@home.example")
    change(sign_in(grace), email="grace@home.example", action_remove="")
    grace.refresh_from_db()
    assert grace.email == ""


@pytest.mark.parametrize("address", ["okafor@school.example", "free@home.example"])
def test_allauths_button_that_our_page_lacks_makes_no_unproved_address_count(
    amaras_browser, amara, ms_okafor, address
):
    """It answered 500 if another account has the address, and so told whether one has (T54)."""
    change(amaras_browser, email=address, action_add="")

    answer = amaras_browser.post(URL, {"email": address, "action_primary": ""})

    amara.refresh_from_db()
    assert (answer.status_code, answer["Location"], amara.email) == (302, URL, "")


@pytest.mark.threat("T35")
def test_one_account_sends_few_codes_a_day_whatever_addresses_are_typed(amaras_browser, mail_server):
    now = timezone.now()
    for minute in range(3):
        with time_machine.travel(now + timedelta(minutes=2 * minute)):
            for n in range(10):
                change(amaras_browser, email=f"{minute}-{n}@elsewhere.example", action_add="")

    refused = amaras_browser.post(URL, {"email": "another@elsewhere.example", "action_add": ""})
    assert refused.status_code == 429
    assert 10 < len(letters()) <= 20


def wants(browser, address):
    """Ask for a code for this address. Returns the press that types it, which returns the page that it leads to."""
    change(browser, email=address, action_add="")
    code = code_in_the_mail()
    return lambda: browser.post(CONFIRM, {"code": code}, follow=True)


@pytest.mark.postgres
@pytest.mark.threat("T99")
@pytest.mark.django_db(transaction=True)
def test_two_who_prove_one_address_at_once_are_one_account_and_the_other_is_told(sign_in, mail_server):
    for number in ROUNDS:
        address = f"ours{number}@home.example"
        people = [StudentFactory(), StudentFactory()]

        pages = run_together(*[wants(sign_in(person), address) for person in people])

        assert User.objects.filter(email=address, emailaddress__verified=True).count() == 1
        assert sorted(map(alerts, pages)) == [[], [TAKEN]]


@pytest.mark.postgres
@pytest.mark.threat("T99")
@pytest.mark.django_db(transaction=True)
def test_an_address_that_is_proved_while_somebody_signs_up_with_it_is_one_accounts(sign_in, mail_server):
    for number in ROUNDS:
        person, address = StudentFactory(), f"ours{number}@home.example"
        form = ADA | {"email": address}

        page, _ = run_together(
            wants(sign_in(person), address), lambda form=form: Client().post(SIGN_UP, form)
        )

        assert alerts(page) == ([] if User.objects.get(email=address) == person else [TAKEN])


def test_an_address_stays_while_a_new_one_waits_and_the_page_says_so_before_the_press(logged_in, amara):
    """If it went first, the new one would stand in its place, which nobody has proved."""
    amara.emailaddress_set.create(email="amara@school.example", verified=True, primary=True)
    browser = logged_in(amara)
    old = Page(browser, URL, email="amara@school.example", action_remove="")
    Page(browser, URL, email="amara@home.example", action_add="").press()

    page = browser.get(URL)
    assert "Remove my address" not in page.content.decode()
    assert "To remove amara@school.example, first remove or confirm amara@home.example." in page_text(page)
    old.press()  # in another tab

    assert alerts(browser.get(URL)) == [
        "To remove amara@school.example, first remove or confirm the new address."
    ]
    assert amara.emailaddress_set.filter(verified=True).exists()
    Page(browser, URL, email="amara@home.example", action_remove="").press()
    assert "Remove my address" in browser.get(URL).content.decode()
    Page(browser, URL, email="amara@school.example", action_remove="").press()
    assert not amara.emailaddress_set.exists()


def test_a_teacher_removes_a_new_address_that_waits_and_never_the_other(logged_in, ms_okafor):
    browser = logged_in(ms_okafor)
    Page(browser, URL, email="okafor@home.example", action_add="").press()
    assert "Remove this address" in browser.get(URL).content.decode()

    Page(browser, URL, email="okafor@home.example", action_remove="").press()
    assert list(ms_okafor.emailaddress_set.values_list("email", flat=True)) == ["okafor@school.example"]

    Page(browser, URL, email="okafor@school.example", action_remove="").press()
    assert "A teacher's account needs an email address." in alerts(browser.get(URL))[0]


@pytest.mark.postgres
@pytest.mark.threat("T93")
@pytest.mark.django_db(transaction=True)
def test_an_address_that_is_changed_while_its_account_is_erased_breaks_neither_off(logged_in, mail_server):
    """The answer is the address, or that the account is gone; nothing is left of it."""
    for number in ROUNDS:
        person = StudentFactory(email=f"old{number}@home.example")
        page = Page(logged_in(person), URL, email=f"new{number}@home.example", action_add="")
        page.browser.raise_request_exception = False

        answer, is_erased = run_together(page.press, Person.objects.get(pk=person.pk).erase)

        assert (answer.status_code in (302, 400), is_erased) == (True, True)


@pytest.mark.rule("J10")
@pytest.mark.parametrize("press", ["action_send", "action_remove"])
def test_a_press_about_an_address_that_has_gone_since_says_so(logged_in, amara, press):
    """In another tab, Amara has typed another address."""
    browser = logged_in(amara)
    Page(browser, URL, email="amara@home.example", action_add="").press()
    old = Page(browser, URL, email="amara@home.example", **{press: ""})
    Page(browser, URL, email="amara@school.example", action_add="").press()

    page = browser.get(old.press()["Location"])

    assert alerts(page) == ["amara@home.example isn't here any more, so your press changed nothing."]
    assert list(amara.emailaddress_set.values_list("email", flat=True)) == ["amara@school.example"]


@pytest.mark.rule("J10")
def test_an_address_that_was_removed_can_be_added_again_at_once(logged_in, amara):
    """It's no second press, although the same is sent within half a minute."""
    browser = logged_in(amara)
    for press in ("action_add", "action_remove", "action_add"):
        Page(browser, URL, email="amara@home.example", **{press: ""}).press()

    assert amara.emailaddress_set.get().email == "amara@home.example"


@pytest.mark.rule("J10")
def test_an_address_that_another_one_replaced_can_be_added_again_at_once(logged_in, amara):
    browser = logged_in(amara)
    for name in ("home", "school", "home"):
        Page(browser, URL, email=f"amara@{name}.example", action_add="").press()

    assert amara.emailaddress_set.get().email == "amara@home.example"


@pytest.mark.rule("J10")
def test_the_code_of_an_address_that_another_one_replaced_comes_again(logged_in, amara, mail_server):
    browser = logged_in(amara)
    for name in ("home", "school", "home"):
        answer = Page(browser, URL, email=f"amara@{name}.example", action_add="").press()

    assert "amara@home.example" in page_text(browser.get(answer["Location"]))
    Page(browser, CONFIRM, code=code_in_the_mail()).press()
    assert amara.emailaddress_set.get().email == "amara@home.example"


@pytest.mark.rule("J10")
def test_the_second_press_of_add_removes_no_address(logged_in, amara):
    """Without scripts, "Remove my address" comes on a phone where the button to add one was."""
    amara.emailaddress_set.create(email="amara@school.example", verified=True, primary=True)
    browser = logged_in(amara)
    Page(browser, URL, email="amara@home.example", action_add="").press()
    page = browser.get(URL).content.decode()
    drawn = re.search(r'name="drawn" value="(\d+)"', page)[1]
    amara.emailaddress_set.filter(verified=False).delete()
    remove = {"email": "amara@school.example", "action_remove": ""}

    answer = Page(browser, URL, **remove, drawn=drawn).press()

    assert "so nothing has happened" in alerts(browser.get(answer["Location"]))[0]
    assert amara.emailaddress_set.filter(verified=True).exists()
    Page(browser, URL, **remove, drawn=int(drawn) - 2_000).press()
    assert not amara.emailaddress_set.filter(verified=True).exists()
