"""docs/privacy.md lists every column that holds personal data, and everybody may read how long it is kept."""

import re
from pathlib import Path

import pytest
from django.apps import apps

pytestmark = pytest.mark.engine_free

PAGE = Path("docs/privacy.md").read_text()
ROWS = dict(re.findall(r"^\| ([a-z]+\.\w+) \| ([^|]*?) \|", PAGE, re.MULTILINE))
NO_PERSONS = {"contenttypes.ContentType", "auth.Group", "auth.Permission", "auth.Group_permissions"}


def _columns():
    kept = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
    return {
        model._meta.label: sorted(
            field.name for field in model._meta.concrete_fields if not field.primary_key
        )
        for model in kept
        if model._meta.label not in NO_PERSONS
    }


@pytest.mark.threat("T90")
def test_every_column_is_written_down_with_its_reason():
    assert {table: sorted(columns.split(", ")) for table, columns in ROWS.items()} == _columns()


@pytest.mark.threat("T90", "T89")
def test_nothing_is_asked_that_nobody_needs():
    never = "birth|phone|address_line|street|gender|sex|photo|avatar|picture|parent|ip_address|user_agent"
    assert [
        (table, name) for table, names in _columns().items() for name in names if re.search(never, name)
    ] == []


@pytest.mark.threat("T92")
@pytest.mark.django_db
def test_the_schedule_is_public(client):
    page = client.get("/privacy/").content.decode()

    assert "A request to join that was answered" in page
    assert "for 30 days" in page
    assert "/privacy/" in client.get("/").content.decode()
