from django.core.management.base import BaseCommand, CommandError

from accounts.commands import PERSON_METAVAR, add_yes_option, confirm, describe, get_person, not_empty
from accounts.models import User
from classroom.acts.hand_over import hand_over_orphaned
from classroom.exceptions import Refusal
from classroom.models import Classroom


class Command(BaseCommand):
    help = "Gives a class whose owner cannot act to a teacher, who is told, as are its co-teachers."

    def add_arguments(self, parser):
        parser.add_argument(
            "class", type=not_empty, help="as list_orphaned_classes names it, or the address of its page"
        )
        parser.add_argument(
            "--to", metavar=PERSON_METAVAR, type=not_empty, required=True, help="who owns it from then on"
        )
        add_yes_option(parser)

    def handle(self, to, yes, **options):
        public_id = options["class"].rstrip("/").rpartition("/")[2]
        classroom = Classroom.objects.filter(public_id=public_id).first()
        if classroom is None:
            raise CommandError(f"There is no class {public_id}. See list_orphaned_classes.")
        owner = get_person(User.objects.not_erased(), to)
        confirm(f"This hands {classroom.name} over to {describe(owner)}.", yes)
        try:
            hand_over_orphaned(classroom, owner)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"{describe(owner)} owns {classroom.name} now.")
