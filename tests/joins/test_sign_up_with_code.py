"""A student's account is created with a current Code and in no other way."""

import re

import pytest
from django.contrib.auth import get_user

from accounts.models import Notification, User
from classroom.models import Membership
from joins import codes
from joins.forms.sign_up import SignUpWithCodeForm
from joins.models import JoinRequest
from tests.hooks import alerts, hooks, page_text, pop_ups
from tests.log_in import log_in

URL = "/accounts/signup/student/"
GRACE = {"first_name": "Grace", "last_name": "Tan", "username": "grace", "password1": "plain words"}
UNKNOWN_CODE = "BDKRTWXZ" + codes.check_letter("BDKRTWXZ")
UNKNOWN = (
    "No open class has this Code. Check it, or ask your teacher if it has changed or the class has closed."
)
SPOILT = {  # what happened to the class before the Code is typed; all of it gets the same answer (J0)
    "reset": lambda biology, code, owner: code.reset(by=owner),
    "archived": lambda biology, code, owner: biology.archive(by=owner),
    "deleted": lambda biology, code, owner: biology.delete_class(by=owner),
    "orphaned": lambda biology, code, owner: User.objects.filter(memberships__classroom=biology).close(),
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_up(client):
    """sign_up("BDK-RTW-XZM") -> the page after the press. More fields can be given by name."""
    return lambda code, **fields: client.post(URL, GRACE | {"code": code} | fields, follow=True)


@pytest.fixture
def nobody_new(client, ms_okafor, mr_lind):
    """After the test there are only the teachers' accounts, and nobody is logged in."""
    yield
    assert {user.username for user in User.objects.all()} == {"okafor", "lind"}
    assert not get_user(client).is_authenticated


def card_of(page):
    """The text of the card with the username, in a list that is empty if there is none."""
    return re.findall(r"<section[^>]* data-card>(.*?)</section>", page.content.decode(), re.DOTALL)


def refusals(page):
    """The errors of each field."""
    assert page.status_code == 422
    return page.context["form"].errors


@pytest.mark.rule("A7")
@pytest.mark.parametrize("typed", ["-", "\N{EM DASH}", ".", " - "])
def test_somebody_with_one_name_may_type_a_hyphen_for_the_other(sign_up, biology_code, typed):
    sign_up(biology_code().code, first_name="Siti", last_name=typed)

    assert User.objects.get(username="grace").full_name == "Siti"


@pytest.mark.rule("A3", "J1", "J9")
def test_an_unlocked_code_makes_the_account_and_the_membership(sign_up, client, biology, biology_code):
    page = sign_up(codes.in_threes(biology_code().code).lower())

    grace = User.objects.get(username="grace")
    place = Membership.objects.get(user=grace)
    assert page.redirect_chain == [(biology.path, 302)]
    assert page_text(page).count("You're in Biology 9B.") == 1
    assert (get_user(client), grace.kind, grace.email) == (grace, "student", "")
    assert (place.role, place.door, place.code) == ("member", "code", biology_code().code)
    assert grace.sign_up.join_code == biology_code()


@pytest.mark.rule("A7")
@pytest.mark.parametrize("act", ["as a student", "as a teacher"])
def test_the_new_account_is_sorted_and_found_by_its_name(sign_up, client, biology_code, act):
    if act == "as a student":
        sign_up(biology_code().code)
    else:
        fields = GRACE | {"email": "grace@school.example", "password1": "a large green chalkboard"}
        client.post("/accounts/signup/teacher/", fields)

    grace = User.objects.get(first_name="Grace")
    assert grace.sort_name == f"tan ! grace ! {grace.username}"
    assert grace.search_name == f"grace ! tan ! {grace.username}"


@pytest.mark.rule("M2")
def test_the_new_account_gets_a_card_with_the_username(sign_up, biology_code):
    page = sign_up(biology_code().code)

    assert page.content.decode().count("data-card>") == 1
    assert "You're in Biology 9B. Grace Tan Your username is grace. Write it down." in page_text(page)
    assert "plain words" not in page_text(page)


@pytest.mark.rule("M2")
def test_the_card_survives_a_reload_until_the_next_page(sign_up, client, biology, biology_code):
    (card,) = card_of(sign_up(biology_code().code))

    assert [card_of(client.get(biology.path)) for _ in range(2)] == [[card], [card]]
    assert card_of(client.get(f"{biology.path}members/")) == []
    assert card_of(client.get(biology.path)) == []


@pytest.mark.rule("M2")
def test_what_the_page_asks_by_itself_takes_no_card_away(sign_up, client, biology, biology_code):
    sign_up(biology_code().code)

    client.get(
        "/waiting/", headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{biology.path}"}
    )

    assert len(card_of(client.get(biology.path))) == 1


@pytest.mark.rule("M2")
@pytest.mark.threat("T62")
def test_the_next_pupil_at_the_computer_sees_no_card(sign_up, client, locked_code, amara):
    sign_up(locked_code.code)
    client.post("/accounts/logout/")

    log_in(client, "amara")

    assert card_of(client.get("/")) == []


@pytest.mark.rule("M2")
@pytest.mark.threat("T62")
def test_who_logs_in_again_sees_no_card(sign_up, client, locked_code):
    sign_up(locked_code.code)
    client.post("/accounts/logout/", follow=True)

    client.force_login(User.objects.get(username="grace"))

    assert card_of(client.get("/")) == []


@pytest.mark.rule("M2")
def test_a_new_account_that_waits_gets_the_card_too(sign_up, client, locked_code):
    page = sign_up(locked_code.code)

    assert page.content.decode().count("data-card>") == 1
    assert "Your account is ready. Grace Tan Your username is grace. Write it down." in page_text(page)
    assert len(card_of(client.get("/"))) == 1
    assert card_of(client.get("/join/")) == card_of(client.get("/")) == []


@pytest.mark.rule("A3", "J2", "J6")
def test_a_locked_code_makes_the_account_and_a_join_request(sign_up, client, biology, locked_code):
    page = sign_up(locked_code.code)

    join_request = JoinRequest.objects.get()
    assert (join_request.user.username, join_request.status, join_request.door) == (
        "grace",
        "pending",
        "code",
    )
    assert join_request.user.sign_up.join_code == locked_code
    assert not biology.memberships.filter(user=join_request.user).exists()
    assert page.redirect_chain == [("/", 302)]
    assert len(pop_ups(page)) == 1
    assert pop_ups(client.get("/")) == []


@pytest.mark.rule("J0")
@pytest.mark.threat("T78")
@pytest.mark.parametrize("happened", SPOILT)
def test_a_code_that_dies_while_the_account_is_made_sounds_the_same(
    sign_up, nobody_new, monkeypatch, biology, biology_code, ms_okafor, happened
):
    """After the Code was looked up, and before the account exists."""
    code = biology_code()
    check_code = SignUpWithCodeForm.check_code

    def check_and_spoil(form):
        check_code(form)
        SPOILT[happened](biology, code, ms_okafor)

    monkeypatch.setattr(SignUpWithCodeForm, "check_code", check_and_spoil)

    page = sign_up(code.code)

    assert refusals(page) == {"code": [UNKNOWN]}
    assert "Biology 9B" not in page.content.decode()


@pytest.mark.rule("A3", "J0", "K8")
@pytest.mark.parametrize("happened", SPOILT)
def test_a_code_that_is_dead_makes_no_account(
    sign_up, nobody_new, biology, biology_code, ms_okafor, happened
):
    code = biology_code()
    SPOILT[happened](biology, code, ms_okafor)

    page = sign_up(code.code)

    assert refusals(page) == {"code": [UNKNOWN]}
    assert UNKNOWN in alerts(page)[0]
    assert "Biology" not in page.content.decode()
    assert {"Grace", "Tan", "grace", "plain words", code.code} <= set(hooks(page, "value"))


@pytest.mark.rule("A3", "K3")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (UNKNOWN_CODE, UNKNOWN),
        ("O" + UNKNOWN_CODE[1:], "There's no O in a Code. Check again."),
        ("", "Type the Code from the board."),
    ],
)
def test_what_is_no_code_makes_no_account(sign_up, nobody_new, typed, sentence):
    page = sign_up(typed)

    assert refusals(page) == {"code": [sentence]}


@pytest.mark.rule("A3", "J7")
@pytest.mark.threat("T47")
def test_a_join_url_in_the_field_makes_no_account(sign_up, nobody_new, join_url):
    for typed in (join_url.address, join_url.path):
        assert refusals(sign_up(typed)) == {
            "code": [
                "This is a Join URL, not a Code. Open it in the browser, or ask your teacher for the Code."
            ]
        }
    assert list(refusals(sign_up(join_url.key))) == ["code"]


@pytest.mark.threat("T54")
def test_a_taken_username_is_told_only_to_who_has_a_code(sign_up, biology_code, amara):
    assert refusals(sign_up(UNKNOWN_CODE, username="amara")) == {"code": [UNKNOWN]}
    page = sign_up(biology_code().code, username="Amara")
    assert list(refusals(page)) == ["username"]
    refused = re.search(
        r"Somebody already has this username. If that's you, log in. If not, choose another one. "
        r"For example: (grace.t\d\d) or (grace\d\d).",
        page_text(page),
    )
    assert hooks(page, "data-free") == [" ".join(refused.groups())]
    assert not Membership.objects.filter(user=amara).exists()


@pytest.mark.rule("A3")
def test_all_that_is_wrong_is_said_in_one_round(sign_up, biology_code, amara):
    """Only that a name is taken waits for a right Code (T54)."""
    wrong = {"first_name": "", "username": "amara", "password1": "short", "email": "no address"}

    assert set(refusals(sign_up(biology_code().code, **wrong))) == set(wrong)
    assert set(refusals(sign_up(UNKNOWN_CODE, **wrong))) == {*wrong, "code"} - {"username"}


@pytest.mark.threat("T17", "T22")
def test_a_wrong_code_counts_also_beside_another_error(sign_up, nobody_new):
    for _ in range(10):
        assert "code" in refusals(sign_up(UNKNOWN_CODE, password1="short"))

    page = sign_up(UNKNOWN_CODE, password1="short")
    assert (page.status_code, page["Retry-After"]) == (429, "600")


@pytest.mark.rule("A1")
@pytest.mark.threat("T03")
def test_extra_fields_make_nobody_more_than_a_student_member(sign_up, biology_code):
    sign_up(biology_code().code, kind="teacher", role="owner", is_staff="1", status="approved")

    place = Membership.objects.select_related("user").get(user__username="grace")
    assert (place.role, place.user.kind, place.user.is_staff) == ("member", "student", False)


@pytest.mark.rule("M2")
def test_the_code_that_was_typed_is_one_line_and_email_is_folded(client, sign_up, biology_code):
    """After an error, too; but a field that is wrong is open."""
    client.post("/join/", {"code": biology_code().code})
    first = client.get(URL).content.decode()
    short = sign_up(biology_code().code, password1="short").content.decode()
    wrong = sign_up("BBB", email="no address").content.decode()

    line = f'Code <strong class="mono" dir="ltr" translate="no">{biology_code().in_threes}</strong>'
    assert [line in page for page in (first, short, wrong)] == [True, True, False]
    assert [page.count('<details class="fold" >') for page in (first, short, wrong)] == [1, 1, 0]
    assert ["Use another Code" in page for page in (first, short, wrong)] == [True, True, False]
    assert '<details class="fold" open>' in wrong
    assert 'value="short"' in short


def test_a_code_that_has_been_reset_since_is_not_asked_for_again(client, sign_up, biology_code, ms_okafor):
    """Without this, the page said both "type it again here" and that no open class has it."""
    client.post("/join/", {"code": biology_code().code})
    typed = biology_code().code
    assert "A Code was typed on this computer." not in page_text(client.get(URL))
    assert "A Code was typed on this computer." in page_text(client.get(URL))
    biology_code().reset(by=ms_okafor)

    page = page_text(sign_up(typed))

    assert "No open class has this Code." in page
    assert "A Code was typed on this computer." not in page


@pytest.mark.rule("A5")
def test_the_page_first_asks_whether_one_has_an_account(client):
    page = client.get(URL).content.decode()

    asked, form = page.index("Already have an account?"), page.index('name="first_name"')
    assert asked < page.index("/accounts/login/", asked) < form


def test_who_is_logged_in_makes_no_second_account(sign_in, biology_code, amara, ms_okafor, mr_lind):
    answer = sign_in(amara).post(URL, GRACE | {"code": biology_code().code})

    assert answer.status_code == 403
    assert User.objects.count() == 3


@pytest.mark.rule("K10")
@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("first_name", "This is the Code. Type your first name here."),
        ("last_name", "This is the Code. Type your last name here."),
        ("username", "This is the Code. Choose a username of your own."),
        ("password1", "This is the Code, which your whole class knows. Choose another password."),
    ],
)
def test_the_code_is_no_name_and_no_password(sign_up, biology_code, nobody_new, field, sentence):
    """Usernames are part of addresses, and the whole class would know the password."""
    code = biology_code().code
    for typed in (code, codes.in_threes(code).lower()):
        assert refusals(sign_up(code, **{field: typed})) == {field: [sentence]}


@pytest.mark.rule("J0")
def test_the_code_of_the_form_replaces_the_one_typed_before(client, sign_up, biology_code, physics_code):
    """Somebody who corrects the Code on the way wants to join one class, not two."""
    client.post("/join/", {"code": physics_code().code})

    sign_up(biology_code().code)

    assert [place.classroom.name for place in Membership.objects.filter(user__username="grace")] == [
        "Biology 9B"
    ]


@pytest.mark.rule("J1")
def test_the_managers_are_not_told_of_who_walks_in(sign_up, biology_code):
    sign_up(biology_code().code)

    assert not Notification.objects.exists()
