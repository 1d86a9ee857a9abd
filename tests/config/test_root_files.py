"""What browsers and phones look for at the root of the site: files without a query or a session, which they keep."""

import json
import struct
from pathlib import Path

import pytest
from django.conf import settings

from tests.hooks import hooks

pytestmark = pytest.mark.engine_free

FILES = {
    "/favicon.ico": "image/x-icon",
    "/apple-touch-icon.png": "image/png",
    "/manifest.webmanifest": "application/manifest+json",
    "/icon-192.png": "image/png",
    "/icon-512.png": "image/png",
    "/icon-maskable-512.png": "image/png",
    "/preview.png": "image/png",
}
LARGEST = 64 * 1024  # bytes


def size_of(path):
    return "{}x{}".format(
        *struct.unpack(">II", Path(settings.WHITENOISE_ROOT, path.strip("/")).read_bytes()[16:24])
    )


@pytest.mark.parametrize(("path", "kind"), FILES.items())
def test_each_is_answered_without_database_and_session_and_kept(client, path, kind):
    """Without the fixture db, a query fails."""
    answer = client.get(path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert answer.headers["Cache-Control"] == "max-age=86400, public"
    assert not answer.cookies
    assert len(b"".join(answer)) < LARGEST


def test_these_are_all_of_them():
    assert {f"/{path.name}" for path in Path(settings.WHITENOISE_ROOT).iterdir()} == set(FILES)


def test_the_manifest_names_icons_that_are_there_in_their_size(client):
    manifest = json.loads(b"".join(client.get("/manifest.webmanifest")))

    assert (manifest["name"], manifest["start_url"]) == ("Homeroom", "/")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    assert "maskable" in {icon.get("purpose") for icon in manifest["icons"]}
    assert [icon["src"] for icon in manifest["icons"] if size_of(icon["src"]) != icon["sizes"]] == []


@pytest.mark.django_db
def test_every_page_names_them(client):
    assert {"/favicon.ico", "/apple-touch-icon.png", "/manifest.webmanifest"} <= set(
        hooks(client.get("/"), "href")
    )
