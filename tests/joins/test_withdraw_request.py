"""People who asked to join see who can answer, can cancel, and learn the result."""

import pytest

from classroom.models import Event
from joins.acts.by_code import use_code
from joins.exceptions import AlreadyDecided
from joins.models import JoinRequest
from tests.hooks import alerts, hooks, page_text

pytestmark = pytest.mark.rule("Q4")


def withdraw_path(join_request):
    return f"/requests/{join_request.pk}/withdraw/"


def test_the_card_says_which_class_since_when_and_who_can_approve(sign_in, biology, amara_waits, amara):
    page = sign_in(amara).get("/")

    markup = page.content.decode()
    assert hooks(page, "data-pending") == [biology.public_id]
    assert "Biology 9B" in markup
    assert f'<time datetime="{amara_waits.asked_at:%Y-%m-%dT%H:%M}' in markup
    assert "Ngozi Okafor or Jonas Lind can let you in." in page_text(page)
    assert f'action="{withdraw_path(amara_waits)}"' in markup
    assert "Cancel my request to join Biology 9B Are you sure?" in page_text(page)


def test_the_card_shows_the_class_to_nobody_else(sign_in, amara_waits, leo, ms_okafor):
    for person in (leo, ms_okafor):
        assert hooks(sign_in(person).get("/"), "data-pending") == []


def test_nobody_who_waits_is_told_to_type_the_code(sign_in, amara_waits, amara, leo):
    told = "Type the Code that your teacher gave you."

    assert told not in page_text(sign_in(amara).get("/"))
    assert told in page_text(sign_in(leo).get("/"))


@pytest.mark.rule("Q8")
def test_withdrawing_ends_the_request(sign_in, amara_waits, amara):
    page = sign_in(amara).post(withdraw_path(amara_waits), follow=True)

    amara_waits.refresh_from_db()
    assert (amara_waits.status, amara_waits.decided_by) == ("withdrawn", amara)
    assert page.redirect_chain == [("/", 302)]
    assert "You have cancelled your request to join Biology 9B." in page.content.decode()
    assert hooks(page, "data-pending") == []
    assert Event.objects.get(kind="withdraw_request").by == amara


@pytest.mark.rule("Q3")
@pytest.mark.parametrize(
    ("decision", "status", "became"),
    [
        ("deny", "denied", "A teacher has said no to your request to join Biology 9B already."),
        ("keep-out", "denied", "A teacher has said no to your request to join Biology 9B already."),
        ("approve", "approved", "You have been let in to Biology 9B already."),
    ],
)
def test_too_late_is_told_to_who_asked(
    sign_in, decide, amara_waits, amara, ms_okafor, decision, status, became
):
    decide(ms_okafor, decision, amara_waits)
    page = sign_in(amara).post(withdraw_path(amara_waits))

    assert page.status_code == 409
    assert alerts(page) == [f"{became} There is no request to cancel any more."]
    assert JoinRequest.objects.get().status == status
    with pytest.raises(AlreadyDecided):
        amara_waits.withdraw()


@pytest.mark.rule("J8")
def test_too_late_by_who_has_come_in_by_the_code(sign_in, amara_waits, amara, biology_code):
    use_code(biology_code().code, amara)
    page = sign_in(amara).post(withdraw_path(amara_waits))

    became = "You have joined Biology 9B already."
    assert alerts(page) == [f"{became} There is no request to cancel any more."]


def test_the_page_that_tells_it_refreshes_my_classes_and_not_the_act(
    sign_in, decide, amara_waits, amara, ms_okafor
):
    """The address of the act answers a GET with 405."""
    decide(ms_okafor, "deny", amara_waits)
    page = sign_in(amara).post(withdraw_path(amara_waits))

    assert [address for address in hooks(page, "hx-get") if "withdraw" in address] == []


@pytest.mark.rule("C4")
def test_who_waits_at_shut_doors_is_told_so(amara_waits, biology, ms_okafor, amaras_browser):
    assert "Ngozi Okafor or Jonas Lind can let you in." in page_text(amaras_browser.get("/"))

    biology.archive(by=ms_okafor)

    page = amaras_browser.get("/").content.decode()
    assert "This class isn't letting people in right now. Your request is saved." in page
    assert "can let you in" not in page


@pytest.mark.rule("C4")
def test_a_request_at_an_archived_class_can_be_withdrawn(sign_in, amara_waits, amara, biology, ms_okafor):
    biology.archive(by=ms_okafor)
    sign_in(amara).post(withdraw_path(amara_waits))

    assert JoinRequest.objects.get().status == "withdrawn"
