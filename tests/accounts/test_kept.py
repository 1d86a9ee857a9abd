"""Before people create an account, the page says which data Homeroom keeps and what the school is responsible for."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.threat("T89")]
PAGES = ["/accounts/signup/student/", "/accounts/signup/teacher/"]


@pytest.mark.parametrize("page", PAGES)
def test_both_sign_ups_link_to_what_is_kept(client, page):
    # The other link is in the footer of every page.
    assert client.get(page).content.decode().count('href="/privacy/"') == 2


@pytest.mark.parametrize("page", PAGES)
def test_the_schools_own_notice_and_ground_stand_there_instead(client, settings, page):
    settings.PRIVACY_NOTICE_URL = "https://school.example/privacy"
    settings.CONSENT_BASIS = "Your parents have agreed."

    body = client.get(page).content.decode()

    assert 'href="https://school.example/privacy"' in body
    assert "Your parents have agreed." in body
    assert body.count('href="/privacy/"') == 1  # in the footer of every page


def test_the_page_is_for_everybody_and_says_on_what_ground(client, settings):
    settings.CONSENT_BASIS = "Your parents have agreed."

    assert "Your parents have agreed." in client.get("/privacy/").content.decode()


@pytest.mark.rule("A7")
@pytest.mark.threat("T90")
def test_no_student_is_asked_for_more_than_a_name(client):
    """The last name and the address are optional. Homeroom never asks for a date of birth or a phone number."""
    form = client.get(PAGES[0]).context["form"]

    assert {name: field.required for name, field in form.fields.items() if not field.widget.is_hidden} == {
        "code": True,
        "first_name": True,
        "last_name": False,
        "username": True,
        "password1": True,
        "email": False,
    }
