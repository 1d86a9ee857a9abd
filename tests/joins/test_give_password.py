"""A manager gives a student a one-time password, and everybody concerned knows."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user

from accounts.models import User
from joins.models import JoinCode, SignUp
from tests.factories import PASSWORD
from tests.hooks import alerts, hooks, page_text
from tests.log_in import log_in_elsewhere
from tests.notifications import notification_texts

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T15")]


def created_with_code_of(classroom, user):
    SignUp.objects.create(user=user, join_code=JoinCode.objects.current_of(classroom))


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

    assert "This is the password from your teacher" in page_text(
        browser.post("/accounts/password/change/", new)
    )


@pytest.mark.threat("T59")
def test_nobody_gives_an_operator_one(give, amara_signed_up, amara):
    """The operator's account once belonged to a student of the class."""
    User.objects.filter(pk=amara.pk).update(is_staff=True)

    answer = give()

    assert (hooks(answer, "data-one-time"), answer.status_code) == ([], 409)
    assert "is an operator of this site" in alerts(answer)[0]


def test_looking_at_the_page_gives_nothing(sign_in, ms_okafor, page, amara, amara_signed_up):
    answer = sign_in(ms_okafor).get(page)

    amara.refresh_from_db()
    assert (hooks(answer, "data-one-time"), amara.check_password(PASSWORD)) == ([], True)


def test_it_is_shown_this_once_and_opens_the_account(give, amara_signed_up):
    answer = give()
    [password] = hooks(answer, "data-one-time")

    assert get_user(log_in_elsewhere("amara", password)).username == "amara"
    assert "no-store" in answer["Cache-Control"]


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
        "Amara Toure has been given a one-time password in Biology 9B. The history tells by whom."
    ]
    assert notification_texts(ms_okafor) == []
    act = biology.events.latest("pk")
    assert (act.kind, act.by, act.user) == ("give_password", ms_okafor, amara)


REFUSED = {
    "a teacher": lambda amara, classroom: User.objects.filter(pk=amara.pk).update(kind="teacher"),
    "a verified address": lambda amara, classroom: EmailAddress.objects.create(
        user=amara, email="amara@home.example", verified=True, primary=True
    ),
    "an account from elsewhere": lambda amara, classroom: SignUp.objects.update(
        join_code=JoinCode.objects.current_of(classroom)
    ),
    "an account of the school": lambda amara, classroom: SignUp.objects.all().delete(),
}


@pytest.mark.parametrize("case", REFUSED)
def test_nobody_else_gets_one_from_here(case, sign_in, ms_okafor, page, amara, amara_signed_up, physics):
    """Joining a class is not enough; its Code must have created the account."""
    REFUSED[case](amara, physics)
    browser = sign_in(ms_okafor)

    looked, pressed = browser.get(page), browser.post(page)

    amara.refresh_from_db()
    assert "No password for Amara Toure from here" in page_text(looked)
    assert (pressed.status_code, len(alerts(pressed)), hooks(pressed, "data-one-time")) == (409, 1, [])
    assert (amara.check_password(PASSWORD), amara.one_time_until) == (True, None)
    assert not amara_signed_up.classroom.events.filter(kind="give_password").exists()


def test_who_has_left_the_class_gets_none(sign_in, ms_okafor, page, amara, amara_signed_up):
    amara_signed_up.leave()

    browser = sign_in(ms_okafor)
    for answer in (browser.get(page), browser.post(page)):
        assert (answer.status_code, alerts(answer)) == (
            409,
            ["This person is no longer in the class."],
        )


def test_a_code_that_has_been_reset_since_is_of_the_class_all_the_same(
    give, biology_code, ms_okafor, amara_signed_up
):
    biology_code().reset(by=ms_okafor)

    assert len(hooks(give(), "data-one-time")) == 1
