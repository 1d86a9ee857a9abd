"""While something locks a class's row, others have to wait, but they can still log in, and nobody waits for long."""

from time import monotonic

import pytest
from django.contrib.auth import get_user
from django.db import OperationalError, connection

from joins.acts.by_code import use_code
from joins.models import JoinRequest
from tests.log_in import log_in

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.fault("F15")]


@pytest.fixture
def busy(biology):
    """Another connection holds the lock on the class's row."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM classroom_classroom WHERE id = %s FOR UPDATE", [biology.pk])
    yield other
    other.close()


@pytest.mark.rule("J6")
def test_logging_in_works_and_says_that_joining_did_not(client, join_url, amara, busy):
    client.post(join_url.path)

    page = log_in(client, "amara", follow=True)

    assert get_user(client) == amara
    assert "joining didn&#x27;t work just now" in page.content.decode()
    assert not JoinRequest.objects.exists()


def test_once_somebody_has_waited_in_vain_nobody_waits_long(biology, biology_code, amara, leo, busy):
    """Otherwise a class of thirty would occupy every thread of the web servers."""
    code = biology_code().code

    first, second = waited_in_vain(code, amara), waited_in_vain(code, leo)
    busy.close()

    assert (first > 1.4, second < 1) == (True, True)
    assert use_code(code, leo).is_member
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("1500ms",)


def waited_in_vain(code, user):
    """How long somebody waited in vain, in seconds."""
    began = monotonic()
    with pytest.raises(OperationalError):
        use_code(code, user)
    return monotonic() - began
