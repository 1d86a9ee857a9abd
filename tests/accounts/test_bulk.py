import pytest

from accounts.bulk import insert_together
from classroom.models import Event, Membership

pytestmark = pytest.mark.django_db


def test_rows_that_are_inserted_together_are_as_if_saved(biology, amara):
    """They have their pks, and what the database has filled in."""
    membership = Membership(classroom=biology, user=amara, door="join-url")
    event = Event(classroom=biology, kind=Event.Kind.JOIN, by=amara, door="join-url")

    insert_together(membership, event)

    for row in (membership, event):
        usual = type(row).objects.get(pk=row.pk)
        assert not row._state.adding
        assert [getattr(row, field.attname) for field in row._meta.concrete_fields] == [
            getattr(usual, field.attname) for field in usual._meta.concrete_fields
        ]
