from privacy.management.person_command import PersonCommand


class Command(PersonCommand):
    help = "Takes one person's name from everything, for good. Their classes have to be handed over before."

    def for_person(self, person):
        person.erase()
        return "Erased. Histories show a deleted person."
