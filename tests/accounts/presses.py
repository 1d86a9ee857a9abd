"""A form that is open in a browser and submitted more than once."""

import re

from django.contrib.auth import get_user
from django.test import Client

from accounts.models import Letter
from tests.factories import PASSWORD

ROUNDS = range(5)


def username_in(browser):
    """The username of the person who is logged in, or None. Unlike the client's own session, this creates none."""
    return "sessionid" in browser.cookies and get_user(browser).username or None


class Page:
    """A form that is open in a browser. Each press() sends it with the values that it was opened with."""

    def __init__(self, browser, url, **fields):
        page = browser.get(url, follow=True)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)', page.content.decode())[1]
        self.browser, self.fields = browser, fields | {"csrfmiddlewaretoken": token}
        for name in ("opened", "before", "replaces"):  # what pages for administrators send
            if found := re.search(f'name="{name}" value="([^"]+)', page.content.decode()):
                self.fields[name] = found[1]
        self.url = page.redirect_chain[-1][0] if page.redirect_chain else url

    def press(self, browser=None):
        return (browser or self.browser).post(self.url, self.fields)


def before_the_answer(browser):
    """The same browser before the first answer has arrived: it still has the cookies that it sent with the first
    press."""
    again = Client(enforce_csrf_checks=browser.handler.enforce_csrf_checks)
    for name, morsel in browser.cookies.items():
        again.cookies[name] = morsel.value
    return again


def just_logged_in(user):
    """A browser that checks tokens, in which this person has just typed their password, at the log-in and once more."""
    browser = Client(enforce_csrf_checks=True)
    fields = {"login": user.username, "password": PASSWORD}
    assert Page(browser, "/accounts/login/", **fields).press().status_code == 302
    Page(browser, "/accounts/reauthenticate/?next=/", password=PASSWORD, next="/").press()
    return browser


def written_since(before):
    """How many letters there are more than `before`."""
    return Letter.objects.count() - before
