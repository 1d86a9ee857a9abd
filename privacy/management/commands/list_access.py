from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db.models import F
from django.utils import timezone

from accounts.administration import withdraw_access
from accounts.commands import PERSON_METAVAR, describe, get_person, not_empty
from accounts.models import User

LINE = "{:<32} {:<10} {:<7} {}"


class Command(BaseCommand):
    help = (
        "Lists who may use the admin, and when they last logged in: to be looked through every three months."
    )

    def add_arguments(self, parser):
        one_of = parser.add_mutually_exclusive_group()
        one_of.add_argument(
            "--withdraw", metavar=PERSON_METAVAR, type=not_empty, help="take the access away from one of them"
        )
        one_of.add_argument(
            "--give",
            metavar=PERSON_METAVAR,
            type=not_empty,
            help="give a teacher access to everything, for example back",
        )

    def handle(self, withdraw, give, **options):
        if withdraw:
            person = get_person(User.objects.operators(), withdraw)
            try:
                withdraw_access(person)
            except ValidationError as error:
                raise CommandError(error.message) from None
            self.stdout.write(f"{describe(person)} has lost the admin, and is logged out everywhere.")
        if give:
            person = get_person(User.objects.active(), give)
            if not person.is_teacher:  # A1, T59
                raise CommandError(f"{describe(person)} is a student. Only a teacher can use the admin.")
            User.objects.filter(pk=person.pk).give_access()
            self.stdout.write(f"{describe(person)} can use the admin, once a second step is set up.")
        self.stdout.write(LINE.format("username", "rights", "account", "last log-in"))
        for person in User.objects.operators().order_by(F("last_login").asc(nulls_first=True), "username"):
            rights = "everything" if person.is_superuser else "staff"
            account = "open" if person.is_active else "closed"
            last = (
                timezone.localtime(person.last_login).strftime("%Y-%m-%d") if person.last_login else "never"
            )
            self.stdout.write(LINE.format(person.username, rights, account, last))
