"""What people may change about themselves."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.middleware import LocalTimeMiddleware
from tests.hooks import shown_before

URL = "/accounts/profile/"
NEW = {"first_name": "Ngozi Ada", "last_name": "Okafor", "time_zone": "Africa/Lagos"}
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.rule("A1", "A6"),
    pytest.mark.threat("T43"),
    pytest.mark.engine_free,
]


def test_name_and_time_zone_can_be_changed(sign_in, ms_okafor):
    answer = sign_in(ms_okafor).post(URL, NEW)

    ms_okafor.refresh_from_db()
    assert answer["Location"] == URL
    assert (ms_okafor.full_name, ms_okafor.time_zone) == ("Ngozi Ada Okafor", "Africa/Lagos")


@pytest.mark.rule("J10")
def test_what_was_changed_in_another_tab_or_by_a_teacher_stays(sign_in, ms_okafor):
    """The page still shows the old name in its field, beside the time zone that is chosen now."""
    browser = sign_in(ms_okafor)
    page = browser.get(URL)
    ms_okafor.rename(ms_okafor, "Ngozi Ada", "Okafor")

    browser.post(URL, NEW | {"first_name": "Ngozi"} | shown_before(page))

    ms_okafor.refresh_from_db()
    assert (ms_okafor.full_name, ms_okafor.time_zone) == ("Ngozi Ada Okafor", "Africa/Lagos")
    assert ms_okafor.renames.count() == 1


def test_a_refused_change_shows_the_person_as_they_are(sign_in, ms_okafor):
    answer = sign_in(ms_okafor).post(URL, NEW | {"first_name": "Somebody", "last_name": "x\u200by"})

    assert answer.status_code == 422
    assert answer.context["user"].first_name == "Ngozi"


def test_no_unknown_time_zone_gets_into_an_account(ms_okafor):
    ms_okafor.time_zone = "Mars/Base"  # it would break every page that shows her name

    with pytest.raises(ValidationError):
        ms_okafor.full_clean()


def test_no_name_is_cut_off_by_the_browser(sign_in, ms_okafor):
    assert "maxlength" not in sign_in(ms_okafor).get(URL).content.decode()


def test_pages_show_the_time_of_ones_own_zone(rf, ms_okafor):
    ms_okafor.time_zone = "Pacific/Auckland"
    request = rf.get("/")
    request.user = ms_okafor

    assert (
        LocalTimeMiddleware(lambda request: timezone.get_current_timezone_name())(request)
        == "Pacific/Auckland"
    )
    assert timezone.get_current_timezone_name() == "UTC"
