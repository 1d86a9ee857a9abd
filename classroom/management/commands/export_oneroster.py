import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from classroom.acts.export_school import export_school
from classroom.exceptions import SchoolUnknown
from classroom.oneroster import DEFAULT_FORMAT, FORMATS


class Command(BaseCommand):
    help = "Writes the open classes, with their teachers and students, into a zip that a school's other systems read."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="OUT.zip", type=Path, help="an older file there is replaced")
        parser.add_argument("--format", choices=FORMATS, default=DEFAULT_FORMAT, help="default: %(default)s")

    def handle(self, file, **options):
        """Write beside the file first, so that nobody reads half of it. Only its owner can read it."""
        unfinished = file.with_name(f"{file.name}.unfinished")
        try:
            with open(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as binary:
                export_school(binary, options["format"])
            unfinished.replace(file)
        except SchoolUnknown as refusal:
            raise CommandError(refusal.message) from None
        except OSError as error:
            raise CommandError(f"{file} can't be written: {error.strerror}.") from None
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"{file} is written. It has names of people: keep it where nobody else reads it.")
