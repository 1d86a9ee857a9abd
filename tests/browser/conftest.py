"""One real Chromium for all tests, with a separate browser context for each person."""

from functools import cache

import pytest
from django.conf import settings as homeroom
from django.contrib.staticfiles.handlers import StaticFilesHandlerMixin
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from config.static import JoinedFiles
from joins.acts.ask import ask_by_join_url
from tests.browser.watch import Watch
from tests.conftest import show_second_factor
from tests.factories import MembershipFactory, StudentFactory
from tests.plugin import CHROMIUM

WAIT = 12_000  # milliseconds; what refreshes by itself does so within five seconds on an idle machine
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync"]


@pytest.fixture(scope="session")
def chromium():
    expect.set_options(timeout=WAIT)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop runs in this thread, and Django would refuse to use the database there.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        # Joined once, and kept by each browser as in production. Otherwise it would ask for them anew for each page.
        patch.setattr(JoinedFiles, "find", cache(JoinedFiles.find))
        patch.setattr(StaticFilesHandlerMixin, "serve", to_be_kept(StaticFilesHandlerMixin.serve))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def to_be_kept(serve):
    def serve_to_be_kept(handler, request):
        answer = serve(handler, request)
        answer["Cache-Control"] = "max-age=3600"
        return answer

    return serve_to_be_kept


@pytest.fixture
def open_browser(chromium, live_server, settings):
    """open_browser(user, **options of the context) -> a page in this person's own browser. Logged out without a user.

    At the end of the test, no page may have reported an error or asked another site for anything (T94), unless it was
    opened with `is_watched=False`: a browser reports a lost connection too.
    """
    settings.SITE_URL = live_server.url
    opened = []

    def open_one(user=None, is_watched=True, **options):
        context = chromium.new_context(base_url=live_server.url, reduced_motion="reduce", **options)
        context.set_default_timeout(WAIT)
        if user:
            context.add_cookies([log_in_cookie(user, live_server.url)])
        page = context.new_page()
        opened.append((context, Watch(page, live_server.url) if is_watched else None))
        return page

    yield open_one
    for context, _ in opened:
        context.close()
    assert [complaint for _, watch in opened if watch for complaint in watch.complaints] == []


def log_in_cookie(user, address):
    client = Client()
    client.force_login(user)
    if user.is_staff:
        show_second_factor(client, user)
    name = homeroom.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}


@pytest.fixture
def page(open_browser, ms_okafor, biology):
    """The page of Biology 9B, in its owner's browser."""
    page = open_browser(ms_okafor)
    page.goto(biology.path)
    return page


@pytest.fixture
def grace(db):
    return StudentFactory(username="grace", first_name="Grace", last_name="Tan")


@pytest.fixture
def is_in(biology):
    """is_in(user) makes the user a member of Biology 9B, who joined by Code."""
    return lambda user: MembershipFactory(classroom=biology, user=user)


@pytest.fixture
def asks(biology):
    """asks("Ada") -> the request of a new student called Ada Lee, who asks to join Biology 9B."""
    return lambda name: ask_by_join_url(biology.join_url, by=StudentFactory(first_name=name, last_name="Lee"))
