"""What operators' commands share: they find and name a person alike, and ask before an act that can't be undone."""

import sys
from argparse import ArgumentTypeError

from django.core.management.base import CommandError

PERSON_METAVAR = "USERNAME_OR_EMAIL"


def not_empty(typed):
    """An argparse type that refuses an empty argument, such as an unset variable in a script."""
    if not typed.strip():
        raise ArgumentTypeError("must not be empty")
    return typed


def get_person(people, typed):
    """Return the one of `people` with this username or email address. Raises CommandError unless exactly one has it."""
    found = list(people.with_login(typed)[:2])
    if not found:
        raise CommandError(f"Nobody here has the username or email address {typed}.")
    if len(found) > 1:
        raise CommandError(f"More than one person has the email address {typed}. Give a username.")
    return found[0]


def describe(person):
    """Return full name, username and email address, so that an operator can check that it's the right person."""
    return f"{person.full_name} ({', '.join(filter(None, [person.username, person.email]))})"


def confirm(question, is_confirmed):
    """Ask at the terminal, unless `is_confirmed` (the option --yes). Raises CommandError unless the answer is yes.

    A script without --yes is refused as well, because nobody is there to answer.
    """
    if is_confirmed:
        return
    if not sys.stdin.isatty():
        raise CommandError(f"{question} Nobody is here to be asked. Nothing has been done; --yes does it.")
    sys.stdout.write(f"{question} Type yes to continue: ")
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() != "yes":
        raise CommandError("Nothing has been done.")


def add_yes_option(parser):
    parser.add_argument("--yes", action="store_true", help="do it without asking, in a script")
