from django.core.management.base import BaseCommand
from django.db.models import F
from django.utils import timezone

from accounts.models import User

LINE = "{:<32} {:<10} {:<7} {}"


class Command(BaseCommand):
    help = (
        "Lists who may use the admin, and when they last logged in: to be looked through every three months."
    )

    def add_arguments(self, parser):
        parser.add_argument("--withdraw", metavar="USERNAME", help="take the access away from one of them")

    def handle(self, withdraw, **options):
        if withdraw:
            taken = User.objects.operators().filter(username=withdraw.lower()).withdraw_access()
            self.stdout.write(f"{taken} accounts have lost the admin, and are logged out everywhere.")
        self.stdout.write(LINE.format("username", "rights", "account", "last log-in"))
        for person in User.objects.operators().order_by(F("last_login").asc(nulls_first=True), "username"):
            rights = "everything" if person.is_superuser else "staff"
            account = "open" if person.is_active else "closed"
            last = (
                timezone.localtime(person.last_login).strftime("%Y-%m-%d") if person.last_login else "never"
            )
            self.stdout.write(LINE.format(person.username, rights, account, last))
