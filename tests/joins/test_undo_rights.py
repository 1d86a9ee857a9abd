"""Who may undo a decision, or let somebody in after all (C2)."""

import pytest

from classroom.exceptions import NotAllowed
from joins.acts import undo
from joins.models import JoinRequest
from tests.factories import MembershipFactory

pytestmark = pytest.mark.rule("Q9")


@pytest.mark.rule("C2")
@pytest.mark.threat("T01")
@pytest.mark.parametrize("act", ["undo", "let-in"])
def test_only_managers_of_the_class_may(decided, press_about, biology, amara, leo, mr_brandt, act):
    """A stranger learns nothing, not even that there is such a request."""
    join_request = decided("deny")
    MembershipFactory(classroom=biology, user=leo)

    assert press_about(mr_brandt, act, join_request).status_code == 404
    assert press_about(amara, act, join_request).status_code == 404
    assert press_about(leo, act, join_request).status_code == 403
    assert JoinRequest.objects.get().status == "denied"


@pytest.mark.threat("T09")
@pytest.mark.parametrize("act", [undo.undo, undo.let_in_after_all])
def test_the_role_is_read_again_in_the_act_itself(decided, biology, mr_lind, act):
    """He lost it between the check of the page and the act."""
    join_request = decided("deny")
    biology.memberships.filter(user=mr_lind).update(role="member")

    with pytest.raises(NotAllowed):
        act(join_request, by=mr_lind)
    assert JoinRequest.objects.get().status == "denied"
