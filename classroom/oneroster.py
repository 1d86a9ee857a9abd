"""The tables that other systems of a school read: OneRoster 1.1, and version 2.1 of Microsoft's School Data Sync.

Both are a zip of CSV files in UTF-8 without a byte-order mark, as 1EdTech's "OneRoster CSV Tables 1.1" and Microsoft's
"SDS v2.1 CSV file format" describe them. Spreadsheet programs never open them, so no apostrophe guards a cell.

Each file is read with an iterator, so the number of people costs no memory.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Exists, OuterRef

from accounts.models import User
from classroom.models import Classroom, Membership, SourcedId
from classroom.models.role_now import ROLE_NOW
from classroom.rights import MANAGERS, OWNER

AT_ONCE = 2000  # rows that an iterator holds in memory


class Table(NamedTuple):
    """One file. `lines` yields a dict for each of its lines, for a School. A column that isn't in the dict is empty."""

    columns: list[str]
    lines: Callable


def table(columns):
    """Decorate the function that yields the lines of the file with these columns."""
    return partial(Table, columns.split())


def _part_of(whole, columns):
    """Return a table with only these columns of another one."""
    names = columns.split()
    return Table(names, lambda school: ({name: line[name] for name in names} for line in whole.lines(school)))


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


@table("propertyName value")
def _manifest(school):
    given = {"academicSessions", "classes", "courses", "enrollments", "orgs", "users"}
    absent = {"categories", "classResources", "courseResources", "demographics", "lineItems"}
    absent |= {"resources", "results"}
    files = {f"file.{file}": "bulk" if file in given else "absent" for file in sorted(given | absent)}
    versions = {"manifest.version": "1.0", "oneroster.version": "1.1"}
    source = {"source.systemName": "Homeroom", "source.systemCode": "homeroom"}
    for name, value in (versions | files | source).items():
        yield {"propertyName": name, "value": value}


# In all of these, `status` and `dateLastModified` are empty, because the files replace what was there.


def _school_year(school):
    dates = {"startDate": school.begins, "endDate": school.ends, "schoolYear": school.ends.year}
    return dates | {"sourcedId": school.year_id, "title": school.year_name, "type": "schoolYear"}


@table("sourcedId status dateLastModified title type startDate endDate parentSourcedId schoolYear")
def _academic_sessions(school):
    year = _school_year(school)
    yield year
    yield year | {"sourcedId": school.term_id, "type": "term", "parentSourcedId": school.year_id}


@table("sourcedId status dateLastModified name type identifier parentSourcedId")
def _orgs(school):
    yield {"sourcedId": school.sourced_id, "name": school.name, "type": "school"}


def _course_id(class_id):
    """Each class is its own course, because Homeroom knows no courses."""
    return f"course-{class_id}"


@table(
    "sourcedId status dateLastModified schoolYearSourcedId title courseCode grades orgSourcedId subjects subjectCodes"
)
def _courses(school):
    of_school = {"schoolYearSourcedId": school.year_id, "orgSourcedId": school.sourced_id}
    for class_id, name, subject in _classes():
        yield of_school | {"sourcedId": _course_id(class_id), "title": name, "subjects": subject}


@table(
    "sourcedId status dateLastModified title grades courseSourcedId classCode classType location schoolSourcedId "
    "termSourcedIds subjects subjectCodes periods"
)
def _class_lines(school):
    of_school = {"schoolSourcedId": school.sourced_id, "termSourcedIds": school.term_id}
    for class_id, name, subject in _classes():
        course = {"courseSourcedId": _course_id(class_id), "classType": "scheduled", "subjects": subject}
        yield of_school | course | {"sourcedId": class_id, "title": name}


@table(
    "sourcedId status dateLastModified enabledUser orgSourcedIds role username userIds givenName familyName middleName "
    "identifier email sms phone agentSourcedIds grades password"
)
def _users(school):
    for person in _people():
        enabled = "true" if person.is_active else "false"
        names = {
            "username": person.username,
            "givenName": person.first_name,
            "familyName": person.family_name,
        }
        place = {"orgSourcedIds": school.sourced_id, "role": person.kind, "enabledUser": enabled}
        yield names | place | {"sourcedId": person.sourced_id, "email": person.shown_email}


@table(
    "sourcedId status dateLastModified classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate"
)
def _enrollment_lines(school):
    for class_id, person_id, role, is_first in _enrollments():
        where = {"classSourcedId": class_id, "schoolSourcedId": school.sourced_id}
        who = {"userSourcedId": person_id, "role": role, "primary": "true" if is_first else "false"}
        yield where | who | {"sourcedId": f"{class_id}-{person_id}"}


@table("sourcedId title type schoolYear startDate endDate")
def _sds_sessions(school):
    yield _school_year(school)


@table("userSourcedId orgSourcedId role sessionSourcedId")
def _sds_roles(school):
    place = {"orgSourcedId": school.sourced_id, "sessionSourcedId": school.year_id}
    for person in _people():
        yield place | {"userSourcedId": person.sourced_id, "role": person.kind}


@table("sourcedId orgSourcedId title sessionSourcedIds")
def _sds_classes(school):
    place = {"orgSourcedId": school.sourced_id, "sessionSourcedIds": school.year_id}
    for class_id, name, _ in _classes():
        yield place | {"sourcedId": class_id, "title": name}


class Format(NamedTuple):
    label: str
    files: dict[str, Table]


FORMATS = {
    "oneroster-1.1": Format(
        "OneRoster 1.1, which most systems read",
        {
            "manifest.csv": _manifest,
            "academicSessions.csv": _academic_sessions,
            "orgs.csv": _orgs,
            "courses.csv": _courses,
            "classes.csv": _class_lines,
            "users.csv": _users,
            "enrollments.csv": _enrollment_lines,
        },
    ),
    "sds-2.1": Format(
        "Microsoft School Data Sync 2.1",
        {
            "orgs.csv": _part_of(_orgs, "sourcedId name type"),
            "academicSessions.csv": _sds_sessions,
            "users.csv": _part_of(_users, "sourcedId username givenName familyName email"),
            "roles.csv": _sds_roles,
            "classes.csv": _sds_classes,
            "enrollments.csv": _part_of(_enrollment_lines, "classSourcedId userSourcedId role"),
        },
    ),
}
DEFAULT_FORMAT = "oneroster-1.1"
