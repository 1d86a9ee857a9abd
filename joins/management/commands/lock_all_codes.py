from django.core.management.base import BaseCommand

from accounts.commands import add_yes_option, confirm
from joins.acts import clock


class Command(BaseCommand):
    help = (
        "Locks every Code of the site and cancels every unused slip: anyone who uses a Code has to ask. For a "
        "database that was stolen or restored."
    )

    def add_arguments(self, parser):
        add_yes_option(parser)

    def handle(self, yes, **options):
        confirm("This locks every Code of the site; only each class's teachers can unlock theirs.", yes)
        locked, cancelled = clock.lock_all(), clock.cancel_all_slips()
        self.stdout.write(
            f"{locked} Codes are locked, {cancelled} slips are cancelled. Their managers are told."
        )
