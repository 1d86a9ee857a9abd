"""What tests/plugin.py changes for all tests."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from classroom.models import Classroom


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("biology")
def test_after_a_test_that_commits_only_the_tables_with_rows_are_emptied():
    types = set(ContentType.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as asked:
        TransactionTestCase()._fixture_teardown()
    emptied = [query["sql"] for query in asked if query["sql"].startswith(("DELETE", "TRUNCATE"))]

    assert not User.objects.exists()
    assert not Classroom.objects.exists()
    assert set(ContentType.objects.values_list("pk", flat=True)) == types
    assert 'DELETE FROM "classroom_classroom"' in emptied
    assert len(emptied) < 12
