"""Error pages need no database (T76). Without the `db` fixture any query fails the test."""

import pytest
from django.db import OperationalError
from django.test import Client

from config import views


def test_an_unknown_page(client):
    """T76"""
    answer = client.get("/no/such/page/")

    assert answer.status_code == 404
    assert b"<h1>" in answer.content


def test_a_form_without_its_token():
    """T76"""
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "amara"})

    assert answer.status_code == 403
    assert b"<h1>" in answer.content


@pytest.mark.parametrize(("fault", "status"), [(ValueError, 500), (OperationalError, 503)])
def test_a_database_that_is_away_is_no_fault_of_ours(rf, fault, status):
    """T76"""
    try:
        raise fault
    except fault:
        answer = views.server_error(rf.get("/"))

    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) is (status == 503)
