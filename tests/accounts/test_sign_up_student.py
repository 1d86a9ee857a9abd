"""What every student sign-up does, whichever way a student gets there."""

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from accounts.models import User
from tests.accounts.presses import username_in
from tests.hooks import page_text
from tests.log_in import log_in
from tests.mailbox import code_in_the_mail, letters

URL = "/accounts/signup/student/"
GRACE = {
    "code": "sesame",
    "first_name": "Grace",
    "last_name": "Tan",
    "username": "Grace.T",
    "password1": "plain words",
}
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls"), pytest.mark.rule("A3", "A4")]


def test_a_student_signs_up_without_an_address_and_is_logged_in(client, mail_server):
    client.post(URL, GRACE)

    student = User.objects.get()
    assert (student.kind, student.username, student.full_name) == ("student", "grace.t", "Grace Tan")
    assert username_in(client) == "grace.t"
    assert letters() == []


def test_the_sign_up_is_the_first_log_in_and_the_next_one_is_noted_too(client):
    client.post(URL, GRACE)
    student = User.objects.get()
    assert student.last_login == student.date_joined

    log_in(client, "grace.t", "plain words")
    client.post("/accounts/logout/")
    log_in(client, "grace.t", "plain words")

    assert User.objects.get().last_login > student.date_joined


def test_a_student_with_an_address_is_mailed_a_code_but_not_held_up(client, mail_server):
    client.post(URL, GRACE | {"email": "grace@home.example"})
    assert username_in(client) == "grace.t"

    code = code_in_the_mail()
    client.post("/accounts/confirm-email/", {"code": code})
    assert EmailAddress.objects.get().verified


def test_a_student_is_never_asked_to_verify_at_log_in(client, mail_server):
    client.post(URL, GRACE | {"email": "grace@home.example"})
    client.post("/accounts/logout/")

    log_in(client, "grace.t", "plain words")

    assert username_in(client) == "grace.t"
    assert len(letters()) == 1


@pytest.mark.threat("T43", "T55")
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("username", "Ann Lee", "A username can&#x27;t have a space in it. Leave the space out"),
        ("username", "ann.lee.", "A username can&#x27;t end with a dot. Leave the dot out."),
        (
            "username",
            "ann@home.example",
            "An email address can&#x27;t be your username. Choose one without an @.",
        ),
        ("username", "Ann!", "Use the letters a to z, digits"),
        ("username", "\u0430nna", "Use the letters a to z, digits"),  # a Cyrillic letter (T43)
        ("username", "Lucía", "A username has no accents, only the letters a to z. For example: lucia."),
        ("username", "sóren_ø!", "For example: soren_o."),
        ("username", "luci\u0301a.r", "For example: lucia.r."),  # the accent is a character of its own
        # lower() would turn the Kelvin sign into k.
        ("username", "\u212aay", "For example: kay."),
        (
            "username",
            "grace\u200b.t",
            "There is an invisible character in it. Delete everything and type it by hand",
        ),
        ("username", "g" * 31, "This is too long. Use at most 30 characters."),
        ("username", "gr", "This is too short. Use at least 3 characters."),
        ("password1", "7 chars", "This is too short. Use at least 8 characters."),
        ("password1", "grace.t1", "This is too much like your username."),
        ("code", "unknown", "Nobody knows this word."),
        ("code", "retired meanwhile", "Nobody knows this word any more."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(client, field, value, sentence):
    answer = client.post(URL, GRACE | {field: value})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not User.objects.exists()
    assert username_in(client) is None


@pytest.mark.threat("T55")
def test_a_password_with_two_faults_is_told_one(client):
    """It is short, and everybody has it. Each sentence appears twice because the top of the page repeats it."""
    page = client.post(URL, GRACE | {"password1": "1234"}).content.decode()

    assert page.count("This is too short. Use at least 8 characters.") == 2
    assert "Many people have this password" not in page
    assert "Anybody at a school" not in page


@pytest.mark.threat("T54")
@pytest.mark.parametrize("taken", [{"username": "LEO"}, {"email": "okafor@school.example"}])
def test_taken_is_said_only_to_who_knows_the_code(client, taken, leo, ms_okafor):
    stranger = client.post(URL, GRACE | taken | {"code": "unknown"})
    assert list(stranger.context["form"].errors) == ["code"]

    student = client.post(URL, GRACE | taken)
    assert list(student.context["form"].errors) == list(taken)


@pytest.mark.threat("T54")
@pytest.mark.parametrize("email", ["okafor@school.example", "nobody@school.example"])
def test_with_a_mail_server_only_the_mail_tells_whether_an_address_is_taken(
    client, mail_server, ms_okafor, email
):
    """The page, the account and the profile are the same. Whoever proves that the address is theirs gets it, if no
    other account has it."""
    page = client.post(URL, GRACE | {"email": email}, follow=True)
    assert f"We sent an email to {email}." in page_text(page)
    assert User.objects.get(username="grace.t").email == ""
    assert "You have no email address here." in page_text(client.get("/accounts/profile/"))
    assert [letter.to for letter in letters()] == [[email]]

    client.post("/accounts/confirm-email/", {"code": code_in_the_mail()})

    taken = email == ms_okafor.email
    assert User.objects.get(username="grace.t").email == ("" if taken else email)
    assert User.objects.get(username="okafor").email == "okafor@school.example"


@pytest.mark.threat("T52")
def test_a_new_account_gets_a_new_session(client):
    client.get(URL)
    client.session.save()
    fixed = client.session.session_key

    client.post(URL, GRACE)

    assert client.session.session_key != fixed
    assert not client.session.exists(fixed)
    assert client.session.get_expire_at_browser_close()


@pytest.mark.threat("T42")
@pytest.mark.parametrize(
    "username",
    [
        "admin",
        "Root",
        "teacher",
        "homeroom",
        "support",
        "owner",
        "adm1n",
        "admin1",
        "ADMIN-",
        "sys.admin",
        "r00t_2",
    ],
)
def test_nobody_is_called_as_if_they_ran_the_site(username):
    with pytest.raises(ValidationError, match="Choose another one"):
        get_adapter().clean_username(username, shallow=True)


@pytest.mark.parametrize("username", ["amina1", "ana.root", "helper", "t.school", "rooter", "student2"])
def test_a_username_with_a_part_of_such_a_word_is_taken(username):
    assert get_adapter().clean_username(username, shallow=True) == username
