"""F15: a class whose row somebody holds keeps others waiting, but nobody out of their account."""

import pytest
from django.contrib.auth import get_user
from django.db import connection

from joins.models import JoinRequest
from tests.factories import PASSWORD

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def busy(biology):
    """Another connection holds the class's row."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM classroom_classroom WHERE id = %s FOR UPDATE", [biology.pk])
    yield
    other.close()


def test_logging_in_works_and_says_that_joining_did_not(client, join_url, amara, busy):
    """J6"""
    client.post(join_url.path)

    page = client.post("/accounts/login/", {"login": "amara", "password": PASSWORD}, follow=True)

    assert get_user(client) == amara
    assert "joining did not work just now" in page.content.decode()
    assert not JoinRequest.objects.exists()
