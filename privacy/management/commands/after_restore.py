from datetime import timedelta

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from accounts.commands import add_yes_option, confirm
from accounts.models import Digest, Letter, Notification, Session, User
from classroom.acts import invite
from joins.acts import clock
from privacy.models import Person

# Primary keys skipped in each table, so that none from after the backup is used again.
KEYS_SKIPPED = 1_000_000
SKIP_KEYS = {
    "postgresql": "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, last_value + %s) "
    "FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL",
    "sqlite": "UPDATE sqlite_sequence SET seq = seq + %s",
}


class Command(BaseCommand):
    help = (
        "For a database that has just been restored, before anybody uses it; bin/restore runs it. Migrates it, locks "
        "every Code, cancels unused slips, ends invitations to be a co-teacher, erases who is on the deletion list, "
        "closes accounts and takes operators' rights that were taken since, ends every session. Cut short, it is run "
        "again."
    )

    def add_arguments(self, parser):
        add_yes_option(parser)

    def handle(self, yes, **options):
        confirm("This is for a database that has just been restored: it logs everybody out.", yes)
        self._lift_time_limit()
        call_command("prepare")
        self._skip_keys()
        self._end_unfinished()
        self.stdout.write(f"{clock.lock_all()} Codes are locked.")
        self.stdout.write(f"{clock.cancel_all_slips()} slips are cancelled.")
        self.stdout.write(f"{invite.end_all()} invitations have ended.")
        self.stdout.write(f"{Person.objects.finish_erasures()} on the deletion list are erased again.")
        closed, withdrawn = User.objects.reapply_deletion_list()
        self.stdout.write(f"{len(closed)} accounts are closed again{_list_of(closed)}.")
        self.stdout.write(f"{len(withdrawn)} operators lose the admin again{_list_of(withdrawn)}.")

    def _lift_time_limit(self):
        """Turn off PostgreSQL's statement_timeout: the statements here may be slow, and nobody waits for them yet."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")

    def _skip_keys(self):
        """Skip KEYS_SKIPPED primary keys in each table.

        Otherwise a new account could get the key of one created after the backup and now lost, and old links and lines
        of the deletion list would point to the wrong person.
        """
        with connection.cursor() as cursor:
            cursor.execute(SKIP_KEYS[connection.vendor], [KEYS_SKIPPED])

    def _end_unfinished(self):
        """End sessions, one-time passwords and password links; drop mails that may have been sent after the backup."""
        Session.objects.all().delete()
        User.objects.log_out_everywhere()
        # A password link is valid only while last_login stays the same, so moving it by a second ends the link.
        User.objects.exclude(last_login=None).update(last_login=F("last_login") + timedelta(seconds=1))
        User.objects.exclude(one_time_until=None).update(one_time_until=Now())
        Letter.objects.all().delete()
        Digest.objects.filter(sent_at=None, given_up_at=None).delete()
        Notification.objects.to_mail().update(mail_at=None)


def _list_of(usernames):
    return f": {', '.join(usernames)}" if usernames else ""
