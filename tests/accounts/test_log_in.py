"""People log in by username or email, and log out with one press. After too many failures they have to wait."""

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from config import backends
from tests.accounts.presses import username_in
from tests.factories import PASSWORD, StudentFactory
from tests.log_in import log_in, log_in_elsewhere

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A4"), pytest.mark.engine_free]


@pytest.mark.parametrize(
    "login", ["okafor", "OKAFOR", " okafor ", "okafor@school.example", "Okafor@School.example"]
)
def test_in_by_username_or_address_in_any_case(client, ms_okafor, login):
    answer = log_in(client, login)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert username_in(client) == "okafor"


def test_the_dot_that_a_phone_adds_does_not_count(client, ms_okafor):
    log_in(client, "okafor.")

    assert username_in(client) == "okafor"


def test_a_username_that_has_ended_with_a_dot_for_long_still_logs_in(client, ms_okafor):
    StudentFactory(username="okafor.")

    log_in(client, "Okafor.")

    assert username_in(client) == "okafor."


def test_a_dot_more_is_no_way_round_the_limit(client, ms_okafor):
    for dots in range(5):
        assert log_in(client, f"okafor{'.' * dots}", "wrong password").status_code == 422

    assert log_in(client, "okafor.", PASSWORD).status_code == 429


def test_whom_createsuperuser_has_made_logs_in_by_address_too(client):
    User.objects.create_superuser("Root", "Root@School.example", PASSWORD)

    log_in(client, "Root@School.example")

    assert username_in(client) == "root"


@pytest.mark.threat("T54")
@pytest.mark.parametrize("login", ["okafor", "nobody", "okafor@school.example", "nobody@school.example"])
def test_a_wrong_password_and_an_unknown_name_answer_alike_and_take_as_long(client, ms_okafor, hashed, login):
    """Nearly all of the time goes into hashing, and both cases hash one password."""
    answer = log_in(client, login, "wrong password")

    assert answer.status_code == 422
    assert "or password. Try again." in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert (username_in(client), hashed) == (None, ["wrong password"])


@pytest.mark.parametrize("login", ["Ngozi Okafor", "oka\u00a0for", "okafor @school.example"])
def test_a_space_is_told_and_no_password_is_tried(client, ms_okafor, hashed, login):
    answer = log_in(client, login)

    assert answer.status_code == 422
    assert "There&#x27;s no space in a username or an email address." in answer.content.decode()
    assert hashed == []


@pytest.mark.parametrize(
    "login", ["\u0444\u044c\u0444\u043a\u0444", "ok\u0430for", "ókafor", "\uff4fkafor", "okafor😀"]
)
def test_letters_of_another_keyboard_are_told_and_no_password_is_tried(client, ms_okafor, hashed, login):
    """No username has them, so the sentence tells nothing (T54)."""
    answer = log_in(client, login)

    assert answer.status_code == 422
    assert (
        "A username has only English letters, without accents. Check your keyboard" in answer.content.decode()
    )
    assert hashed == []


@pytest.mark.parametrize(
    "login", ["okafor\u200b", "\u202aokafor@school.example\u202c", "oka\u00adfor", "\ufeffokafor "]
)
def test_what_is_invisible_and_came_with_a_pasted_name_does_not_count(client, ms_okafor, login):
    log_in(client, login)

    assert username_in(client) == "okafor"


CAPITALS = "The password was all in capitals. Check Caps Lock."


@pytest.mark.threat("T54")
@pytest.mark.parametrize("login", ["okafor", "nobody", "okafor@school.example"])
@pytest.mark.parametrize(
    ("typed", "says_it"), [(PASSWORD.upper(), True), ("12345678", False), ("Wrong PASSWORD", False)]
)
def test_a_wrong_password_in_capitals_is_told_of_caps_lock(client, ms_okafor, login, typed, says_it):
    """Whoever the person is: only what they have typed counts."""
    page = log_in(client, login, typed).content.decode()

    assert "or password. Try again." in page
    assert (CAPITALS in page) == says_it


@pytest.mark.parametrize(
    ("path", "field"),
    [("/accounts/reauthenticate/", "password"), ("/accounts/password/change/", "oldpassword")],
)
def test_so_is_the_password_that_is_typed_again(okafors_browser, path, field):
    new = dict.fromkeys(["password1", "password2"], "the moon is far")

    page = okafors_browser.post(path, {field: PASSWORD.upper()} | new).content.decode()

    assert CAPITALS in page


ONCE = "Was it a one-time password? It works only once, for a day. Ask for a new one."


@pytest.mark.threat("T15", "T54")
def test_a_one_time_password_that_is_typed_again_is_told_that_it_works_once(client, amara):
    """On another device, or by a child who has forgotten that they chose a password of their own."""
    given = amara.give_one_time_password()
    browser = log_in_elsewhere("amara", given)
    browser.post("/accounts/password/change/", {"password1": "three plain words"})

    for login in ["amara", "nobody"]:
        assert ONCE in log_in(client, login, f"{given[:4]} {given[4:]}".upper()).content.decode()
    assert ONCE not in log_in(client, "amara", "another password").content.decode()


@pytest.mark.threat("T55")
def test_the_sixth_failure_waits_and_says_how_long(client, ms_okafor):
    for _ in range(5):
        assert log_in(client, "okafor", "wrong password").status_code == 422

    answer = log_in(client, "okafor", PASSWORD)

    assert (answer.status_code, answer["Retry-After"]) == (429, "300")
    assert "Wait five minutes" in answer.content.decode()


@pytest.mark.threat("T56")
def test_somebody_elses_failures_elsewhere_lock_nobody_out(client, ms_okafor):
    far_away = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(6):
        log_in(far_away, "okafor", "wrong password")

    log_in(client, "okafor")

    assert username_in(client) == "okafor"


@pytest.mark.threat("T55")
def test_another_port_in_the_address_is_no_new_start(client, ms_okafor):
    wrong = {"login": "okafor", "password": "wrong password"}
    answers = [
        client.post("/accounts/login/", wrong, headers={"host": f"localhost:{1001 + number}"})
        for number in range(6)
    ]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


@pytest.mark.threat("T62")
def test_the_next_person_at_the_machine_reads_nothing_said_to_this_one(client, ms_okafor):
    log_in(client, "okafor")
    client.post("/classes/new/", {"name": "Biology 9B", "kind": "class"})
    client.post(f"{ms_okafor.memberships.get().classroom.path}archive/")
    client.post("/accounts/logout/")

    page = client.get("/").content.decode()
    assert "Biology 9B" not in page
    assert "You&#x27;ve logged out." in page


@pytest.mark.threat("T55")
def test_nobody_pushes_an_accounts_failures_out_with_others(client, ms_okafor, settings):
    settings.CACHES = {"default": backends.RATE_LIMIT_CACHE}
    call_command("createcachetable")
    for _ in range(5):
        log_in(client, "okafor", "wrong password")
    for number in range(400):
        cache.set(f"somebody-else-{number}", 1)

    assert log_in(client, "okafor", PASSWORD).status_code == 429


@pytest.mark.threat("T62")
def test_the_session_ends_with_the_browser_unless_asked(client, ms_okafor):
    log_in(client, "okafor")
    assert client.session.get_expire_at_browser_close()
    client.post("/accounts/logout/")

    log_in(client, "okafor", remember="on")
    assert not client.session.get_expire_at_browser_close()


def test_the_box_is_not_ticked_beforehand(client):
    assert "checked" not in client.get("/accounts/login/").content.decode()


@pytest.mark.threat("T52")
def test_log_in_gives_a_new_session(client, ms_okafor):
    session = client.session
    session["planted"] = True
    session.save()

    log_in(client, "okafor")

    assert client.session.session_key != session.session_key
    assert not client.session.exists(session.session_key)


@pytest.mark.rule("J5")
def test_looking_at_log_out_changes_nothing_pressing_it_clears_the_session(client, ms_okafor):
    log_in(client, "okafor")
    session = client.session
    session["left"] = "behind"
    session.save()

    assert client.get("/accounts/logout/").status_code == 200
    assert username_in(client) == "okafor"

    client.post("/accounts/logout/")
    assert username_in(client) is None
    assert "left" not in client.session
    assert not client.session.exists(session.session_key)


@pytest.mark.threat("T60")
def test_a_closed_account_is_out_at_once_and_told_so(client, ms_okafor, okafors_browser):
    type(ms_okafor).objects.filter(pk=ms_okafor.pk).close()

    assert okafors_browser.get("/notifications/").status_code == 302
    assert log_in(client, "okafor")["Location"] == "/accounts/inactive/"
    assert "This account is closed" in client.get("/accounts/inactive/").content.decode()
