"""Anybody can create a teacher account with a name, an email address and a password."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from accounts.models import User
from config import backends
from tests.accounts.presses import username_in
from tests.factories import StudentFactory
from tests.mailbox import code_in_the_mail, letters

URL = "/accounts/signup/teacher/"
ADA = {
    "first_name": "Ada",
    "last_name": "Novak",
    "email": "ada@school.example",
    "password1": "four plain words here",
}
pytestmark = [pytest.mark.django_db, pytest.mark.rule("A1", "A2")]


def test_the_first_page_asks_teacher_or_student_and_keeps_where_one_was_going(client):
    page = client.get("/accounts/signup/?next=/j/abc/").content.decode()

    assert 'href="/accounts/signup/teacher/?next=/j/abc/"' in page
    assert 'href="/accounts/signup/student/?next=/j/abc/"' in page


def test_the_page_that_tells_to_open_the_mail_keeps_it_too(client):
    """Without a mail server, the mail has a link."""
    page = client.get("/accounts/confirm-email/?next=/j/abc/").content.decode()

    assert "/accounts/login/?next=/j/abc/" in page


def test_who_is_logged_in_has_no_use_for_it(sign_in, ms_okafor):
    assert sign_in(ms_okafor).get("/accounts/signup/")["Location"] == "/"


def test_nothing_that_is_typed_or_pasted_is_cut_off(client):
    assert "maxlength" not in client.get(URL).content.decode()


def test_a_teacher_signs_up_and_is_logged_in(client):
    answer = client.post(URL, ADA | {"email": "Ada@school.example"})
    teacher = User.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert (teacher.kind, teacher.full_name, teacher.email) == ("teacher", "Ada Novak", "ada@school.example")
    assert username_in(client) == teacher.username


@pytest.mark.parametrize(
    ("told", "kept"), [("Africa/Lagos", "Africa/Lagos"), ("Mars/Olympus", "UTC"), ("", "UTC")]
)
def test_the_hours_are_those_of_the_browsers_place(client, told, kept):
    client.post(URL, ADA | {"time_zone": told})

    assert User.objects.get().time_zone == kept


@pytest.mark.threat("T54")
def test_the_username_is_made_up_and_tells_nothing(client):
    client.post(URL, ADA)

    assert re.fullmatch(r"teacher-[a-z0-9]{10}", User.objects.get().username)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("first_name", " ", "Please fill this in."),
        ("first_name", "A" * 61, "This is too long. Use at most 60 letters."),
        ("last_name", "Nov\u202eak", "There is an invisible character (U+202E) in it."),
        ("last_name", "http://win.example", "A name can't have a web or email address in it."),
        ("email", "ada", "That isn't an email address. Check it."),
        ("email", f"{'a' * 60}@{'b.' * 100}example", "This address is too long. Use at most 254 characters."),
        ("password1", "only-eleven", "This is too short. Use at least 12 characters."),
        ("password1", "x1!" * 43, "This is too long. Use at most 128 characters."),
        ("password1", "password1234", "That password is too easy to guess."),
        ("password1", "ada@school.exam", "This is too much like your email address."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(client, field, value, sentence):
    answer = client.post(URL, ADA | {field: value})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert escape(sentence) in answer.content.decode()
    assert not User.objects.exists()


def test_a_taken_address_is_refused_without_a_mail_server(client, ms_okafor):
    answer = client.post(URL, ADA | {"email": ms_okafor.email})

    assert answer.status_code == 422
    assert "Another account has this email address. Log in" in answer.content.decode()


@pytest.mark.threat("T54", "T97")
def test_a_form_with_another_error_is_told_of_a_taken_address_thirty_times_and_never_kept_out(ms_okafor):
    """It creates no account, so it could ask for all addresses of a school unseen."""
    wrong = ADA | {"password1": "short"}
    for number in range(30):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(URL, wrong | {"email": f"ada{number}@school.example"})

    late = Client(REMOTE_ADDR="192.0.2.99")
    assert list(late.post(URL, wrong | {"email": ms_okafor.email}).context["form"].errors) == ["password1"]
    assert list(late.post(URL, ADA | {"email": ms_okafor.email}).context["form"].errors) == ["email"]
    assert late.post(URL, ADA).status_code == 302


@pytest.mark.threat("T54")
def test_both_are_said_in_one_round(client, ms_okafor):
    answer = client.post(URL, ADA | {"email": ms_okafor.email, "password1": "short"})

    assert set(answer.context["form"].errors) == {"password1", "email"}


@pytest.mark.threat("T53")
@pytest.mark.parametrize(("verified", "made"), [(False, 1), (True, 0)])
def test_a_students_unverified_claim_keeps_no_teacher_out(client, mail_server, verified, made):
    claim = StudentFactory(email="ada@school.example", verified=verified)

    client.post(URL, ADA)

    assert User.objects.filter(kind="teacher", email="ada@school.example").count() == made
    claim.refresh_from_db()
    assert claim.email == ("ada@school.example" if verified else "")


@pytest.mark.threat("T53")
def test_with_a_mail_server_the_code_from_the_mail_comes_first(client, mail_server):
    answer = client.post(f"{URL}?next=/notifications/", ADA)
    assert answer["Location"] == "/accounts/confirm-email/?next=%2Fnotifications%2F"
    assert username_in(client) is None

    answer = client.post("/accounts/confirm-email/", {"code": code_in_the_mail()})
    assert answer["Location"] == "/notifications/"
    assert username_in(client) == User.objects.get().username


@pytest.mark.threat("T54", "T53")
def test_with_a_mail_server_a_taken_address_gets_the_same_answer_and_another_mail(
    client, mail_server, ms_okafor
):
    answer = client.post(URL, ADA | {"email": ms_okafor.email})

    assert answer["Location"] == "/accounts/confirm-email/"
    assert client.get("/accounts/confirm-email/").status_code == 200
    assert letters()[0].subject == "You already have an account"
    assert User.objects.count() == 1


@pytest.mark.threat("T54")
@pytest.mark.parametrize("email", ["okafor@school.example", "nobody@school.example"])
def test_with_a_mail_server_it_takes_as_long_whether_an_address_is_taken_or_not(
    client, mail_server, ms_okafor, hashed, email
):
    client.post(URL, ADA | {"email": email})

    assert hashed == [ADA["password1"]]


@pytest.mark.threat("T54")
def test_then_it_asks_the_database_for_about_the_same(mail_server, ms_okafor):
    """Creating an account took a fifth longer than finding that there is one, which somebody could measure."""
    asked = {}
    for email in ("okafor@school.example", "nobody@school.example"):
        with CaptureQueriesContext(connection) as statements:
            Client().post(URL, ADA | {"email": email})
        words = [statement["sql"].split(" (", 1)[0].split(" SET ", 1)[0] for statement in statements]
        asked[email] = [word for word in words if word.startswith(("INSERT", "UPDATE", "DELETE"))]

    taken, free = asked.values()
    assert taken == free


@pytest.fixture
def counts_in_the_database(settings, transactional_db):
    """Rate limits are counted in a table, as in production. It's no model's, so it goes with the test."""
    settings.CACHES = {"default": backends.RATE_LIMIT_CACHE}
    call_command("createcachetable")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {backends.RATE_LIMIT_CACHE['LOCATION']}")


@pytest.mark.threat("T54")
def test_then_it_commits_about_as_often(counts_in_the_database, mail_server, ms_okafor):
    """Each commit waits for the disk. What a taken address caused was one transaction, and saved a quarter of the time.

    One commit differs: that of the new account, which is made for a taken address, too, but rolled back.
    """
    commits = {}
    for email in ("okafor@school.example", "nobody@school.example"):
        with CaptureQueriesContext(connection) as statements:
            Client().post(URL, ADA | {"email": email})
        commits[email] = _count_commits([statement["sql"].strip() for statement in statements])

    taken, free = commits.values()
    assert 0 <= free - taken <= 1


def _count_commits(statements):
    """Count the transactions that end with a commit, and the writes outside of all transactions."""
    is_inside, commits = False, 0
    for sql in statements:
        if sql.startswith("BEGIN"):
            is_inside = True
        elif sql.startswith(("COMMIT", "ROLLBACK")) and not sql.startswith("ROLLBACK TO"):
            is_inside, commits = False, commits + sql.startswith("COMMIT")
        elif not is_inside and sql.startswith(("INSERT", "UPDATE", "DELETE", "WITH")):
            commits += 1
    return commits
