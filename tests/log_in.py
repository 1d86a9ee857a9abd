"""Logging in through the form, as people do. The fixture `sign_in` is quicker, and skips the form."""

from django.test import Client

from tests.factories import PASSWORD

LOG_IN = "/accounts/login/"


def log_in(browser, login, password=PASSWORD, *, follow=False, **fields):
    """Send the log-in form, with more fields if they are given. Returns the answer."""
    return browser.post(LOG_IN, {"login": login, "password": password} | fields, follow=follow)


def log_in_elsewhere(login, password=PASSWORD, **environ):
    """Send the log-in form in a new browser, and return the browser. Its `answer` is the answer to the form."""
    browser = Client(**environ)
    browser.answer = log_in(browser, login, password)
    return browser


def is_in(browser):
    """Whether somebody is logged in."""
    return browser.get("/notifications/").status_code == 200
