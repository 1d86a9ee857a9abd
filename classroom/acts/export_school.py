"""Exporting all open classes of the school for its other systems."""

import csv
import io
import zipfile

from django.conf import settings

from accounts.transactions import snapshot
from classroom.exceptions import NotAllowed, SchoolUnknown
from classroom.models import Event, SourcedId
from classroom.oneroster import FORMATS, School, open_classes, people


def export_school(file, file_format, by=None):
    """Write a zip of `file_format`, one of FORMATS, to a binary file. `by` is an operator; None at the command line.

    All its tables are of one moment. The history of each class says who exported it (T59). Raises NotAllowed, and
    SchoolUnknown without SCHOOL_NAME and SCHOOL_YEAR.
    """
    if by and not by.is_staff:
        raise NotAllowed
    school = _school()
    SourcedId.objects.give(people())
    with snapshot(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in FORMATS[file_format].files.items():
            with archive.open(name, "w") as binary, io.TextIOWrapper(binary, "utf-8", newline="") as text:
                writer = csv.DictWriter(text, table.columns, restval="")
                writer.writeheader()
                writer.writerows(table.lines(school))
        Event.objects.bulk_create(
            Event(classroom=classroom, kind=Event.Kind.EXPORT_ROSTER, by=by) for classroom in open_classes()
        )


def _school():
    if not settings.SCHOOL_NAME or not settings.SCHOOL_YEAR:
        raise SchoolUnknown
    return School(settings.SITE_URL, settings.SCHOOL_NAME, *settings.SCHOOL_YEAR)
