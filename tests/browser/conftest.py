"""One real Chromium for all tests, with a separate browser context for each person."""

import pytest
from django.conf import settings as homeroom
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from tests.browser.watch import Watch
from tests.factories import MembershipFactory, StudentFactory

WAIT = 12_000  # milliseconds; what refreshes by itself does so within five seconds on an idle machine
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync"]


@pytest.fixture(scope="session")
def chromium():
    expect.set_options(timeout=WAIT)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop runs in this thread, and Django would refuse to use the database there.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium, live_server, settings):
    """open_browser(user, **options of the context) -> a page in this person's own browser. Logged out without a user.

    At the end of the test, no page may have reported an error or asked another site for anything (T94).
    """
    settings.SITE_URL = live_server.url
    opened = []

    def open_one(user=None, **options):
        context = chromium.new_context(base_url=live_server.url, reduced_motion="reduce", **options)
        context.set_default_timeout(WAIT)
        if user:
            context.add_cookies([log_in_cookie(user, live_server.url)])
        page = context.new_page()
        opened.append((context, Watch(page, live_server.url)))
        return page

    yield open_one
    for context, _ in opened:
        context.close()
    assert [complaint for _, watch in opened for complaint in watch.complaints] == []


def log_in_cookie(user, address):
    client = Client()
    client.force_login(user)
    name = homeroom.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}


@pytest.fixture
def grace(db):
    return StudentFactory(username="grace", first_name="Grace", last_name="Tan")


@pytest.fixture
def is_in(biology):
    """is_in(user) makes the user a member of Biology 9B, who joined by Code."""
    return lambda user: MembershipFactory(classroom=biology, user=user)
