"""A sheet to print, with the Code for the lesson and the Join URL for the notice board."""

import pytest
import segno

from joins.addresses import as_typed
from tests.hooks import hooks, page_text

pytestmark = [pytest.mark.rule("K7"), pytest.mark.engine_free]


@pytest.mark.rule("K10")
@pytest.mark.threat("T27")
def test_it_shows_the_code_and_how_to_use_it(
    sign_in, url, biology_code, join_url, mr_lind, settings, monkeypatch
):
    """The Code is only in the QR code, behind a #: the part that a browser never sends."""
    drawn, make = [], segno.make
    monkeypatch.setattr(segno, "make", lambda text, **how: drawn.append(text) or make(text, **how))

    page = sign_in(mr_lind).get(url("handout/"))

    assert hooks(page, "data-code") == [biology_code().code]
    assert hooks(page, "data-locks-at") == [biology_code().locks_at.isoformat()]
    assert page.content.decode().count('src="data:image/svg+xml') == 2
    assert drawn == [f"{settings.SITE_URL}/join/#{biology_code().code}", join_url.address]


def test_its_addresses_are_as_people_type_them(client, sign_in, url, join_url, ms_okafor, settings):
    """Without https:// and without a slash at the end."""
    settings.SITE_URL = "https://homeroom.example"

    words = page_text(sign_in(ms_okafor).get(url("handout/")))

    assert "Open homeroom.example/join, or point a camera" in words
    typed = join_url.path.removesuffix("/")
    assert f" homeroom.example{typed} " in f"{words} "
    assert "https://" not in words
    assert client.get(typed).url == join_url.path


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("https://homeroom.example/", "homeroom.example"),
        ("http://192.168.1.5:8000/join/", "192.168.1.5:8000/join"),
        ("http://homeroom/join/", "homeroom/join"),
        ("http://homeroom:8000", "homeroom:8000"),
        ("http://homeroom", "homeroom/"),
    ],
)
def test_a_single_word_keeps_its_slash(address, typed):
    """Without it, browsers would search for the word."""
    assert as_typed(address) == typed


@pytest.mark.rule("K5")
def test_a_locked_code_says_so_on_the_sheet(sign_in, url, locked_code, ms_okafor):
    page = sign_in(ms_okafor).get(url("handout/"))

    assert hooks(page, "data-code-state") == ["locked"]
    assert "The Code is locked" in page.content.decode()


@pytest.mark.threat("T33")
def test_while_the_join_url_is_paused_the_teacher_is_told_before_printing(sign_in, url, join_url, ms_okafor):
    join_url.pause(by=ms_okafor)

    assert "the second sheet doesn't work" in sign_in(ms_okafor).get(url("handout/")).content.decode()
