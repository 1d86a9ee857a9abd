"""Nobody can download all names of a school, and no address reveals anything to somebody who is not logged in."""

import re

import pytest
from django.contrib import admin

from tests.addresses import addresses, routes
from tests.factories import TeacherFactory

FILES = {"classroom:export_roster", "privacy:download_data"}
FOR_MACHINES = {"/healthz", "/readyz", "/robots.txt", "/metrics"}


@pytest.mark.threat("T59")
def test_only_two_addresses_give_a_file_one_class_and_oneself():
    named = [name for name, route, _ in routes() if "admin/" not in route]

    assert {name for name in named if re.search("export|download|dump|csv|json|xls", name)} == FILES


@pytest.mark.threat("T59")
def test_the_admin_exports_nothing(rf, db):
    request = rf.get("/admin/")
    request.user = TeacherFactory(is_staff=True, is_superuser=True)

    for model, site in admin.site._registry.items():
        assert [name for name in site.get_actions(request) if re.search("export|download|csv", name)] == [], (
            model
        )
        assert site.list_per_page <= 100, model
        assert site.list_max_show_all <= 200, model


@pytest.mark.threat("T11", "T13")
@pytest.mark.django_db
def test_no_address_is_a_feed_a_picture_or_a_file_to_who_is_not_logged_in(client, biology):
    known = {"public_id": biology.public_id, "username": "okafor", "key": biology.join_url.key}

    for path in addresses(
        **known, secret="none", invitation_id=1, request_id=1, notification_id=1, uidb36="1"
    ):
        answer = client.get(path)
        assert "Content-Disposition" not in answer, path
        assert path in FOR_MACHINES or answer["Content-Type"].startswith("text/html"), path
        body = answer.content.decode()
        assert [name for name in ("Jonas", "Lind", "okafor") if name in body] == [] or path.startswith(
            "/j/"
        ), path
