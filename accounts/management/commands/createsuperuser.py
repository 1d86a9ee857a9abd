from django.contrib.auth.management.commands import createsuperuser
from django.core.management.base import CommandError
from django.db import IntegrityError

from accounts.models import User


class Command(createsuperuser.Command):
    """Django's command, but it says if the username or the email address is taken, instead of breaking off.

    Django compares usernames before ours are in lower case, and addresses not at all. An administrator may have signed
    up as a teacher before, with the same address.
    """

    def handle(self, *args, **options):
        if options["username"]:
            options["username"] = options["username"].lower()
        try:
            super().handle(*args, **options)
        except IntegrityError:
            raise CommandError(
                "Another account has this username or email address. Nothing has been created. Choose another one."
            ) from None

    def get_input_data(self, field, message, default=None):
        """Return what was typed, or None, after which Django asks again."""
        typed = super().get_input_data(field, message, default)
        if typed and field.name == "username":
            return typed.lower()
        if typed and field.name == "email" and User.objects.filter(email__iexact=typed).exists():
            self.stderr.write("Error: Another account has this email address. Type another one.")
            return None
        return typed
