"""Before a second account of the same name is created in a class, the sign-up asks "Is this you?" (L5)."""

import re
from uuid import uuid4

import pytest
from django.contrib.auth import get_user
from django.test import Client

from accounts.models import User
from classroom.models import Classroom
from joins import twins
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import CheckedCode
from joins.throttle import AllowedTry
from tests.factories import ClassroomFactory, MembershipFactory, StudentFactory, TeacherFactory
from tests.hooks import alerts, page_text
from tests.joins.guessing import SIGN_UP, browser_at

pytestmark = [pytest.mark.django_db, pytest.mark.rule("L5")]
ASKED = "Is this you?"
GRACE = {"first_name": "Amara", "last_name": "Toure", "username": "amara2", "password1": "plain words"}


@pytest.fixture
def sign_up(client, biology_code):
    """sign_up(last_name="Diallo") -> the answer to the press. Without fields it is Amara's name again."""
    return lambda browser=client, **fields: browser.post(
        SIGN_UP, GRACE | {"code": biology_code().code} | fields
    )


def is_asked(answer):
    return answer.status_code == 422 and ASKED in answer.content.decode()


def question(answer):
    """The markup of the question."""
    return answer.content.decode().partition('id="is-this-you"')[2].partition("</section>")[0]


def test_somebody_with_the_name_of_a_member_is_asked_first(sign_up, amara_is_member):
    page = sign_up()

    assert page.status_code == 422
    assert alerts(page) == [
        "Is this you? There's already an account called Amara Toure in this class. Its username begins with “a”."
    ]
    assert not User.objects.filter(username="amara2").exists()


def test_so_is_somebody_with_the_name_of_a_person_who_waits(sign_up, biology, amara):
    ask_by_join_url(biology.join_url, by=amara)

    assert is_asked(sign_up())


def test_nothing_that_was_typed_is_lost(sign_up, amara_is_member):
    form = sign_up(email="amara@home.example").context["form"]

    shown = {name: form[name].value() for name in [*GRACE, "email"]}
    assert shown == GRACE | {"email": "amara@home.example"}
    assert 'value="plain words"' in str(form["password1"])  # as after every other question of this form (M2)


def test_the_next_press_creates_the_account(sign_up, biology, amara_is_member):
    asked = sign_up().context["form"]

    sign_up(**{field.name: field.value() or "" for field in asked if field.name != "code"})

    assert biology.memberships.filter(user__username="amara2").exists()


def test_somebody_who_then_types_the_name_of_another_member_is_asked_again(
    sign_up, biology, amara_is_member, leo
):
    MembershipFactory(classroom=biology, user=leo)

    assert is_asked(sign_up(somebody_else="Amara Toure", first_name="Leo", last_name="Park"))
    assert not is_asked(sign_up(somebody_else="AMARA TOURE"))


@pytest.mark.rule("A5")
def test_whoever_it_is_logs_in_and_the_code_is_still_there(sign_up, client, amara_is_member, biology_code):
    assert 'href="/accounts/login/"' in question(sign_up())

    answer = client.post(
        "/accounts/login/", {"login": "amara", "password": "correct horse battery"}, follow=True
    )

    assert get_user(client).username == "amara"
    assert answer.context["form"]["code"].value().replace("-", "") == biology_code().code


@pytest.mark.parametrize(
    ("first_name", "last_name"), [("AMARA", "toure"), ("Amara Toure", ""), ("Amara", "-Toure")]
)
def test_case_spaces_and_signs_make_no_other_name(sign_up, amara_is_member, first_name, last_name):
    assert is_asked(sign_up(first_name=first_name, last_name=last_name))


@pytest.mark.parametrize("last_name", ["Touré", "Tour", "Touree", ""])
def test_a_name_that_is_only_similar_is_not_asked_about(sign_up, amara_is_member, last_name):
    assert sign_up(last_name=last_name).status_code == 302


@pytest.mark.threat("T11")
def test_nobody_elses_class_is_searched(sign_up, amara):
    MembershipFactory(classroom=ClassroomFactory(), user=amara)

    assert sign_up().status_code == 302


def test_neither_a_teacher_nor_a_closed_account_can_be_the_same_pupil(sign_up, biology, amara_is_member):
    User.objects.filter(username="amara").close()
    teacher = TeacherFactory(first_name="Amara", last_name="Toure")
    MembershipFactory(classroom=biology, user=teacher)

    assert sign_up().status_code == 302


def test_several_of_one_name_are_one_question(sign_up, biology, amara_is_member):
    MembershipFactory(
        classroom=biology,
        user=StudentFactory(username="toure.a", first_name="Amara", last_name="Toure"),
    )

    assert "Its username begins with “a” or “t”." in page_text(sign_up())


@pytest.mark.threat("T11")
@pytest.mark.rule("A6")
def test_a_locked_code_tells_nobody_who_is_in_the_class(sign_up, amara_is_member, biology_code, ms_okafor):
    """Whoever has an unlocked Code is a member one press later, and sees the names there."""
    biology_code().lock(by=ms_okafor)

    assert sign_up().status_code == 302


@pytest.mark.threat("T11")
@pytest.mark.rule("A6")
@pytest.mark.parametrize("waits", [False, True])
def test_nor_does_the_code_of_a_class_whose_students_see_only_the_teachers(sign_up, biology, amara, waits):
    """Who has its Code is a member one press later, and sees no student there either."""
    Classroom.objects.filter(pk=biology.pk).update(hides_members=True)
    if waits:
        ask_by_join_url(biology.join_url, by=amara)
    else:
        MembershipFactory(classroom=biology, user=amara)

    assert not is_asked(sign_up())


@pytest.mark.rule("A6")
def test_nor_does_a_code_that_the_next_one_would_lock(sign_up, amara_is_member, biology):
    biology.expected_size = 0
    biology.save()

    assert sign_up().status_code == 302


@pytest.mark.threat("T11", "T17")
@pytest.mark.parametrize("wrong", ["reset", "unknown", "too short a password", "a taken username"])
def test_a_form_that_creates_no_account_is_told_nothing(
    sign_up, amara_is_member, biology_code, ms_okafor, wrong
):
    fields = {
        "reset": {"code": biology_code().code},
        "unknown": {"code": "BDKRTWXZM"},
        "too short a password": {"password1": "short"},
        "a taken username": {"username": "amara"},
    }[wrong]
    if wrong == "reset":
        biology_code().reset(by=ms_okafor)

    page = sign_up(**fields)

    assert page.status_code == 422
    assert ASKED not in page.content.decode()


@pytest.mark.threat("T11", "T97")
@pytest.mark.parametrize("limit", ["2/h/key,300/h/ip", "30/h/key,2/h/ip"])
def test_the_names_of_a_class_are_told_only_so_often(sign_up, biology, amara_is_member, settings, limit):
    """Beyond that the account is created, and the class sees it. So nobody is kept out, and no guess stays unseen."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"twin": limit}

    answers = [sign_up(browser_at("198.51.100.7"), username=f"amara{number}") for number in range(4)]

    assert [is_asked(answer) for answer in answers] == [True, True, False, False]
    assert biology.memberships.filter(user__username__in=["amara2", "amara3"]).count() == 2


@pytest.mark.rule("J10")
def test_the_second_press_of_a_double_click_is_no_answer(sign_up, amara_is_member):
    """Without scripts nothing keeps it off the button that is in that place by then."""
    [drawn] = re.findall(r'name="drawn" value="(\d+)"', question(sign_up()))
    answer = {"somebody_else": "Amara Toure"}

    assert is_asked(sign_up(**answer, drawn=drawn))
    assert sign_up(**answer, drawn=int(drawn) - 3_000).status_code == 302


@pytest.mark.rule("A9")
def test_the_second_press_of_a_form_is_not_asked_about_the_account_of_the_first(sign_up):
    key = str(uuid4())

    answers = [sign_up(Client(), form_key=key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert User.objects.filter(last_name="Toure").count() == 1


@pytest.mark.parametrize(("lets_in", "statements"), [(True, 1), (False, 0)])
def test_it_takes_one_statement(biology, amara_is_member, count_queries, lets_in, statements):
    checked = CheckedCode(AllowedTry(biology.pk, "", True), biology.owner.pk, lets_in)

    with count_queries(statements):
        assert twins.first_letters(checked, "Leo Park") == []
