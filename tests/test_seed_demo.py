import pytest
from django.core.management import call_command

from accounts.models import User
from classroom.models import Classroom, Event
from joins.models import JoinCode, JoinRequest
from tests.log_in import log_in


@pytest.fixture
def seed(capsys, db):
    def run():
        call_command("seed_demo")
        return capsys.readouterr()

    return run


def test_the_demo_school_has_a_class_a_queue_and_a_club(seed, client):
    seed()

    biology = Classroom.objects.get(name="Biology 9B")
    assert [manager.username for manager in biology.managers()] == ["okafor", "lind"]
    assert biology.memberships.count() == 12
    assert {request.door for request in biology.join_requests.pending()} == {"code", "join-url"}
    # As somebody who is already in it.
    assert biology.join_requests.get(user__username="grace.t").name == "Grace Thompson"
    assert JoinCode.objects.get_current(biology).state == "unlocked"
    assert Classroom.objects.get(name="Chess club").owner.username == "brandt"


def test_its_log_ins_open_the_door(seed, client):
    printed = seed().out

    for username in ["okafor", "amara"]:
        assert username in printed
        answer = log_in(client, username, "let me in please")
        assert answer.status_code == 302
        client.logout()


def test_the_second_time_changes_nothing_and_prints_the_same(seed):
    first = seed().out
    before = [model.objects.count() for model in (User, Classroom, Event, JoinRequest)]

    assert seed().out == first
    assert [model.objects.count() for model in (User, Classroom, Event, JoinRequest)] == before


def test_a_real_schools_server_gets_no_known_passwords(seed, settings):
    settings.SITE = settings.SITE._replace(netloc="school.example")

    assert "not localhost" in seed().err
    assert not User.objects.exists()
