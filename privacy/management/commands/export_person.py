from django.core.management.base import BaseCommand, CommandError

from privacy.held import as_json
from privacy.models import Person


class Command(BaseCommand):
    help = "Prints everything that is held about one person, as JSON."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, username, **options):
        person = Person.objects.named().filter(username=username.lower()).first()
        if person is None:
            raise CommandError(f"Nobody has the username {username}.")
        self.stdout.write(as_json(person))
