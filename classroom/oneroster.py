"""The tables that other systems of a school read: OneRoster 1.1, and version 2.1 of Microsoft's School Data Sync.

Both are a zip of CSV files in UTF-8 without a byte-order mark, as 1EdTech's "OneRoster CSV Tables 1.1" and Microsoft's
"SDS v2.1 CSV file format" describe them. Spreadsheet programs never open them, so no apostrophe guards a cell.

A function here yields the lines of one file. Each reads with an iterator, so the number of people costs no memory.
"""

from datetime import date
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Exists, OuterRef

from accounts.models import User
from classroom.models import Classroom, Membership, SourcedId
from classroom.models.role_now import ROLE_NOW
from classroom.rights import MANAGERS, OWNER

AT_ONCE = 2000  # rows that an iterator holds in memory
UNCHANGED = ("", "")  # status and dateLastModified, which are empty in files that replace what was there


class School(NamedTuple):
    """What the school's own settings say. Its ids are made from its address, so they are the same in every export."""

    address: str
    name: str
    begins: date
    ends: date

    @property
    def sourced_id(self):
        return uuid5(NAMESPACE_URL, self.address)

    @property
    def year_id(self):
        return uuid5(self.sourced_id, f"year {self.begins}")

    @property
    def term_id(self):
        """Classes belong to a term, and we know of none: it lasts the whole year."""
        return uuid5(self.sourced_id, f"term {self.begins}")

    @property
    def year_name(self):
        return f"{self.begins.year}-{self.ends.year}"


def open_classes():
    return Classroom.objects.filter(archived_at=None)


def people():
    """The accounts in open classes."""
    places = Membership.objects.not_archived().filter(user=OuterRef("pk"))
    return User.objects.not_erased().filter(Exists(places))


def _classes():
    rows = open_classes().order_by("pk").values_list("public_id", "name", "subject")
    return rows.iterator(AT_ONCE)


class _Person(NamedTuple):
    sourced_id: str
    kind: str
    username: str
    first_name: str
    last_name: str
    email: str
    is_active: bool
    is_verified: bool

    @property
    def family_name(self):
        """Both formats demand one, and some people have one name only (A7)."""
        return self.last_name or self.first_name

    @property
    def shown_email(self):
        """A teacher's, if it is verified. A student's never leaves Homeroom."""
        return self.email if self.kind == User.Kind.TEACHER and self.is_verified else ""


def _people():
    fields = ["username", "first_name", "last_name", "email", "is_active"]
    verified = User.objects.filter(pk=OuterRef("user"), emailaddress__verified=True)
    rows = SourcedId.objects.filter(user__in=people()).order_by("pk")
    columns = ["value", "user__kind", *(f"user__{field}" for field in fields), Exists(verified)]
    return (_Person(*row) for row in rows.values_list(*columns).iterator(AT_ONCE))


def _enrollments():
    """Yield (class id, person's id, role, whether they are the class's first teacher)."""
    places = Membership.objects.not_archived().exclude(user__sourced_id=None).order_by("pk")
    columns = ["classroom__public_id", "user__sourced_id__value", ROLE_NOW, "user__kind"]
    for class_id, person_id, role, kind in places.values_list(*columns).iterator(AT_ONCE):
        # A teacher who is only a member has no say in the class, and must get none elsewhere.
        as_role = "teacher" if role in MANAGERS else "proctor" if kind == User.Kind.TEACHER else "student"
        yield class_id, person_id, as_role, role == OWNER


def _manifest(school):
    given = {"academicSessions", "classes", "courses", "enrollments", "orgs", "users"}
    absent = {"categories", "classResources", "courseResources", "demographics", "lineItems"}
    absent |= {"resources", "results"}
    yield "propertyName", "value"
    yield "manifest.version", "1.0"
    yield "oneroster.version", "1.1"
    for file in sorted(given | absent):
        yield f"file.{file}", "bulk" if file in given else "absent"
    yield "source.systemName", "Homeroom"
    yield "source.systemCode", "homeroom"


def _academic_sessions(school):
    yield (
        *("sourcedId", "status", "dateLastModified", "title", "type", "startDate", "endDate"),
        *("parentSourcedId", "schoolYear"),
    )
    dates, ends_in = (school.begins, school.ends), school.ends.year
    yield school.year_id, *UNCHANGED, school.year_name, "schoolYear", *dates, "", ends_in
    yield school.term_id, *UNCHANGED, school.year_name, "term", *dates, school.year_id, ends_in


def _orgs(school):
    yield "sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"
    yield school.sourced_id, *UNCHANGED, school.name, "school", "", ""


def _course_id(class_id):
    """Each class is its own course, because Homeroom knows no courses."""
    return f"course-{class_id}"


def _courses(school):
    yield (
        *("sourcedId", "status", "dateLastModified", "schoolYearSourcedId", "title", "courseCode"),
        *("grades", "orgSourcedId", "subjects", "subjectCodes"),
    )
    for class_id, name, subject in _classes():
        yield _course_id(class_id), *UNCHANGED, school.year_id, name, "", "", school.sourced_id, subject, ""


def _class_rows(school):
    yield (
        *("sourcedId", "status", "dateLastModified", "title", "grades", "courseSourcedId", "classCode"),
        *("classType", "location", "schoolSourcedId", "termSourcedIds", "subjects", "subjectCodes"),
        "periods",
    )
    for class_id, name, subject in _classes():
        course, where = _course_id(class_id), (school.sourced_id, school.term_id)
        yield class_id, *UNCHANGED, name, "", course, "", "scheduled", "", *where, subject, "", ""


def _users(school):
    yield (
        *("sourcedId", "status", "dateLastModified", "enabledUser", "orgSourcedIds", "role", "username"),
        *("userIds", "givenName", "familyName", "middleName", "identifier", "email", "sms", "phone"),
        *("agentSourcedIds", "grades", "password"),
    )
    for person in _people():
        enabled = "true" if person.is_active else "false"
        names = person.username, "", person.first_name, person.family_name, "", ""
        yield (
            *(person.sourced_id, *UNCHANGED, enabled, school.sourced_id, person.kind),
            *(*names, person.shown_email, "", "", "", "", ""),
        )


def _enrollment_rows(school):
    yield (
        *("sourcedId", "status", "dateLastModified", "classSourcedId", "schoolSourcedId", "userSourcedId"),
        *("role", "primary", "beginDate", "endDate"),
    )
    for class_id, person_id, role, is_first in _enrollments():
        primary = "true" if is_first else "false"
        who = f"{class_id}-{person_id}", *UNCHANGED, class_id, school.sourced_id, person_id
        yield *who, role, primary, "", ""


def _sds_orgs(school):
    yield "sourcedId", "name", "type"
    yield school.sourced_id, school.name, "school"


def _sds_sessions(school):
    yield "sourcedId", "title", "type", "schoolYear", "startDate", "endDate"
    yield school.year_id, school.year_name, "schoolYear", school.ends.year, school.begins, school.ends


def _sds_users(school):
    yield "sourcedId", "username", "givenName", "familyName", "email"
    for person in _people():
        yield person.sourced_id, person.username, person.first_name, person.family_name, person.shown_email


def _sds_roles(school):
    yield "userSourcedId", "orgSourcedId", "role", "sessionSourcedId"
    for person in _people():
        yield person.sourced_id, school.sourced_id, person.kind, school.year_id


def _sds_classes(school):
    yield "sourcedId", "orgSourcedId", "title", "sessionSourcedIds"
    for class_id, name, _ in _classes():
        yield class_id, school.sourced_id, name, school.year_id


def _sds_enrollments(school):
    yield "classSourcedId", "userSourcedId", "role"
    for class_id, person_id, role, _ in _enrollments():
        yield class_id, person_id, role


class Format(NamedTuple):
    label: str
    files: dict  # name -> the function that yields its lines


FORMATS = {
    "oneroster-1.1": Format(
        "OneRoster 1.1, which most systems read",
        {
            "manifest.csv": _manifest,
            "academicSessions.csv": _academic_sessions,
            "orgs.csv": _orgs,
            "courses.csv": _courses,
            "classes.csv": _class_rows,
            "users.csv": _users,
            "enrollments.csv": _enrollment_rows,
        },
    ),
    "sds-2.1": Format(
        "Microsoft School Data Sync 2.1",
        {
            "orgs.csv": _sds_orgs,
            "academicSessions.csv": _sds_sessions,
            "users.csv": _sds_users,
            "roles.csv": _sds_roles,
            "classes.csv": _sds_classes,
            "enrollments.csv": _sds_enrollments,
        },
    ),
}
DEFAULT_FORMAT = "oneroster-1.1"
