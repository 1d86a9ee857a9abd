"""What the database itself refuses to hold, whoever writes it."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from classroom.models import Classroom, Membership
from joins.models import JoinCode, JoinRequest


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (User, {"kind": "staff"}),
        (User, {"kind": ""}),
        (User, {"username": "OKAFOR"}),
        (Classroom, {"kind": "open"}),
        (Membership, {"role": "admin"}),
        (Membership, {"role": ""}),
        (JoinRequest, {"status": "open"}),
        (JoinRequest, {"status": "approved"}),
        (JoinRequest, {"status": ""}),
        (JoinRequest, {"door": "window"}),
        (JoinCode, {"classroom": None}),
    ],
)
def test_an_unknown_or_half_state_is_refused_by_the_database(everywhere, model, fields):
    """T06: nothing is taken for open that is not."""
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=model.objects.latest("pk").pk).update(**fields)
