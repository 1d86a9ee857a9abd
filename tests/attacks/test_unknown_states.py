"""States that the database itself refuses, whichever code writes them."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from accounts.models import User
from classroom.models import Classroom, Membership
from joins.models import JoinCode, JoinRequest, JoinURL

NOW = Now()


@pytest.mark.threat("T06")
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
        (Classroom, {"archived_at": NOW}),
        (Membership, {"door": "join-url"}),
        (Membership, {"door": "opened"}),
        (JoinCode, {"classroom": None}),
        (JoinCode, {"locked_by": 1}),
        (JoinCode, {"crowded": True}),
        (JoinCode, {"retired_at": NOW}),
        (JoinURL, {"paused_at": NOW}),
    ],
)
def test_an_unknown_or_half_state_is_refused_by_the_database(everywhere, model, fields):
    """So a broken row can never make a class or a Code look open."""
    with pytest.raises(IntegrityError, match="(?i)check"), transaction.atomic():
        model.objects.filter(pk=model.objects.latest("pk").pk).update(**fields)
