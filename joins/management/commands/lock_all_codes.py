from django.core.management.base import BaseCommand

from accounts.commands import add_yes_option, confirm
from joins.acts import clock


class Command(BaseCommand):
    help = "Locks every Code of the site: anyone who uses one has to ask. For a database that was stolen or restored."

    def add_arguments(self, parser):
        add_yes_option(parser)

    def handle(self, yes, **options):
        confirm("This locks every Code of the site; only each class's teachers can unlock theirs.", yes)
        self.stdout.write(f"{clock.lock_all()} Codes are locked. Their managers are told.")
