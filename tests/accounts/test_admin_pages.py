"""The admin's pages that ask before an operator does something to one account."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import administration
from accounts.models import Rename, User
from privacy.exceptions import IsAdministrator
from privacy.models import Person
from tests.accounts.presses import Page
from tests.factories import PASSWORD, MembershipFactory, TeacherFactory
from tests.hooks import page_text
from tests.log_in import log_in_elsewhere
from tests.notifications import notification_texts

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free, pytest.mark.threat("T59")]
MY_DATA = "/accounts/data/delete/"
RIGHT = {"first_name": "Amára", "last_name": "Touré"}


def page_of(person, act):
    return f"/admin/accounts/user/{person.pk}/{act}/"


def logged(person):
    return list(LogEntry.objects.filter(object_id=str(person.pk)).values_list("change_message", flat=True))


def press(browser, address):
    """Open a page that asks, and press its button."""
    return Page(browser, address).press()


@pytest.fixture
def former(db):
    """Another operator."""
    return TeacherFactory(username="former", is_staff=True, is_superuser=True)


@pytest.mark.rule("A8", "J10")
def test_a_corrected_name_stands_in_the_history_and_the_person_is_told(
    operators_browser, operator, okafors_browser, amara, biology
):
    MembershipFactory(classroom=biology, user=amara)
    answers = [operators_browser.post(page_of(amara, "name"), RIGHT, follow=True) for _ in range(2)]

    amara.refresh_from_db()
    assert amara.full_name == "Amára Touré"
    assert all("Amára Touré (amara): name corrected." in page_text(answer) for answer in answers)
    told = f"{operator.full_name} corrected the name of Amára Touré from “Amara Toure” to “Amára Touré”"
    assert told in page_text(okafors_browser.get(f"{biology.path}history/"))
    assert notification_texts(amara) == ["An administrator of this site changed your name to Amára Touré."]
    assert logged(amara) == ["Name corrected"]
    assert Rename.objects.count() == 1


@pytest.mark.rule("A7")
def test_what_is_no_name_is_refused(operators_browser, amara):
    answer = operators_browser.post(page_of(amara, "name"), {"first_name": "https://evil.example"})

    assert answer.status_code == 422
    assert logged(amara) == []


@pytest.mark.rule("J10")
def test_an_account_is_closed_and_reopened_and_each_is_logged_once(operators_browser, sign_in, amara):
    amaras = sign_in(amara)
    for act, is_active in [("close", False), ("reopen", True)]:
        answers = [operators_browser.post(page_of(amara, act), follow=True) for _ in range(2)]
        amara.refresh_from_db()
        assert amara.is_active is is_active
        assert len({page_text(answer) for answer in answers}) == 1

    assert logged(amara) == ["Account reopened", "Account closed"]
    assert amaras.get("/accounts/profile/").status_code == 302


@pytest.mark.rule("J10")
@pytest.mark.threat("T60")
def test_done_and_undone_within_half_a_minute_it_is_done_again(operators_browser, sign_in, amara):
    """A page that is opened again is no second press, although it sends the same."""
    for act in ("close", "reopen", "close"):
        press(operators_browser, page_of(amara, act))
    amara.refresh_from_db()
    assert not amara.is_active

    press(operators_browser, page_of(amara, "reopen"))
    for _ in range(2):
        amaras = sign_in(amara)
        press(operators_browser, page_of(amara, "log-out"))
        assert amaras.get("/accounts/profile/").status_code == 302


@pytest.mark.threat("T60")
def test_somebody_is_logged_out_everywhere(operators_browser, sign_in, amara):
    amaras = sign_in(amara)

    operators_browser.post(page_of(amara, "log-out"))

    assert amaras.get("/accounts/profile/").status_code == 302
    assert logged(amara) == ["Logged out everywhere"]


def test_another_operator_loses_the_administration_and_stays_a_teacher(operators_browser, sign_in, former):
    formers = sign_in(former)

    operators_browser.post(page_of(former, "withdraw-access"))

    former.refresh_from_db()
    assert (former.is_staff, former.is_superuser, former.is_active) == (False, False, True)
    assert formers.get("/admin/")["Location"].startswith("/admin/login/")
    assert logged(former) == ["Administration taken away"]


@pytest.mark.parametrize("act", ["close", "name", "log-out", "withdraw-access", "password"])
def test_operators_do_to_themselves_only_what_everybody_does(operators_browser, operator, former, act):
    """Although there is another operator."""
    before = User.objects.filter(pk=operator.pk).values("password", "log_outs", "is_staff").get()
    assert operators_browser.get(page_of(operator, act)).status_code == 404
    assert operators_browser.post(page_of(operator, act), RIGHT).status_code == 422
    ticked = {"action": "close_accounts", "_selected_action": [operator.pk], "sure": f"1-{operator.pk}"}
    operators_browser.post("/admin/accounts/user/", ticked)

    operator.refresh_from_db()
    assert operator.is_active
    assert operator.first_name != "Amára"
    assert User.objects.filter(pk=operator.pk).values("password", "log_outs", "is_staff").get() == before


@pytest.mark.rule("Q3")
@pytest.mark.threat("T15")
@pytest.mark.parametrize("is_one_time", [True, False])
def test_an_older_page_ends_no_password_that_was_set_since(operators_browser, amara, is_one_time):
    """Somebody else has given a one-time password, or Amara has chosen her own."""
    old = Page(operators_browser, page_of(amara, "password"))
    amara.refresh_from_db()
    if is_one_time:
        password = amara.give_one_time_password()
    else:
        amara.set_password(password := "nine green apples and a pear")
        amara.save()

    answer = old.press()

    amara.refresh_from_db()
    assert amara.check_password(password)
    assert answer.status_code == 422
    assert "Their password has changed since this page was opened" in page_text(answer)
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([\w-]+)"', answer.content.decode()))
    again = operators_browser.post(old.url, fields)
    assert "One-time password (shown only once)" in page_text(again)


@pytest.mark.rule("J5")
@pytest.mark.parametrize("act", ["name", "log-out", "close", "password"])
def test_a_question_names_the_person_and_changes_nothing(operators_browser, amara, act):
    page = operators_browser.get(page_of(amara, act))

    assert "Amara Toure" in page_text(page)
    assert "Cancel" in page_text(page)
    assert logged(amara) == []


def test_the_page_of_an_account_leads_to_what_can_be_done(operators_browser, amara, former):
    def offered(person):
        page = operators_browser.get(f"/admin/accounts/user/{person.pk}/change/").content.decode()
        acts = ["name", "password", "log-out", "close", "reopen", "withdraw-access"]
        return [act for act in acts if f'href="{page_of(person, act)}"' in page]

    assert offered(amara) == ["name", "password", "log-out", "close"]
    assert offered(former) == ["name", "password", "log-out", "close", "withdraw-access"]
    User.objects.filter(pk=amara.pk).close()
    assert offered(amara) == ["name", "reopen"]


def test_the_page_of_ones_own_account_leads_to_the_profile_instead(operators_browser, operator):
    page = operators_browser.get(f"/admin/accounts/user/{operator.pk}/change/").content.decode()

    assert "This is your own account." in page
    assert "/erase/" not in page
    assert not [act for act in ("name", "password", "log-out", "close") if page_of(operator, act) in page]


def test_the_page_of_an_account_shows_no_hash(operators_browser, amara):
    page = operators_browser.get(f"/admin/accounts/user/{amara.pk}/change/")

    for word in ("algorithm", "salt", "Reset password"):
        assert word not in page_text(page)


@pytest.mark.threat("T93")
def test_somebody_is_erased_by_name_and_the_log_keeps_that_without_it(operators_browser, amara, biology):
    MembershipFactory(classroom=biology, user=amara)
    page = reverse("admin:privacy_person_erase", args=[amara.pk])
    asked = page_text(operators_browser.get(page))
    assert "Erase Amara Toure?" in asked
    assert "What stays" in asked
    assert operators_browser.post(page, {"username": "leo"}).status_code == 422
    assert User.objects.filter(username="amara").exists()

    answers = [operators_browser.post(page, {"username": "amara"}, follow=True) for _ in range(2)]

    assert all("Erased. Histories show “Deleted person”." in page_text(answer) for answer in answers)
    assert not User.objects.filter(username="amara").exists()
    Person.objects.finish_erasures()
    [entry] = LogEntry.objects.filter(object_id=str(amara.pk))
    assert (entry.change_message, "Deleted person" in entry.object_repr) == ("Erased", True)
    assert operators_browser.get(f"/admin/accounts/user/{amara.pk}/change/").status_code == 200


@pytest.mark.rule("J10")
@pytest.mark.threat("T93")
def test_who_is_erased_by_another_press_at_this_moment_is_logged_by_that_one(
    operators_browser, amara, monkeypatch
):
    owned_classes = Person.owned_classes

    def erased_meanwhile(person):
        monkeypatch.undo()
        Person.objects.get(pk=person.pk).erase()
        return owned_classes(person)

    monkeypatch.setattr(Person, "owned_classes", erased_meanwhile)
    page = reverse("admin:privacy_person_erase", args=[amara.pk])
    answer = operators_browser.post(page, {"username": "amara"}, follow=True)

    assert "Erased. Histories show “Deleted person”." in page_text(answer)
    assert logged(amara) == []


@pytest.mark.parametrize(
    "act", ["name/", "log-out/", "close/", "reopen/", "withdraw-access/", "password/", "erase/"]
)
def test_who_may_open_the_administration_may_not_do_all_that_it_offers(act, sign_in, amara, former):
    """An operator who was only made staff, without the permission to change accounts."""
    User.objects.filter(pk=former.pk).update(is_superuser=False)
    browser = sign_in(User.objects.get(pk=former.pk))
    model = "privacy/person" if act == "erase/" else "accounts/user"
    page, before = f"/admin/{model}/{amara.pk}/{act}", User.objects.filter(pk=amara.pk).values().get()

    answers = [browser.get(page), browser.post(page, RIGHT | {"username": "amara"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert User.objects.filter(pk=amara.pk).values().get() == before
    assert logged(amara) == []


@pytest.mark.threat("T93")
@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("ms_okafor", "They own Biology 9B."),
        ("operator", "My data"),
        ("former", "Take the administration away from them first"),
    ],
)
def test_who_cannot_be_erased_there_is_not(operators_browser, biology, request, who, why):
    person = request.getfixturevalue(who)
    page = reverse("admin:privacy_person_erase", args=[person.pk])

    answers = [operators_browser.get(page), operators_browser.post(page, {"username": person.login_name})]

    assert all(why in page_text(answer) for answer in answers)
    assert all("_csrf" not in answer.content.decode().partition("<form method")[2] for answer in answers)
    assert User.objects.not_erased().filter(pk=person.pk).exists()


@pytest.mark.threat("T59", "T93")
def test_no_operator_is_erased_so_two_of_them_cannot_erase_each_other(
    operators_browser, operator, former, sign_in
):
    """Not on the page of the account, not at the command line, and not on the page "My data"."""
    with pytest.raises(IsAdministrator):
        Person.objects.get(pk=former.pk).erase()
    with pytest.raises(CommandError, match="take that away first"):
        call_command("erase_person", "former", "--yes")
    formers = log_in_elsewhere("former")
    formers.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": MY_DATA})
    for page in (formers.get(MY_DATA), formers.post(MY_DATA, {"username": former.login_name})):
        assert "You're an administrator of this site." in page_text(page)
    assert User.objects.operators().count() == 2

    administration.withdraw_access(former, by=operator)

    erase = reverse("admin:privacy_person_erase", args=[former.pk])
    answer = operators_browser.post(erase, {"username": former.login_name}, follow=True)
    assert "Erased." in page_text(answer)


def test_the_log_of_administrators_says_who_did_what_and_when(operators_browser, operator, amara):
    log = f"/admin/accounts/user/{amara.pk}/history/"
    assert "Nothing yet." in page_text(operators_browser.get(log))

    operators_browser.post(page_of(amara, "log-out"))

    said = page_text(operators_browser.get(log))
    assert f"{operator.full_name} Logged out everywhere" in said
    assert "Change history" not in said
