"""An erased person's name is nowhere any more, but histories still show that somebody acted."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import deletion_list
from accounts.models import Digest, Letter, User
from classroom.acts.class_list import keep
from classroom.acts.invite import invite
from classroom.models import CoTeacherInvitation, KeptOut, Membership
from joins.acts import by_code, queue
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinRequest
from privacy.exceptions import OwnsClasses
from privacy.models import Person
from privacy.tasks import forget_people
from tests.accounts.test_sign_up_teacher import ADA
from tests.clock import time_passes
from tests.factories import PASSWORD, ClassroomFactory, MembershipFactory, StudentFactory
from tests.hooks import page_text
from tests.log_in import log_in
from tests.tables import tables

pytestmark = pytest.mark.threat("T93")

AMARAS = re.compile("amara|toure", re.IGNORECASE)


def person(user):
    return Person.objects.get(pk=user.pk)


@pytest.fixture
def amara_joined_and_asked(biology, biology_code, ms_okafor, mr_lind, amara):
    """Amara joined, asked, was denied, blocked and unblocked, and waits again with a mail to come."""
    User.objects.filter(pk=amara.pk).update(email="amara@home.example")
    EmailAddress.objects.create(user=amara, email="amara@home.example", primary=True, verified=True)
    amara.refresh_from_db()
    chess_club = ClassroomFactory(name="Chess club", by=ms_okafor)
    queue.decide(chess_club, [ask_by_join_url(chess_club.join_url, by=amara).pk], "keep-out", by=ms_okafor)
    KeptOut.objects.get().let_back(by=ms_okafor)
    time_passes(days=2)
    ask_by_join_url(chess_club.join_url, by=amara)
    by_code.sign_up(biology_code().code, amara)
    Digest.objects.gather()
    biology.memberships.get(user=amara).remove(by=mr_lind, keep_out=True)
    KeptOut.objects.get().let_back(by=mr_lind)
    use_code(biology_code().code, by=amara)
    KeptOut.objects.create(classroom=ClassroomFactory(by=mr_lind), user=amara, by=mr_lind)


@pytest.fixture
def amara_is_half_in(amara_joined_and_asked, amara, sign_in, client, request):
    """An operator has set Amara's password and she is logged in. She has typed an address there, but not yet the code
    for it."""
    operator = User.objects.create_superuser(username="operator", email="o@school.example")
    passwords = {"password1": PASSWORD, "password2": PASSWORD}
    sign_in(operator).post(f"/admin/accounts/user/{amara.pk}/password/", passwords)
    sign_in(amara).get("/")
    request.getfixturevalue("mail_server")
    client.post("/accounts/signup/teacher/", ADA | {"email": "amara@home.example"})
    assert [s for s in Session.objects.all() if "_auth_user_id" not in s.get_decoded()]


def _naming(words):
    """Each table that has a row matching the regular expression, sessions included."""
    decoded = dict(tables())
    decoded["sessions"] = [row.get_decoded() for row in Session.objects.all()]
    return {
        label: found
        for label, rows in decoded.items()
        if (found := [r for r in rows if words.search(str(r))])
    }


def test_no_table_and_no_mail_to_come_names_them(amara_is_half_in, amara):
    assert {"accounts.Letter", "admin.LogEntry", "joins.JoinRequest", "sessions"} < set(_naming(AMARAS))

    person(amara).erase()
    assert set(_naming(AMARAS)) <= {"sessions"}  # she has typed an address there, but not yet the code for it
    Person.objects.finish_erasures()

    assert _naming(AMARAS) == {}
    assert [s for s in Session.objects.all() if s.get_decoded().get("_auth_user_id") == str(amara.pk)] == []
    assert not Membership.objects.filter(user=amara).exists()
    assert AMARAS.search(deletion_list.mark(amara)) is None


def test_the_administrators_log_of_a_class_does_not_name_a_teacher_who_once_got_it(
    operators_browser, biology, ms_okafor, mr_lind
):
    User.objects.filter(pk=ms_okafor.pk).close()
    hand_over = reverse("admin:classroom_classroom_hand_over", args=[biology.pk])
    operators_browser.post(hand_over, {"teacher": "lind"})
    assert biology.owner == mr_lind
    biology.delete_class(by=mr_lind)

    person(mr_lind).erase()

    # A second press within half a minute would be answered with it; an hour later the row is gone.
    assert set(_naming(re.compile("lind|jonas", re.IGNORECASE))) <= {"accounts.FormSubmission"}


def test_invitations_by_and_to_somebody_go_with_them(biology, ms_okafor, mr_lind, mr_brandt):
    invite(biology, by=ms_okafor, email=mr_brandt.email)
    biology.transfer(by=ms_okafor, to=mr_lind)

    person(mr_brandt).erase()
    assert not CoTeacherInvitation.objects.exists()
    assert not Letter.objects.exists()

    invite(biology, by=mr_lind, email="ana@school.example")
    biology.transfer(by=mr_lind, to=ms_okafor)
    person(mr_lind).erase()
    assert not CoTeacherInvitation.objects.exists()
    assert not Letter.objects.exists()


@pytest.mark.rule("L1")
@pytest.mark.parametrize("waits", [False, True])
def test_the_line_of_somebody_else_with_the_name_stays_on_the_class_list(biology, ms_okafor, waits):
    """A student who deletes the second of two accounts, or who has borrowed the name, takes nobody off the list."""
    keep(biology, ["Ana López", "Ben Kay"], by=ms_okafor)
    one, other = (StudentFactory(first_name="Ana", last_name="López") for _ in range(2))
    MembershipFactory(classroom=biology, user=one)
    if waits:
        ask_by_join_url(biology.join_url, by=other)
    else:
        MembershipFactory(classroom=biology, user=other)

    person(one).erase()
    assert set(biology.listed_names.values_list("name", flat=True)) == {"Ana López", "Ben Kay"}

    person(other).erase()
    assert set(biology.listed_names.values_list("name", flat=True)) == {"Ben Kay"}


@pytest.mark.postgres
def test_nothing_is_read_by_a_cursor_that_outlives_its_transaction(
    monkeypatch, sign_in, biology, amara, ms_okafor
):
    """A pooler gives the next transaction another connection (bench/README.md)."""
    named, create_cursor = [], connection.create_cursor
    monkeypatch.setattr(
        connection, "create_cursor", lambda name=None: named.append(name) or create_cursor(name)
    )

    person(amara).erase()
    roster = sign_in(ms_okafor).post(f"{biology.path}members/export/")

    assert (roster.status_code, set(named)) == (200, {None})


def test_no_session_of_somebody_who_is_in_names_them(client, amara):
    """So an erased name is gone at once, before the cleanup of sessions runs."""
    User.objects.filter(pk=amara.pk).update(email="amara@home.example")
    for login in ("amara", "amara@home.example"):
        log_in(client, login)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        assert client.session["_auth_user_id"] == str(amara.pk)
        assert AMARAS.search(str(dict(client.session.items()))) is None
        client.post("/accounts/logout/")


def test_an_erasure_takes_as_long_however_many_sessions_there_are(amara, leo):
    """Somebody waits for the answer, and a large school has a hundred thousand sessions."""

    def statements():
        with CaptureQueriesContext(connection) as queries:
            person(StudentFactory()).erase()
        assert len([query for query in queries if "django_session" in query["sql"]]) == 1
        return len(queries)

    statements()  # Django looks up content types once a process
    for_few = statements()
    Client().force_login(leo)
    row = Session.objects.get()
    Session.objects.bulk_create(
        Session(session_key=f"{n:032}", session_data=row.session_data, expire_date=row.expire_date)
        for n in range(5000)
    )

    assert statements() == for_few


def test_however_many_sessions_there_are_theirs_go_within_the_hour(monkeypatch, amara, leo):
    monkeypatch.setattr("privacy.models.sessions.BATCH_SIZE", 2)
    for who in (amara, leo, amara, leo, leo, amara, leo):
        Client().force_login(who)

    person(amara).erase()
    forget_people()

    assert [row.get_decoded()["_auth_user_id"] for row in Session.objects.all()] == [str(leo.pk)] * 4


@pytest.mark.threat("T92")
def test_no_letter_stays_whatever_address_it_was_for(client, amara):
    """Neither one to an earlier or unverified address of hers, nor one that was given up."""
    EmailAddress.objects.create(user=amara, email="amara@home.example", primary=True, verified=True)
    client.force_login(amara)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"email": "toure@home.example", "action_add": ""})
    client.post(re.search(r"/accounts/confirm-email/\S+", Letter.objects.get().text)[0])
    client.post("/accounts/email/", {"email": "amara@dad.example", "action_add": ""})
    EmailAddress.objects.filter(email="amara@dad.example").delete()
    Letter.objects.update(given_up_at=Now())
    told = {"toure@home.example", "amara@home.example", "amara@dad.example"}
    assert set(Letter.objects.values_list("to", flat=True)) == told

    person(amara).erase()

    assert not Letter.objects.exists()


@pytest.mark.threat("T92")
def test_who_is_erased_by_the_clock_leaves_no_log_in_half_way(amara_is_half_in, amara):
    Person.objects.filter(pk=amara.pk).erase_each()
    Person.objects.finish_erasures()

    assert _naming(AMARAS) == {}


@pytest.mark.rule("J6")
def test_who_waits_for_a_code_while_somebody_else_is_erased_waits_on(amara_is_half_in, amara, leo, ms_okafor):
    """Somebody who is signing up, and somebody who is adding an address that no account has yet."""
    signing_up, logged_in = Client(), Client()
    signing_up.post("/accounts/signup/teacher/", ADA)
    logged_in.force_login(ms_okafor)
    logged_in.post("/accounts/reauthenticate/", {"password": PASSWORD})
    logged_in.post("/accounts/email/", {"email": "ngozi@school.example", "action_add": ""})

    person(amara).erase()
    Person.objects.finish_erasures()

    assert {"ada@school.example", "ngozi@school.example"} == {
        client.session["account_email_verification_code"]["email"] for client in (signing_up, logged_in)
    }


@pytest.mark.rule("K9", "Q8")
def test_a_manager_is_named_nowhere_either_and_what_they_did_stands(
    biology, biology_code, ms_okafor, mr_lind, amara, leo, sign_in
):
    """Nor in what notifications say about them under an earlier name."""
    join_request = ask_by_join_url(biology.join_url, by=amara)
    queue.decide(biology, [join_request.pk], "deny", by=mr_lind)
    biology_code().reset(by=mr_lind)
    biology_code().lock(by=mr_lind)
    biology.transfer(by=ms_okafor, to=mr_lind)
    biology.archive(by=mr_lind)
    biology.transfer(by=mr_lind, to=ms_okafor)
    User.objects.filter(pk=mr_lind.pk).update(last_name="Berg")
    mr_lind.refresh_from_db()
    ClassroomFactory(by=mr_lind).delete_class(by=mr_lind)

    person(mr_lind).erase()

    assert _naming(re.compile("lind|jonas|berg", re.IGNORECASE)) == {}
    page = page_text(sign_in(ms_okafor).get(reverse("joins:history", args=[biology.public_id])))
    assert "Deleted person said no to Amara Toure" in page
    assert "Deleted person reset the Code" in page
    assert "Deleted person left the class" in page


def test_who_waits_waits_no_more(biology, amara, ms_okafor):
    ask_by_join_url(biology.join_url, by=amara)

    person(amara).erase()

    assert not JoinRequest.objects.exists()
    assert not ms_okafor.notifications.unread().exists()
    assert biology.events.newest_first().first().kind == "withdraw_request"


@pytest.mark.threat("T60")
def test_the_account_is_gone_for_good(amara, client, amaras_browser):
    person(amara).erase()
    User.objects.filter(pk=amara.pk).reopen()

    assert amaras_browser.get("/accounts/profile/").status_code == 302
    log_in(client, "amara")
    assert "_auth_user_id" not in client.session
    assert StudentFactory(username="amara").pk != amara.pk


@pytest.mark.threat("T16")
def test_the_owner_of_a_class_has_to_hand_it_over_first(biology, ms_okafor, mr_lind):
    with pytest.raises(OwnsClasses, match="Biology 9B"):
        person(ms_okafor).erase()
    assert deletion_list.marks_of_erased().get(ms_okafor.pk) is None

    biology.transfer(by=ms_okafor, to=mr_lind)
    person(ms_okafor).erase()

    assert [user.username for user in biology.managers()] == ["lind"]


def test_the_second_time_changes_nothing(amara):
    person(amara).erase()
    before = tables()

    person(amara).erase()

    assert tables() == before
    assert len(deletion_list.marks_of_erased()[amara.pk]) == 1


def test_an_operator_erases_by_command(amara, biology, ms_okafor):
    call_command("erase_person", "Amara", "--yes")

    assert not User.objects.filter(username="amara").exists()
    with pytest.raises(CommandError, match="Nobody"):
        call_command("erase_person", "amara", "--yes")
    with pytest.raises(CommandError, match="Biology 9B"):
        call_command("erase_person", "OKAFOR@school.example", "--yes")
