"""Photographs the demo school for the README: door panel, board and approval queue, in light and dark.

Moment, Code and Join URL are always the same, so that a picture changes only if its page does. Nothing is served at a
port: the browser's requests are answered in this process, so the pages show the address of a school. `bin/pictures`
runs it with a database of its own.
"""

import mimetypes
import random
import secrets
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db.models.functions import Now
from django.template import defaulttags
from django.test import Client, override_settings
from django.utils import timezone
from django.utils.timesince import timeuntil
from playwright.sync_api import sync_playwright

from accounts.models import User
from classroom.models import Classroom
from joins.management.commands.seed_demo import create_school
from joins.models import JoinRequest
from joins.templatetags import joins as tags
from tests.browser.conftest import FLAGS

HOST = "school.example"
NOW = datetime(2026, 9, 7, 8, 55, tzinfo=UTC)  # the first Monday of a school year
SEED = 4  # gives a Code of nine different letters
BETWEEN_REQUESTS = timedelta(minutes=4)
# Name of the picture: the page, what of it is in the picture, and how much room is below that, in px.
PICTURES = {
    "door": ("{path}", ".band, #door", 16),
    "board": ("{path}board/", "#board", 0),
    "queue": ("{path}requests/", ".band, #queue", 16),
}
WINDOW = {"width": 1080, "height": 608}  # px; the board fills it
SETTLED = 1500  # ms, until buttons that act on several people are no longer held (J10)
SHARPNESS = 1.25  # pixels of the picture for each px of the page


class Then(datetime):
    """The `datetime` of the tag {% now %}, which asks no other clock."""

    @classmethod
    def now(cls, tz=None):
        return NOW.astimezone(tz)


def take_pictures(folder):
    Path(folder).mkdir(parents=True, exist_ok=True)
    with (
        patch.object(timezone, "now", lambda: NOW),
        patch.object(Now, "as_sqlite", lambda *args, **kwargs: (f"'{NOW:%Y-%m-%d %H:%M:%S}'", [])),
        patch.object(defaulttags, "datetime", Then),
        patch.object(tags, "timeuntil", partial(timeuntil, now=NOW)),
        override_settings(SITE_URL=f"https://{HOST}", ALLOWED_HOSTS=[HOST]),
        sync_playwright() as playwright,
    ):
        biology, okafor = open_school()
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for scheme in ("light", "dark"):
            page = open_page(chromium, okafor, scheme)
            for name, (address, crop, below) in PICTURES.items():
                page.goto(f"https://{HOST}{address.format(path=biology.path)}")
                take(page, crop, below, Path(folder) / f"{name}-{scheme}.png")
            page.close()
        chromium.close()


def open_school():
    """Return Biology 9B of the demo school and the browser of its owner."""
    call_command("migrate", verbosity=0)
    chance = random.Random(SEED)  # noqa: S311 — this school is only for the pictures
    with (
        patch.object(secrets, "choice", chance.choice),
        patch.object(secrets, "token_bytes", chance.randbytes),
    ):
        create_school()
    User.objects.update(date_joined=NOW)
    for at, asked in enumerate(JoinRequest.objects.order_by("-pk"), start=1):
        JoinRequest.objects.filter(pk=asked.pk).update(asked_at=NOW - at * BETWEEN_REQUESTS)
    browser = Client(headers={"host": HOST})
    browser.force_login(User.objects.get(username="okafor"))
    return Classroom.objects.get(name="Biology 9B"), browser


def open_page(chromium, browser, scheme):
    """A page whose requests `browser` answers."""

    def answer(route):
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            file = finders.find(path.removeprefix("/static/"))
            route.fulfill(path=file, content_type=mimetypes.guess_type(path)[0])
        else:
            reply = browser.get(path)
            route.fulfill(status=reply.status_code, headers=dict(reply.headers), body=reply.content)

    page = chromium.new_page(
        viewport=WINDOW,
        device_scale_factor=SHARPNESS,
        color_scheme=scheme,
        reduced_motion="reduce",
        timezone_id="UTC",
    )
    page.route("**/*", answer)
    page.clock.set_fixed_time(NOW)
    return page


def take(page, crop, below, file):
    """Photograph the smallest rectangle that holds all that `crop` selects, and `below` px more."""
    page.wait_for_timeout(SETTLED)
    boxes = [place.bounding_box() for place in page.locator(crop).all()]
    left, top = min(box["x"] for box in boxes), min(box["y"] for box in boxes)
    right = max(box["x"] + box["width"] for box in boxes)
    bottom = max(box["y"] + box["height"] for box in boxes)
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top + below}
    page.screenshot(path=file, clip=clip, full_page=True)
