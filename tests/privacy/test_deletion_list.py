"""The deletion list is outside the database and is written first, so that no restore brings back an erased person."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts import deletion_list
from accounts.models import User
from classroom.models import Membership
from joins.acts.ask import ask
from joins.models import JoinRequest
from privacy.models import Person
from tests.factories import StudentFactory

pytestmark = pytest.mark.fault("F31")


def person(user):
    return Person.objects.get(pk=user.pk)


def _is_named(user):
    return User.objects.get(pk=user.pk).first_name == user.first_name


def test_a_crash_before_the_database_forgets_leaves_the_line_which_ends_it(biology, amara):
    """If the database came first, a crash in between would let a restore bring her back."""

    def until_the_power_fails():
        with transaction.atomic():
            person(amara).erase()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        until_the_power_fails()
    assert _is_named(amara)

    assert Person.objects.finish_erasures() == 1
    assert not _is_named(amara)
    assert Person.objects.finish_erasures() == 0


def test_without_the_line_nobody_is_erased(amara, settings, tmp_path):
    settings.DELETION_LIST = tmp_path / "no such folder" / "list"

    with pytest.raises(OSError, match="No such file"):
        person(amara).erase()

    assert _is_named(amara)


def test_a_number_that_a_restore_has_given_to_somebody_else_erases_nobody(amara):
    deletion_list.add(amara)
    User.objects.filter(pk=amara.pk).update(date_joined=amara.date_joined + timedelta(microseconds=1))

    assert Person.objects.finish_erasures() == 0
    assert _is_named(amara)


def test_a_line_that_a_crash_has_cut_short_spoils_no_other(amara, leo):
    deletion_list.add(amara)
    file = Path(settings.DELETION_LIST)
    file.write_bytes(file.read_bytes() + b"17 0f3a")
    deletion_list.add(leo)

    assert set(deletion_list.marks_of_erased()) == {amara.pk, leo.pk}
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.rule("C6")
def test_a_restored_owner_is_erased_all_the_same(biology, ms_okafor, mr_lind, client):
    """The class continues with its co-teacher."""
    deletion_list.add(ms_okafor)

    assert Person.objects.finish_erasures() == 1

    assert [user.username for user in biology.managers()] == ["lind"]
    assert "Deleted person" in client.get(biology.join_url.path).content.decode()


@pytest.mark.threat("T93")
def test_what_was_under_way_at_an_erasure_is_forgotten_a_little_later(biology, amara):
    """She submitted something in another window at that very moment."""
    person(amara).erase()
    ask(biology, amara, "join-url")
    Membership.objects.create(classroom=biology, user=amara, door="join-url")
    User.objects.filter(pk=amara.pk).update(last_login=Now())

    Person.objects.finish_erasures()

    assert not JoinRequest.objects.exists()
    assert not Membership.objects.filter(user=amara).exists()
    assert User.objects.get(pk=amara.pk).last_login is None


@pytest.mark.django_db
def test_many_closed_at_once_wait_for_the_disk_once(amara, leo, monkeypatch):
    """One by one, 20,000 accounts took a minute, in which nobody else could write to SQLite."""
    synced = []
    monkeypatch.setattr(deletion_list.os, "fsync", lambda handle: synced.append(os.fstat(handle).st_size))

    User.objects.close()

    assert len(deletion_list.marks_in_force(deletion_list.CLOSED)) == 2
    of_file = [size for size in synced if size == Path(settings.DELETION_LIST).stat().st_size]
    assert len(of_file) == len(synced) - 1 == 1  # and once for the folder of the new file


def test_many_lines_cost_little(leo, count_queries):
    for _ in range(30):
        deletion_list.add(StudentFactory())
    StudentFactory()
    User.objects.update(date_joined=leo.date_joined + timedelta(days=1))

    with count_queries(2):
        Person.objects.finish_erasures()
