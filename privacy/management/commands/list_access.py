from django.core.management.base import BaseCommand, CommandError
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User

LINE = "{:<32} {:<10} {:<7} {}"


class Command(BaseCommand):
    help = (
        "Lists who may use the admin, and when they last logged in: to be looked through every three months."
    )

    def add_arguments(self, parser):
        who = "USERNAME_OR_EMAIL"
        parser.add_argument("--withdraw", metavar=who, help="take the access away from one of them")
        parser.add_argument(
            "--give", metavar=who, help="give somebody access to everything, for example back"
        )

    def handle(self, withdraw, give, **options):
        if withdraw:
            person = _one(User.objects.operators(), withdraw)
            if not User.objects.operators().active().exclude(pk=person.pk).exists():
                raise CommandError("This is the last operator. Give somebody else access first, with --give.")
            User.objects.filter(pk=person.pk).withdraw_access()
            self.stdout.write(
                f"{person.full_name} ({person.username}) has lost the admin, and is logged out everywhere."
            )
        if give:
            person = _one(User.objects.active(), give)
            User.objects.filter(pk=person.pk).give_access()
            self.stdout.write(
                f"{person.full_name} ({person.username}) can use the admin, once a second step is set up."
            )
        self.stdout.write(LINE.format("username", "rights", "account", "last log-in"))
        for person in User.objects.operators().order_by(F("last_login").asc(nulls_first=True), "username"):
            rights = "everything" if person.is_superuser else "staff"
            account = "open" if person.is_active else "closed"
            last = (
                timezone.localtime(person.last_login).strftime("%Y-%m-%d") if person.last_login else "never"
            )
            self.stdout.write(LINE.format(person.username, rights, account, last))


def _one(people, username_or_email):
    found = list(
        people.filter(Q(username=username_or_email.lower()) | Q(email__iexact=username_or_email))[:2]
    )
    if len(found) != 1:
        raise CommandError(f"{username_or_email} is {'more than one' if found else 'none'} of these people.")
    return found[0]
