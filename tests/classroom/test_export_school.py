"""An operator exports all open classes for the school's other systems (T59)."""

import csv
import io
import stat
import zipfile
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from classroom.acts.export_school import export_school
from classroom.exceptions import NotAllowed
from classroom.models import Event, SourcedId
from privacy.models import Person
from tests.factories import MembershipFactory, StudentFactory, TeacherFactory
from tests.hooks import page_text

# One transaction for all tables has to begin outside of any other.
pytestmark = [pytest.mark.threat("T59"), pytest.mark.django_db(transaction=True)]
ONE_ROSTER, SDS = "oneroster-1.1", "sds-2.1"


@pytest.fixture(autouse=True)
def school(settings):
    settings.SCHOOL_NAME = "Hill School, Oslo"
    settings.SCHOOL_YEAR = (date(2026, 8, 1), date(2027, 7, 31))


@pytest.fixture
def robin(biology):
    robin = StudentFactory(
        username="robin", first_name="Robin", last_name="O'Neill", email="robin@home.example"
    )
    MembershipFactory(classroom=biology, user=robin)
    return robin


def export(file_format=ONE_ROSTER, by=None):
    """The tables by name: each is a list of dictionaries."""
    export_school(file := io.BytesIO(), file_format, by=by)
    return read(file.getvalue())


def read(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8"))))
            for name in archive.namelist()
        }


def columns(rows, *names):
    return [tuple(row[name] for name in names) for row in rows]


def test_everybody_in_an_open_class_is_in_it_with_their_role(biology, ms_okafor, mr_lind, robin):
    member = TeacherFactory(username="berg")
    MembershipFactory(classroom=biology, user=member)
    tables = export()

    usernames = {row["sourcedId"]: row["username"] for row in tables["users"]}
    roles = columns(tables["enrollments"], "userSourcedId", "role", "primary")
    assert {(usernames[person], role, primary) for person, role, primary in roles} == {
        ("okafor", "teacher", "true"),
        ("lind", "teacher", "false"),
        ("berg", "proctor", "false"),
        ("robin", "student", "false"),
    }
    assert columns(tables["classes"], "sourcedId", "title") == [(biology.public_id, "Biology 9B")]


@pytest.mark.parametrize(
    ("file_format", "references"),
    [
        (
            ONE_ROSTER,
            {
                ("classes", "courseSourcedId"): "courses",
                ("classes", "schoolSourcedId"): "orgs",
                ("classes", "termSourcedIds"): "academicSessions",
                ("courses", "schoolYearSourcedId"): "academicSessions",
                ("enrollments", "classSourcedId"): "classes",
                ("enrollments", "userSourcedId"): "users",
                ("users", "orgSourcedIds"): "orgs",
            },
        ),
        (
            SDS,
            {
                ("classes", "orgSourcedId"): "orgs",
                ("classes", "sessionSourcedIds"): "academicSessions",
                ("roles", "userSourcedId"): "users",
                ("roles", "orgSourcedId"): "orgs",
                ("roles", "sessionSourcedId"): "academicSessions",
                ("enrollments", "classSourcedId"): "classes",
                ("enrollments", "userSourcedId"): "users",
            },
        ),
    ],
)
def test_every_id_that_a_table_names_is_in_another_one(biology, robin, file_format, references):
    tables = export(file_format)

    for (table, column), other in references.items():
        known = {row["sourcedId"] for row in tables[other]}
        named = {row[column] for row in tables[table]}
        assert named, table
        assert named <= known, (table, column)


def test_the_manifest_names_the_files_that_are_there(biology):
    tables = export()
    given = {row["propertyName"] for row in tables["manifest"] if row["value"] == "bulk"}

    assert given == {f"file.{name}" for name in tables if name != "manifest"}


def test_an_id_is_random_and_the_same_in_the_next_export(biology, robin):
    first, second, sds = export(), export(), export(SDS)

    assert first["users"] == second["users"]
    assert columns(first["users"], "sourcedId") == columns(sds["users"], "sourcedId")
    assert str(robin.pk) not in {row["sourcedId"] for row in first["users"]}


def test_a_students_address_never_leaves_and_a_teachers_only_if_it_is_verified(biology, ms_okafor, robin):
    emails = dict(columns(export()["users"], "username", "email"))

    assert emails == {"okafor": ms_okafor.email, "lind": emails["lind"], "robin": ""}
    ms_okafor.emailaddress_set.update(verified=False)
    assert dict(columns(export(SDS)["users"], "username", "email"))["okafor"] == ""


def test_names_are_plain_text_without_an_apostrophe_or_a_byte_order_mark(biology, robin):
    robin.first_name, robin.last_name = "=1+1", ""
    robin.save()
    export_school(file := io.BytesIO(), ONE_ROSTER)

    with zipfile.ZipFile(file) as archive:
        users = archive.read("users.csv")
    assert users.startswith(b"sourcedId,")
    assert b",=1+1,=1+1," in users  # a family name is demanded


def test_archived_classes_and_erased_people_are_left_out(biology, ms_okafor, robin):
    export()
    biology.archive(by=ms_okafor)

    tables = export()
    assert (tables["classes"], tables["users"], tables["enrollments"]) == ([], [], [])


@pytest.mark.threat("T93")
def test_the_id_goes_with_the_account(biology, robin):
    export()
    Person.objects.get(pk=robin.pk).erase()

    assert not SourcedId.objects.filter(user=robin.pk).exists()


def test_the_history_says_who_exported_it(biology, operator, okafors_browser, url):
    export(by=operator)
    export()

    assert list(
        biology.events.filter(kind=Event.Kind.EXPORT_ROSTER)
        .order_by("pk")
        .values_list("by__username", flat=True)
    ) == [
        "operator",
        None,
    ]
    assert "The administrator of this site exported the member list" in page_text(
        okafors_browser.get(url("history/"))
    )


def test_a_teacher_exports_no_school(biology, ms_okafor):
    with pytest.raises(NotAllowed):
        export(by=ms_okafor)


def test_the_command_writes_a_file_that_only_its_owner_reads(biology, robin, tmp_path):
    file = tmp_path / "school.zip"
    call_command("export_oneroster", file, format=SDS)

    assert columns(read(file.read_bytes())["orgs"], "name") == [("Hill School, Oslo",)]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["school.zip"]


def test_the_command_says_what_is_missing_and_leaves_the_older_file(biology, tmp_path, settings):
    settings.SCHOOL_YEAR = None
    file = tmp_path / "school.zip"
    file.write_text("before")

    with pytest.raises(CommandError, match="Set SCHOOL_NAME and SCHOOL_YEAR first"):
        call_command("export_oneroster", file)
    assert file.read_text() == "before"
    with pytest.raises(CommandError, match="can't be written"):
        call_command("export_oneroster", tmp_path / "nowhere" / "school.zip")


def test_the_administration_has_a_button_for_it(sign_in, operator, biology, robin, settings):
    browser, page = sign_in(operator), reverse("admin:classroom_classroom_export")
    assert page in browser.get(reverse("admin:classroom_classroom_changelist")).content.decode()

    answer = browser.post(page, {"file_format": ONE_ROSTER})
    assert 'filename="oneroster-1.1.zip"' in answer["Content-Disposition"]
    assert len(read(b"".join(answer.streaming_content))["users"]) == 3
    settings.SCHOOL_NAME = ""
    refused = browser.post(page, {"file_format": ONE_ROSTER})
    assert refused.status_code == 422
    assert "Set SCHOOL_NAME" in page_text(refused)
    assert browser.post(page, {"file_format": "odd"}).status_code == 422


def test_only_operators_get_to_the_button(okafors_browser):
    assert okafors_browser.get(reverse("admin:classroom_classroom_export")).status_code in (302, 403, 404)


def test_the_number_of_queries_does_not_grow_with_the_people(biology, django_assert_max_num_queries):
    for _ in range(30):
        MembershipFactory(classroom=biology, user=StudentFactory())
    with django_assert_max_num_queries(25):
        export()
