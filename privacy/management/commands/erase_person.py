from django.core.management.base import BaseCommand, CommandError

from classroom.exceptions import Refusal
from privacy.models import Person


class Command(BaseCommand):
    help = "Takes one person's name from everything, for good. Their classes have to be handed over before."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, username, **options):
        person = Person.objects.named().filter(username=username.lower()).first()
        if person is None:
            raise CommandError(f"Nobody has the username {username}.")
        try:
            person.erase()
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write("Erased. Histories show a deleted person.")
