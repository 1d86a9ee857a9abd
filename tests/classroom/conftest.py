"""The cast inside Biology 9B."""

import pytest

from tests.factories import MembershipFactory


@pytest.fixture
def url(biology):
    """url("edit/") -> that page of Biology 9B."""
    return lambda rest="": biology.path + rest


@pytest.fixture
def amara_is_in(biology, amara):
    return MembershipFactory(classroom=biology, user=amara)


@pytest.fixture
def leo_is_in(biology, leo):
    return MembershipFactory(classroom=biology, user=leo)


@pytest.fixture
def mr_brandt_is_in(biology, mr_brandt):
    """A teacher who is a plain member."""
    return MembershipFactory(classroom=biology, user=mr_brandt)


@pytest.fixture
def told(db):
    """told(amara) -> what the notifications say to her, oldest first."""
    return lambda user: list(user.notifications.order_by("pk").values_list("text", flat=True))


@pytest.fixture
def acts(biology):
    """acts() -> (act, by whom, to whom) in the history of Biology 9B after its opening, oldest first."""

    def lines():
        found = biology.events.order_by("pk").values_list("kind", "by__username", "user__username")
        return list(found)[1:]

    return lines
