"""What a chat shows of a link: of a Join URL the names on its page, and of a page with a Code or a person nothing."""

import re
from html import unescape

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]


def preview(answer):
    """{"title": …, "description": …, "image": …}, or {}."""
    found = re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', answer.content.decode())
    return {name: unescape(text) for name, text in found if name != "site_name"}


@pytest.fixture(autouse=True)
def school(settings):
    settings.SITE_URL = "https://homeroom.example"


@pytest.mark.rule("J4")
@pytest.mark.threat("T63")
def test_a_join_url_shows_its_class_and_its_owner(client, sign_in, biology, join_url, amara):
    biology.edit(by=biology.owner, name='Biology "9B" & more')

    for browser in (client, sign_in(amara)):
        assert preview(browser.get(join_url.path, headers={"host": "127.0.0.1"})) == {
            "title": 'Biology "9B" & more',
            "description": "Owner: Ngozi Okafor",
            "image": "https://homeroom.example/preview.png",
        }


@pytest.mark.parametrize("path", ["/", "/help/"])
def test_pages_that_are_the_same_for_everybody_show_what_they_are_about(client, path):
    shown = preview(client.get(path))

    assert shown["title"] in {"Homeroom", "Help"}
    assert shown["image"] == "https://homeroom.example/preview.png"


@pytest.mark.rule("K10")
@pytest.mark.threat("T07")
@pytest.mark.parametrize("person", ["ms_okafor", "amara", None])
def test_no_other_page_shows_anything(request, everywhere, client, sign_in, join_url, person):
    """Neither a page that may hold a Code, nor one with somebody's name."""
    browser = sign_in(request.getfixturevalue(person)) if person else client
    public = {join_url.path, "/help/"} | (set() if person else {"/"})

    assert {path for path in everywhere if preview(browser.get(path))} == public
