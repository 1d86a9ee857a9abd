from django.core.management.base import BaseCommand

from joins.models import JoinCode


class Command(BaseCommand):
    help = "Locks every Code of the site: whoever uses one asks to join. For a database that was stolen or restored."

    def handle(self, **options):
        self.stdout.write(f"{JoinCode.objects.lock_all()} Codes are locked. Their managers are told.")
