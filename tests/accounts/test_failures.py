"""After a hundred failures in a row, strangers can't log in to the account, but its owner's own devices can."""

import pytest
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import devices
from accounts.models import User
from accounts.passwords import NoSchoolWord
from privacy.models import Person
from tests.accounts.presses import username_in
from tests.factories import PASSWORD, StudentFactory
from tests.hooks import alerts, page_text
from tests.log_in import log_in, log_in_elsewhere

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]
WRONG = "wrong password"


@pytest.fixture
def guess():
    """guess(100) tries that many wrong passwords for Amara, each from another network."""
    networks = iter(range(1, 1000))

    def wrong(times, login="amara"):
        for _ in range(times):
            number = next(networks)
            answer = log_in(Client(REMOTE_ADDR=f"10.0.{number // 250}.{number % 250}"), login, WRONG)
            assert answer.status_code == 422

    return wrong


@pytest.fixture
def limit_of_ten(settings):
    """The first test shows that a hundred are allowed. The others only need the end of the row, so ten are enough for
    them."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed_in_a_row": "10/d/key"}


@pytest.fixture
def own_device(amara):
    """A device on which Amara has logged in and out again."""
    browser = Client()
    log_in(browser, "amara")
    browser.post("/accounts/logout/")
    return browser


@pytest.mark.threat("T55")
def test_after_a_hundred_failures_from_anywhere_even_the_right_password_waits(client, amara, guess):
    guess(100)

    answer = log_in(client, "amara")

    assert (answer.status_code, answer["Retry-After"], username_in(client)) == (429, "86400", None)
    assert "ask your teacher for one" in answer.content.decode()


@pytest.mark.threat("T54")
def test_a_name_that_nobody_has_answers_alike(client, guess, db, limit_of_ten):
    guess(10, "nobody")

    assert log_in(client, "nobody").status_code == 429


@pytest.mark.threat("T55")
def test_a_log_in_breaks_the_row(amara, guess, limit_of_ten):
    guess(9)
    assert username_in(log_in_elsewhere("amara")) == "amara"
    guess(9)

    assert username_in(log_in_elsewhere("amara")) == "amara"


@pytest.mark.threat("T56")
def test_a_device_of_ones_own_is_let_in_all_the_same(own_device, guess, limit_of_ten):
    guess(10)

    log_in(own_device, "amara")

    assert username_in(own_device) == "amara"


@pytest.mark.threat("T56")
def test_a_classmate_in_the_same_network_holds_up_no_known_device(own_device, client):
    for _ in range(6):
        answer = log_in(client, "amara", WRONG)
    assert answer.status_code == 429

    log_in(own_device, "amara")

    assert username_in(own_device) == "amara"


@pytest.mark.threat("T56")
def test_a_known_device_is_looked_up_once_a_log_in(own_device):
    """Even though its failures are counted in four places."""
    with CaptureQueriesContext(connection) as queries:
        log_in(own_device, "amara")

    assert username_in(own_device) == "amara"
    assert len([query for query in queries if 'SELECT "accounts_user"."password"' in query["sql"]]) == 1


@pytest.mark.threat("T55")
def test_a_known_device_has_its_own_five_failures_and_no_more(own_device):
    answers = [log_in(own_device, "amara", WRONG).status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]


@pytest.mark.threat("T55")
@pytest.mark.parametrize(
    ("page", "field"),
    [("/accounts/reauthenticate/", "password"), ("/accounts/password/change/", "oldpassword")],
)
def test_who_types_their_password_again_is_told_what_the_log_in_tells(amaras_browser, page, field):
    """However often they press: pages have limits of their own, which must not come first."""
    answers = [amaras_browser.post(page, {field: WRONG}) for _ in range(12)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 7
    assert answers[-1]["Retry-After"] == "300"
    assert "Too many tries. Wait five minutes, then try again." in page_text(answers[-1])


@pytest.mark.threat("T55")
def test_the_limit_of_a_page_says_nothing_about_classes(amaras_browser):
    fields = {"oldpassword": PASSWORD, "password1": "12345678", "password2": "12345678"}

    answers = [amaras_browser.post("/accounts/password/change/", fields) for _ in range(21)]

    assert [answer.status_code for answer in answers] == [422] * 20 + [429]
    assert alerts(answers[-1])[0].startswith("You've done this too often in a few minutes")


@pytest.mark.threat("T55", "T56")
def test_logging_in_as_oneself_buys_no_tries_at_somebody_else(own_device, leo):
    for _ in range(5):
        log_in(own_device, "amara", WRONG)
    log_in(own_device, "leo")
    own_device.post("/accounts/logout/")

    assert log_in(own_device, "amara", WRONG).status_code == 429


@pytest.mark.threat("T56")
def test_another_accounts_device_is_no_known_one(client, leo, amara, guess, limit_of_ten):
    log_in(client, "leo")
    client.post("/accounts/logout/")
    guess(10)

    assert log_in(client, "amara").status_code == 429


@pytest.fixture
def old_devices(amara):
    """Five devices, each in its own network, on which somebody logged in as Amara before she got a new password."""
    browsers = [Client(REMOTE_ADDR=f"192.0.2.{number}") for number in range(1, 6)]
    for browser in browsers:
        log_in(browser, "amara")
        browser.post("/accounts/logout/")
    return browsers


def new_by_teacher(amara):
    return amara.give_one_time_password()


def new_of_ones_own(amara):
    """Allauth sends this signal after a change of password and after a reset by mail."""
    assert amara.replace_password(OTHER)
    amara.clear_one_time_password()
    return OTHER


NEW = pytest.mark.parametrize("new_password", [new_by_teacher, new_of_ones_own])
OTHER = "violet-harbour-lantern"


@pytest.mark.threat("T55")
@NEW
def test_devices_from_before_a_new_password_share_their_five_failures(new_password, amara, old_devices):
    """Somebody who once knew the password may have logged in on many devices."""
    new_password(amara)

    tries = [device for device in old_devices for _ in range(2)]
    answers = [log_in(device, "amara", WRONG).status_code for device in moved_together(tries)]

    assert answers == [422] * 5 + [429] * 5


def moved_together(browsers):
    for browser in browsers:
        browser.defaults["REMOTE_ADDR"] = "192.0.2.9"
    return browsers


@pytest.mark.threat("T55")
@NEW
def test_devices_from_before_a_new_password_share_one_row(new_password, amara, old_devices, limit_of_ten):
    """Failures above the shared limit count like those of strangers."""
    new_password(amara)

    answers = [log_in(device, "amara", WRONG).status_code for device in old_devices for _ in range(5)]

    assert answers == [422] * 20 + [429] * 5


@pytest.mark.threat("T56", "T97")
@NEW
def test_a_device_from_before_a_new_password_gets_in_by_it(
    new_password, amara, own_device, guess, limit_of_ten
):
    """Whatever others do, even in the same network. It's a known device again afterwards."""
    new = new_password(amara)
    guess(10)
    for _ in range(6):
        log_in(Client(), "amara", WRONG)

    log_in(own_device, "amara", new)

    assert "_auth_user_id" in own_device.session
    own_device.post("/accounts/logout/")
    assert [log_in(own_device, "amara", WRONG).status_code for _ in range(6)] == [422] * 5 + [429]


@pytest.mark.threat("T56", "T97")
@NEW
def test_somebody_elses_old_device_shuts_out_none_of_the_owners(
    new_password, amara, own_device, old_devices, limit_of_ten
):
    new = new_password(amara)
    for device in old_devices[:2]:
        for _ in range(5):
            assert log_in(device, "amara", WRONG).status_code == 422

    log_in(own_device, "amara", new)

    assert "_auth_user_id" in own_device.session


@pytest.mark.threat("T56")
def test_a_cookie_of_the_release_before_is_a_known_one(client, amara, guess, limit_of_ten):
    """The older cookie doesn't say which password was used."""
    value = {"id": "of-before", "logins": [devices._login_digest("amara")]}
    client.cookies["device"] = signing.dumps(value, salt=devices.SALT)
    guess(10)

    log_in(client, "amara")

    assert username_in(client) == "amara"


@pytest.mark.threat("T56")
def test_a_cookie_that_somebody_has_made_up_counts_as_none(client, amara, guess, limit_of_ten):
    client.cookies["device"] = "eyJpZCI6IngifQ:1abc:made-up"
    guess(10)

    assert log_in(client, "amara").status_code == 429


@pytest.mark.threat("T62")
def test_the_cookie_names_nobody_and_no_script_reads_it(own_device):
    """The next child at this computer can look at it."""
    cookie = own_device.cookies["device"]

    assert "amara" not in cookie.value
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.threat("T15", "T55")
def test_a_new_password_opens_the_account_again(amara, guess, limit_of_ten):
    guess(10)

    given = amara.give_one_time_password()

    assert log_in(Client(), "amara", given)["Location"] == "/"


@pytest.mark.threat("T93", "T56")
@pytest.mark.parametrize("login", ["amara", "amara@home.example"])
def test_no_failure_is_kept_against_whoever_comes_after(amara, guess, limit_of_ten, login):
    """Failures are counted by the typed username, and the next account may have the same one."""
    User.objects.filter(pk=amara.pk).update(email="amara@home.example")
    guess(10, login)
    assert log_in(Client(), login).status_code == 429

    Person.objects.get(pk=amara.pk).erase()
    StudentFactory(username="amara", email="amara@home.example")

    assert log_in(Client(), login).status_code == 302


@pytest.mark.threat("T55")
def test_what_is_drawn_by_chance_is_no_word_of_the_school():
    """A digit and a letter in turn are only refused beside a word of the school, or where there are no other
    letters."""
    NoSchoolWord().validate("7t8x9z2c")
    for typed in ["9b-biology-9b", "2026-11-25"]:
        with pytest.raises(ValidationError):
            NoSchoolWord().validate(typed)


@pytest.mark.threat("T55")
@pytest.mark.parametrize("word", ["homeroom2026", "Biology9B-biology", "Teacher-Teacher1", "welcome-school"])
def test_words_of_the_school_alone_make_no_password(client, word):
    fields = {"first_name": "Ada", "last_name": "Bell", "email": "ada@school.example", "password1": word}

    answer = client.post("/accounts/signup/teacher/", fields)

    assert (answer.status_code, username_in(client)) == (422, None)
    assert "That&#x27;s easy to guess at a school." in answer.content.decode()


@pytest.mark.threat("T55")
@pytest.mark.parametrize(
    ("name", "password"),
    [
        ({"first_name": "Kwame"}, "kwame kwame"),
        ({"first_name": "Kwame", "last_name": "Osei"}, "Osei.Kwame-Osei"),
        ({"first_name": "Zoë", "last_name": "Núñez"}, "zoe nunez zoe"),
        ({"first_name": "Zoe"}, "Zoë Zoë Zoë"),
        ({"first_name": "Иван"}, "иваниван2015"),
        ({"first_name": "Mary Ann"}, "annmaryann"),
        ({"first_name": "X", "username": "kw.osei"}, "kw-osei-osei"),
        ({"first_name": "X", "email": "osei.k@school.example"}, "osei osei osei"),
        ({"first_name": "Kwame"}, "kwame biology 9b"),
        ({"first_name": "Kwame"}, "kwame_20151231"),
    ],
)
def test_ones_own_names_alone_make_no_password(name, password):
    """However often they are written, and with numbers and signs between them."""
    with pytest.raises(ValidationError, match="Your own name is easy to guess. Add other words."):
        NoSchoolWord().validate(password, User(kind="student", **name))


@pytest.mark.parametrize("password", ["kwame the goalkeeper", "kwamekwamex", "purple umbrella"])
def test_ones_own_name_with_other_words_does(password):
    NoSchoolWord().validate(
        password, User(kind="student", first_name="Kwame", last_name="B", username="kwame")
    )


def test_with_a_word_of_ones_own_they_do(client):
    fields = {"first_name": "Ada", "last_name": "Bell", "email": "ada@school.example"}

    client.post("/accounts/signup/teacher/", fields | {"password1": "biology teacher umbrella"})

    assert username_in(client) is not None
