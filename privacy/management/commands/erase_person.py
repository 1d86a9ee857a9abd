from accounts.commands import add_yes_option, confirm, describe
from privacy.exceptions import IsAdministrator, OwnsClasses
from privacy.management.person_command import PersonCommand


class Command(PersonCommand):
    help = "Takes one person's name from everything, for good. Their classes have to be handed over before."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        add_yes_option(parser)

    def for_person(self, person):
        if person.is_operator:
            raise IsAdministrator
        if owned := list(person.owned_classes()):
            raise OwnsClasses(owned)  # both are refused before the question below is asked
        confirm(f"This erases {describe(person)} for good.", self.options["yes"])
        person.erase()
        return "Erased. Histories show a deleted person."
