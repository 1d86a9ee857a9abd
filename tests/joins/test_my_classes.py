"""My classes tells a teacher which Codes are locked or soon will be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from joins.models import JoinCode
from tests.factories import MembershipFactory
from tests.hooks import page_text

pytestmark = pytest.mark.rule("K11")


@pytest.fixture
def locks_in(biology):
    """locks_in(days=2) changes when the Code of Biology 9B locks."""
    return lambda **span: JoinCode.objects.filter(classroom=biology).update(
        locks_at=timezone.now() + timedelta(**span)
    )


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ({"days": 13}, ""),
        ({"days": 3, "hours": 1}, ""),
        ({"days": 2, "minutes": 5}, "2 days left"),
        ({"hours": 5, "minutes": 5}, "5 hours left"),
        ({"seconds": -1}, "Locked"),
    ],
)
def test_a_class_says_how_long_its_code_is_unlocked(okafors_browser, locks_in, span, told):
    locks_in(**span)

    words = page_text(okafors_browser.get("/")).replace("\xa0", " ")

    assert [text for text in ("2 days left", "5 hours left", "Locked", " left") if text in words][:1] == [
        told
    ][: bool(told)]


def test_a_class_whose_code_somebody_locked_says_so(okafors_browser, locked_code):
    assert "Locked" in page_text(okafors_browser.get("/"))


@pytest.mark.rule("C2")
@pytest.mark.threat("T07")
def test_a_member_is_not_told(amaras_browser, amara, biology, locks_in):
    MembershipFactory(classroom=biology, user=amara)
    for span in ({"days": 1}, {"days": -1}):
        locks_in(**span)
        assert "Locked" not in page_text(amaras_browser.get("/"))
        assert " left" not in page_text(amaras_browser.get("/"))
