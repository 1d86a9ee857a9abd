"""What an attacker has before them: every address of a class in which everybody has a part."""

import pytest

from tests.factories import MembershipFactory
from tests.joins.pages import addresses

VISITORS = [
    "nobody",
    "amara",
    "leo",
    "ms_okafor",
    "mr_brandt",
]  # a member, one who waits, the owner, a stranger


@pytest.fixture
def everywhere(biology, amara, leo, ms_okafor):
    """Every address, of a class in which Amara is a member and for which Leo waits."""
    MembershipFactory(classroom=biology, user=amara)
    asked = biology.join_url.ask(by=leo)
    return addresses(
        classroom_id=biology.public_id,
        username="amara",
        key=biology.join_url.key,
        request_id=asked.pk,
        notification_id=ms_okafor.notifications.get().pk,
        uidb36="1",
    )


@pytest.fixture
def browser_of(request, client, sign_in):
    return lambda name: client if name == "nobody" else sign_in(request.getfixturevalue(name))
