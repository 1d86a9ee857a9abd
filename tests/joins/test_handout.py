"""A sheet to print, with the Code for the lesson and the Join URL for the notice board."""

import pytest
import segno

from tests.factories import MembershipFactory
from tests.hooks import hooks

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

    words = page.content.decode()

    assert hooks(page, "data-code") == [biology_code().code]
    assert hooks(page, "data-locks-at") == [biology_code().locks_at.isoformat()]
    assert f"{settings.SITE_URL}/join/" in words
    assert join_url.address in words
    assert words.count('src="data:image/svg+xml') == 2
    assert drawn == [f"{settings.SITE_URL}/join/#{biology_code().code}", join_url.address]


@pytest.mark.rule("K5")
def test_a_locked_code_says_so_on_the_sheet(sign_in, url, locked_code, ms_okafor):
    page = sign_in(ms_okafor).get(url("handout/"))

    assert hooks(page, "data-code-state") == ["locked"]
    assert "The Code is locked" in page.content.decode()


@pytest.mark.threat("T33")
def test_while_the_join_url_is_paused_the_teacher_is_told_before_printing(sign_in, url, join_url, ms_okafor):
    join_url.pause(by=ms_okafor)

    assert "nobody can ask by the second sheet" in sign_in(ms_okafor).get(url("handout/")).content.decode()


@pytest.mark.rule("C2")
@pytest.mark.threat("T07")
@pytest.mark.parametrize(("role", "status"), [(None, 404), ("member", 403)])
def test_it_is_the_managers_alone(sign_in, url, biology, mr_brandt, role, status):
    if role:
        MembershipFactory(classroom=biology, user=mr_brandt, role=role)

    assert sign_in(mr_brandt).get(url("handout/")).status_code == status
