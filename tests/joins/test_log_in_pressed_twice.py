"""A log-in with two presses does what the person wanted to do before, and both presses get that answer."""

import pytest
from django.contrib.auth import get_user
from django.test import Client

from accounts.models import FormSubmission
from joins.models import JoinRequest
from tests.accounts.presses import before_the_answer
from tests.factories import PASSWORD
from tests.hooks import hooks, pop_ups
from tests.joins.races import run_together
from tests.joins.test_whose_wish import LOG_IN, asked_by

pytestmark = pytest.mark.django_db


@pytest.mark.rule("J10", "J11")
@pytest.mark.parametrize("wish", ["code", "join url"])
def test_log_in_pressed_twice_loses_no_wish(client, wish, biology, biology_code, join_url, amara):
    """The second press uses the session that the first one has ended, and the person sees its answer."""
    client.post("/join/", {"code": biology_code().code}) if wish == "code" else client.post(join_url.path)
    typed = {"login": "amara", "password": PASSWORD}
    client.get(LOG_IN)
    again = before_the_answer(client)

    client.post(LOG_IN, typed)
    page = again.post(LOG_IN, typed, follow=True)

    assert get_user(again) == amara
    if wish == "code":
        assert page.redirect_chain == [("/join/", 302)]
        assert biology_code().in_threes in hooks(page, "value")
    else:
        assert len(pop_ups(page)) == len(asked_by()) == 1


def test_a_plain_log_in_pressed_twice_writes_nothing_down(client, amara):
    """If there is nothing to lose, a log-in needs no row. A whole school logs in on Monday morning."""
    client.get(LOG_IN)
    client.post(LOG_IN, {"login": "amara", "password": PASSWORD})

    assert not FormSubmission.objects.exists()


@pytest.mark.rule("J10", "J11")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wish", ["code", "join url"])
def test_log_in_pressed_twice_at_once_loses_no_wish(wish, biology, biology_code, join_url, amara):
    for _ in range(5):
        JoinRequest.objects.all().delete()
        client = Client()
        client.post("/join/", {"code": biology_code().code}) if wish == "code" else client.post(join_url.path)
        client.get(LOG_IN)
        browsers = [client, before_the_answer(client)]

        pages = run_together(
            *[
                lambda b=browser: b.post(LOG_IN, {"login": "amara", "password": PASSWORD}, follow=True)
                for browser in browsers
            ]
        )

        assert [get_user(browser) for browser in browsers] == [amara, amara]
        if wish == "code":
            assert [page.redirect_chain for page in pages] == [[("/join/", 302)]] * 2
            assert [biology_code().in_threes in hooks(page, "value") for page in pages] == [True, True]
        else:
            assert [len(pop_ups(page)) for page in pages] == [1, 1]
            assert len(asked_by()) == 1
