from django.core.management.base import BaseCommand, CommandError

from accounts.commands import PERSON_METAVAR, get_person, not_empty
from classroom.exceptions import Refusal
from privacy.models import Person


class PersonCommand(BaseCommand):
    """Base class for commands about one person. Subclasses define for_person(person), which returns what to print."""

    def add_arguments(self, parser):
        parser.add_argument("person", metavar=PERSON_METAVAR, type=not_empty)

    def handle(self, person, **options):
        self.options = options
        try:
            return self.for_person(get_person(Person.objects.not_erased(), person))
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
