from django.core.management.base import BaseCommand, CommandError

from classroom.exceptions import Refusal
from privacy.models import Person


class PersonCommand(BaseCommand):
    """What an operator does about one person: subclasses define for_person(person), and return what to print."""

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, username, **options):
        person = Person.objects.named().filter(username=username.lower()).first()
        if person is None:
            raise CommandError(f"Nobody has the username {username}.")
        try:
            return self.for_person(person)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
