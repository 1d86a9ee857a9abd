from privacy.export import as_json
from privacy.management.person_command import PersonCommand


class Command(PersonCommand):
    help = "Prints everything that is held about one person, as JSON."

    def for_person(self, person):
        return as_json(person)
