"""The people around Biology 9B, and a second class in which none of them has a right."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings

from accounts.models import User
from classroom.acts import class_list
from joins.acts import by_code, queue, slips
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinCode, SignUp, Slip
from tests.clock import time_passes
from tests.factories import (
    ClassroomFactory,
    MembershipFactory,
    StudentFactory,
    TeacherFactory,
    student_called,
)
from tests.joins.guessing import SCHOOL, browser_at, guessed_from_everywhere, join

LISTED = ["Ana López", "Ben Müller", "Cem Kaya"]

# Always the same examples, on a machine as slow as it likes, and without files.
settings.register_profile(
    "homeroom", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("homeroom")


def slip_of(code):
    return Slip.objects.get(join_code__code=code)


@pytest.fixture
def physics(mr_brandt):
    """Mr Brandt teaches in another class."""
    return ClassroomFactory(name="Physics 10", by=mr_brandt)


@pytest.fixture
def physics_code(physics):
    return lambda: JoinCode.objects.get_current(physics)


@pytest.fixture
def new_accounts(physics, physics_code):
    """new_accounts(3) -> that many accounts, created today with the Code of Mr Brandt's Physics 10."""

    def sign_up(how_many):
        students = [StudentFactory() for _ in range(how_many)]
        for student in students:
            by_code.sign_up(physics_code().code, student)
        return students

    return sign_up


@pytest.fixture
def quota_of_three(physics, mr_brandt):
    """Mr Brandt expects one student in Physics 10, but its Code creates accounts for as many as use it."""
    physics.edit(by=mr_brandt, expected_size=1)


@pytest.fixture
def join_url(biology):
    return biology.join_url


@pytest.fixture
def amara_waits(biology, amara, join_url):
    """Amara has asked to join by the Join URL."""
    return ask_by_join_url(join_url, by=amara)


@pytest.fixture
def leo_waits(biology, leo, join_url):
    return ask_by_join_url(join_url, by=leo)


@pytest.fixture
def amara_joined(biology_code, amara):
    """Amara has joined by Code."""
    use_code(biology_code().code, by=amara)


@pytest.fixture
def amara_signed_up(biology, biology_code, amara):
    """Amara's account was created with the Code of Biology 9B, and she is a member."""
    SignUp.objects.create(user=amara, join_code=biology_code())
    return MembershipFactory(classroom=biology, user=amara)


@pytest.fixture
def locked_code(biology_code, ms_okafor):
    """The Code of Biology 9B, locked by Ms Okafor."""
    biology_code().lock(by=ms_okafor)
    return biology_code()


@pytest.fixture
def fill_queue(biology):
    """fill_queue(51) -> that many students ask to join, one after the other."""

    def fill(how_many):
        return [ask_by_join_url(biology.join_url, by=StudentFactory()) for _ in range(how_many)]

    return fill


@pytest.fixture
def asks(biology):
    """asks("Ada Adams") -> the request of a new student with this name."""
    return lambda name: ask_by_join_url(biology.join_url, by=student_called(name))


@pytest.fixture
def decide(biology):
    """decide(by, "approve", a request, another) -> what the queue answers."""

    def answer(by, decision, *join_requests):
        ids = [join_request.pk for join_request in join_requests]
        return queue.decide(biology, ids, decision, by=by)

    return answer


@pytest.fixture
def decided(decide, amara_waits, ms_okafor):
    """decided("deny") -> Amara's request, after Ms Okafor has decided it."""

    def after(decision, by=None):
        decide(by or ms_okafor, decision, amara_waits)
        amara_waits.refresh_from_db()
        return amara_waits

    return after


@pytest.fixture
def press_about(sign_in):
    """press_about(user, "undo", a request) -> the answer."""
    return lambda by, act, asked, fields=None, **more: sign_in(by).post(
        f"/requests/{asked.pk}/{act}/", fields or {}, **more
    )


@pytest.fixture
def asked_at_join_url(client, join_url):
    """Somebody who is logged out has pressed "Ask to join" at the Join URL of Biology 9B."""
    return client.post(join_url.path)


@pytest.fixture
def code_typed(client, biology_code):
    """Somebody who is logged out has typed the Code of Biology 9B."""
    return client.post("/join/", {"code": biology_code().code})


@pytest.fixture
def amara_has_address(amara):
    """Amara has a verified address."""
    amara.emailaddress_set.create(email="amara@school.example", verified=True, primary=True)
    amara.email = "amara@school.example"
    amara.save()
    return amara


@pytest.fixture
def owner():
    return TeacherFactory()


@pytest.fixture
def co_teacher():
    return TeacherFactory()


@pytest.fixture
def fresh_class(owner, co_teacher):
    """fresh_class() -> a new class and its Code, always with the same two teachers."""

    def opened():
        classroom = ClassroomFactory(by=owner)
        MembershipFactory(classroom=classroom, user=co_teacher, role="co-teacher")
        return classroom, JoinCode.objects.get_current(classroom)

    return opened


@pytest.fixture
def school(biology, leo, biology_code):
    """Somebody has joined from the school's network."""
    join(browser_at(SCHOOL, leo), biology_code().code)
    return biology


@pytest.fixture
def guesses_used_up(school, amara):
    """300 wrong Codes have come from as many networks. Amara, whose account is older, is at home."""
    User.objects.update(date_joined=timezone.now() - timedelta(days=3))
    amara.refresh_from_db()
    guessed_from_everywhere(300)


@pytest.fixture
def leaked_code(biology, biology_code, amara, leo):
    """Amara joined by Code two hours ago, Leo just now. Returns that Code."""
    use_code(biology_code().code, by=amara)
    time_passes(hours=2)
    use_code(biology_code().code, by=leo)
    return biology_code()


@pytest.fixture
def noor(db):
    """A stranger, who comes last."""
    return StudentFactory(username="noor")


@pytest.fixture
def listed_class(biology, ms_okafor):
    """Biology 9B, with three names on its list."""
    class_list.keep(biology, LISTED, by=ms_okafor)
    biology.refresh_from_db()
    return biology


@pytest.fixture
def make_slip(listed_class, ms_okafor):
    """make_slip("Ana López") -> the Code of a new slip for her."""

    def made(name=LISTED[0], by=ms_okafor):
        line = listed_class.listed_names.get(name=name)
        slips.make_slips(listed_class, [line.pk], by)
        return Slip.objects.unused().get(listed_name=line).join_code.code

    return made


@pytest.fixture
def waiting(biology):
    return lambda: list(
        biology.join_requests.pending().order_by("pk").values_list("user__username", flat=True)
    )
