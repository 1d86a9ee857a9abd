from django.core.management.base import BaseCommand

from classroom.models import Classroom


class Command(BaseCommand):
    help = "Lists the classes whose owner cannot act, because the account is closed or deleted: see hand_over_class."

    def handle(self, **options):
        classes = Classroom.objects.orphaned().as_listed()
        for classroom in classes:
            managers = ", ".join(map(str, classroom.managers())) or "nobody"
            self.stdout.write(f"{classroom.public_id}  {classroom.name}")
            self.stdout.write(f"  owner: {classroom.owner}; looked after by: {managers}")
        if not classes:
            self.stdout.write("Every class has an owner who can act.")
