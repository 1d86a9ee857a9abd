from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.models import User
from classroom.models import Classroom
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinCode, SignUp

PASSWORD = "let me in please"  # noqa: S105 — everybody knows it, so this runs only on localhost
HERE = {"localhost", "127.0.0.1", "::1"}

TEACHERS = {"okafor": ("Ngozi", "Okafor"), "lind": ("Jonas", "Lind"), "brandt": ("Felix", "Brandt")}
IN_BIOLOGY = {
    "amara": ("Amara", "Toure"),
    "grace": ("Grace", "Thompson"),
    "yusuf": ("Yusuf", "Demir"),
    "wei": ("Wei", "Zhang"),
    "sofia": ("Sofía", "Álvarez"),
    "noah": ("Noah", "Goldberg"),
    "fatima": ("Fatima", "Haddad"),
    "priya": ("Priya", "Nair"),
    "ivan": ("Ivan", "Petrov"),
    "kwame": ("Kwame", "Mensah"),
}
WAITING = {
    "leo": ("Leo", "Park"),
    "hana": ("Hana", "Sato"),
    "grace.t": ("Grace", "Thompson"),  # the queue warns about her, because a member has the same name
}
IN_CHESS = ["grace", "wei", "ivan"]

LOG_INS = f"""The demo school, where every password is "{PASSWORD}":
  teacher  okafor  owns Biology 9B, where three wait to be let in
  student  amara   is in Biology 9B"""


class Command(BaseCommand):
    help = "Makes a small demo school, once, and prints its log-ins; only on localhost."

    def handle(self, *args, **options):
        if settings.SITE.hostname not in HERE:
            self.stderr.write("No demo school: everybody knows its password, and SITE_URL is not localhost.")
            return
        with transaction.atomic():
            if not User.objects.filter(username="okafor").exists():
                create_school()
        self.stdout.write(LOG_INS)


def create_school():
    teachers = {username: create_teacher(username, *names) for username, names in TEACHERS.items()}
    students = {
        username: create_account(username, *names) for username, names in (IN_BIOLOGY | WAITING).items()
    }
    in_biology = [teachers["lind"], *(students[username] for username in IN_BIOLOGY)]
    create_biology(teachers["okafor"], in_biology, [students["leo"], students["grace.t"]], students["hana"])
    chess = Classroom.objects.create_class(
        by=teachers["brandt"], name="Chess club", kind="group", colour="blue"
    )
    let_in(chess, [students[username] for username in IN_CHESS])


def create_biology(owner, people, ask_by_url, asks_with_code):
    """Create Biology 9B with its members, the first a co-teacher, and with pending requests by Join URL and by Code."""
    biology = Classroom.objects.create_class(
        by=owner, name="Biology 9B", subject="Biology", grade="9", colour="green", expected_size=30
    )
    let_in(biology, people)
    biology.memberships.get(user=people[0]).make_co_teacher(by=owner)
    for person in ask_by_url:
        ask_by_join_url(biology.join_url, by=person)
    join_code = JoinCode.objects.get_current(biology)
    created_with_it = [person for person in people if not person.is_teacher]
    SignUp.objects.bulk_create(SignUp(user=person, join_code=join_code) for person in created_with_it)
    join_code.lock(by=owner)
    use_code(join_code.code, by=asks_with_code)
    join_code.unlock(by=owner)


def let_in(classroom, people):
    code = JoinCode.objects.get_current(classroom).code
    for person in people:
        use_code(code, by=person)


def create_teacher(username, first_name, last_name):
    email = f"{username}@school.example"
    teacher = create_account(username, first_name, last_name, email=email, kind=User.Kind.TEACHER)
    EmailAddress.objects.create(user=teacher, email=email, primary=True, verified=True)
    return teacher


def create_account(username, first_name, last_name, kind=User.Kind.STUDENT, **fields):
    return User.objects.create_user(
        username, password=PASSWORD, first_name=first_name, last_name=last_name, kind=kind, **fields
    )
