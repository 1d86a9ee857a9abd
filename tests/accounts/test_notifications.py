import re
from datetime import timedelta

import pytest

from accounts.models import Notification
from accounts.models.notification import said_again
from tests.notifications import saying

pytestmark = [pytest.mark.django_db, pytest.mark.rule("N1", "N2", "J5")]


@pytest.fixture
def notification(biology, ms_okafor, mr_lind):
    """Both managers were notified of Leo's request; this is Ms Okafor's notification."""
    notifications = Notification.objects.notify(
        [ms_okafor, mr_lind],
        **saying("Amara asks to join Biology 9B."),
        link=f"{biology.path}requests/",
        about="join-request:1",
    )
    return notifications[0]


def test_the_list_shows_mine_newest_first_and_how_many_are_unread(
    sign_in, ms_okafor, mr_brandt, notification
):
    Notification.objects.notify([ms_okafor], **saying("The Code locks in three days."), link="/classes/bio/")
    Notification.objects.notify([mr_brandt], **saying("Not hers."), link="/")

    page = sign_in(ms_okafor).get("/notifications/").content.decode()

    assert page.index("The Code locks") < page.index("Amara asks")
    assert "Not hers." not in page
    assert 'data-unread="2"' in page


@pytest.mark.postgres
def test_thousands_are_notified_by_one_act(ms_okafor):
    """PostgreSQL takes at most 65,535 values with a statement, and a notification has nine."""
    Notification.objects.notify([ms_okafor] * 7_500, **saying("Biology 9B has been deleted."), link="/")

    assert ms_okafor.notifications.count() == 7_500


def test_opening_one_marks_it_read_and_leads_there(sign_in, biology, ms_okafor, notification):
    answer = sign_in(ms_okafor).post(f"/notifications/{notification.pk}/")

    assert (answer.status_code, answer["Location"]) == (303, f"{biology.path}requests/")
    assert not ms_okafor.notifications.unread().exists()


def test_opening_it_again_keeps_the_first_moment(notification, okafors_browser):
    okafors_browser.post(f"/notifications/{notification.pk}/")
    first = Notification.objects.get(pk=notification.pk).read_at

    okafors_browser.post(f"/notifications/{notification.pk}/")

    assert Notification.objects.get(pk=notification.pk).read_at == first


def test_all_of_mine_can_be_marked_read_at_once(sign_in, ms_okafor, mr_lind, notification):
    answer = sign_in(ms_okafor).post("/notifications/read/")

    assert (answer.status_code, answer["Location"]) == (303, "/notifications/")
    assert not ms_okafor.notifications.unread().exists()
    assert mr_lind.notifications.unread().exists()


@pytest.mark.parametrize("happens", ["another is written", "one is said again"])
def test_what_the_page_did_not_show_stays_unread(okafors_browser, ms_okafor, notification, happens):
    """The page may be open since yesterday, and what is read is not mailed any more."""
    Notification.objects.notify([ms_okafor], **saying("Shown."), link="/")
    page = okafors_browser.get("/notifications/").content.decode()
    [until] = re.findall(r'name="until" value="([^"]*)"', page)

    if happens == "another is written":
        Notification.objects.notify([ms_okafor], **saying("New."), link="/")
    else:
        ms_okafor.notifications.filter(pk=notification.pk).update(**said_again(timedelta(minutes=15)))
    newest = ms_okafor.notifications.newest_first().first()
    answer = okafors_browser.post("/notifications/read/", {"until": until}, follow=True)

    assert list(ms_okafor.notifications.unread()) == [newest]
    assert "Mark as read" in answer.content.decode()


@pytest.mark.parametrize("until", ["", "yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_no_odd_moment_is_an_error(okafors_browser, notification, until):
    assert okafors_browser.post("/notifications/read/", {"until": until}).status_code == 303


@pytest.mark.parametrize(("many", "statements"), [(1, 4), (70, 5)])
def test_queries_do_not_grow_with_the_list(sign_in, ms_okafor, count_queries, many, statements):
    """What doesn't fit on the page is counted."""
    Notification.objects.notify([ms_okafor] * many, **saying("Hello."), link="/")
    browser = sign_in(ms_okafor)

    with count_queries(statements):
        browser.get("/notifications/")


def test_a_long_list_is_paged(sign_in, ms_okafor):
    Notification.objects.notify([ms_okafor] * 31, **saying("Hello."), link="/")
    browser = sign_in(ms_okafor)

    assert browser.get("/notifications/").content.decode().count("Hello.") == 30
    assert browser.get("/notifications/?page=2").content.decode().count("Hello.") == 1
    assert browser.get("/notifications/?page=nonsense").status_code == 200
