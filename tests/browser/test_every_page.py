"""Axe and our own checks find no fault on any page, for everybody, at 360 and 1280 px, in light and dark."""

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str

from classroom.models import CoTeacherInvitation
from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.models import JoinCode
from tests.addresses import routes
from tests.browser.eyes import faults_of
from tests.browser.hands import types_password_again
from tests.browser.pages import (
    ACTS,
    MEMBER,
    NEW_OPERATOR,
    NO_PAGES,
    OPERATOR,
    OWNER,
    SIGNED_OUT,
    WITH_REQUESTS,
)

pytestmark = pytest.mark.browser


def test_no_page_is_missing_from_the_list():
    listed = set().union(SIGNED_OUT, OWNER, MEMBER, OPERATOR, NEW_OPERATOR, ACTS, NO_PAGES)

    assert {name for name, *_ in routes() if not name.startswith("admin:")} == listed - {"403", "404"}


@pytest.fixture
def places(biology, ms_okafor, mr_brandt, amara, leo, grace, is_in):
    """Biology 9B with everything in it. Returns what replaces the names in braces."""
    for student in (leo, grace):
        is_in(student)
    amara_waits = ask_by_join_url(biology.join_url, amara)
    JoinCode.objects.get_current(biology).reset(by=ms_okafor)
    biology.change_note(by=ms_okafor, note="Bring a leaf.\nMore: www.school.example/leaf")
    queue.decide(biology, [ask_by_join_url(biology.join_url, mr_brandt).pk], "keep-out", by=ms_okafor)
    _, secret = CoTeacherInvitation.objects.issue(biology, ms_okafor, "ana@school.example")
    unproved = EmailAddress.objects.create(user=leo, email="leo@home.example")
    return {
        "id": biology.public_id,
        "key": biology.join_url.key,
        "secret": secret,
        "request": amara_waits.pk,
        "leo": leo.pk,
        "grace": grace.pk,
        "notification": ms_okafor.notifications.first().pk,
        "confirmation": EmailConfirmationHMAC(unproved).key,
        "reset": f"{user_pk_to_url_str(ms_okafor)}-{default_token_generator.make_token(ms_okafor)}",
    }


@pytest.fixture
def look_at(open_browser, places):
    """look_at(pages, user) fails with a line for each fault on these pages."""

    def look(pages, user=None):
        page = open_browser(user)
        if user:
            types_password_again(page)
        found = []
        for name, address in pages.items():
            page.goto(address.format(**places))
            found += [f"{name}: {fault}" for fault in faults_of(page)]
        if found:
            pytest.fail("\n".join(found), pytrace=False)

    return look


def test_the_pages_for_who_is_signed_out(look_at):
    look_at(SIGNED_OUT)


def test_the_pages_for_the_owner_of_a_class(look_at, ms_okafor):
    look_at(OWNER, ms_okafor)


def test_the_pages_for_a_member(look_at, leo):
    look_at(MEMBER, leo)


def test_the_pages_for_who_waits(look_at, amara):
    look_at(WITH_REQUESTS, amara)
