"""T74: another site learns nothing by what it makes a logged-in browser fetch."""

import pytest

from tests.tables import tables

LINK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
OURS = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
STOLEN = {
    "fetch": {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"},
    "an image": {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
    "a script": {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
    "a frame": {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    "an object": {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "object"},
}


@pytest.mark.parametrize("page", ["", "/", "/join/", "/static/css/base.css"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("how", STOLEN)
def test_another_site_gets_nothing_of_a_page(sign_in, biology, ms_okafor, page, site, how):
    """T74"""
    answer = sign_in(ms_okafor).get(page or biology.path, headers={"Sec-Fetch-Site": site} | STOLEN[how])

    assert answer.status_code == 403
    assert b"Biology" not in answer.content
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_links_from_other_sites_still_work(sign_in, biology, ms_okafor):
    """T74: a Join URL stands on blogs and in mails."""
    browser = sign_in(ms_okafor)

    for page in ("/", biology.path, biology.join_url.path, "/accounts/profile/"):
        assert browser.get(page, headers=LINK).status_code == 200


def test_what_only_our_pages_ask_for_is_not_even_opened(sign_in, ms_okafor):
    """T74"""
    browser = sign_in(ms_okafor)

    assert browser.get("/waiting/?v=0", headers=LINK).status_code == 403
    assert browser.get("/waiting/?v=0", headers=OURS).status_code == 200


def test_no_form_of_another_site_acts(sign_in, biology, amara):
    """T36, T61, T74: it is refused before its token is looked at."""
    browser, before = sign_in(amara), tables()

    assert browser.post(biology.join_url.path, headers=LINK).status_code == 403
    assert browser.post("/accounts/login/", {"login": "okafor"}, headers=LINK).status_code == 403
    assert tables() == before
    assert (
        browser.post(biology.join_url.path, headers=OURS | {"Sec-Fetch-Mode": "navigate"}).status_code == 302
    )


def test_an_old_browser_that_says_nothing_passes(sign_in, amara):
    assert sign_in(amara).get("/").status_code == 200
