"""What the commands of operators share: how they name a person, and that they ask before what cannot be undone."""

import sys
from argparse import ArgumentTypeError

from django.core.management.base import CommandError

WHO = "USERNAME_OR_EMAIL"


def not_empty(typed):
    """The type of an argument that means nothing where it is empty, as an unset variable of a script is."""
    if not typed.strip():
        raise ArgumentTypeError("must not be empty")
    return typed


def the_one(people, typed):
    """Return the one of `people` who has this username or e-mail address. Raises CommandError where that is not one."""
    found = list(people.called(typed)[:2])
    if not found:
        raise CommandError(f"Nobody here has the username or e-mail address {typed}.")
    if len(found) > 1:
        raise CommandError(f"More than one person has the e-mail address {typed}. Give a username.")
    return found[0]


def named(person):
    """As an operator reads who is meant, before a press that cannot be taken back."""
    return f"{person.full_name} ({', '.join(filter(None, [person.username, person.email]))})"


def ask_first(question, is_meant):
    """Ask at the terminal; `is_meant` is what --yes says. Raises CommandError where it is not meant, or nobody can say.

    A script without --yes is refused: its author has not thought of the question, and nobody is there to answer.
    """
    if is_meant:
        return
    if not sys.stdin.isatty():
        raise CommandError(f"{question} Nobody is here to be asked. Nothing has been done; --yes does it.")
    sys.stdout.write(f"{question} Type yes to go on: ")
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() != "yes":
        raise CommandError("Nothing has been done.")


def add_yes(parser):
    parser.add_argument("--yes", action="store_true", help="do it without asking, in a script")
