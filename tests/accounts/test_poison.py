"""A mail that kills every worker is given up. A mail whose workers died for other reasons isn't."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from accounts.models import Digest, User
from accounts.tasks import deliver_digests
from tests.accounts.test_deliver_digests import faulty, states, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def kill_workers(ms_okafor):
    """kill_workers(times): that many workers in a row are killed while they send the digest to Ms Okafor."""

    def killed(times):
        for _ in range(times):
            Digest.objects.filter(user=ms_okafor).update(due_at=Now() - timedelta(hours=1))
            assert Digest.objects.claim().user == ms_okafor

    return killed


@pytest.mark.fault("F26")
def test_what_ends_whoever_takes_it_is_given_up_after_three_tries_and_the_rest_go_out(
    ms_okafor, mr_lind, kill_workers, caplog
):
    """A killed worker can't put the mail off itself."""
    tell(ms_okafor, mr_lind)
    Digest.objects.gather()
    kill_workers(3)
    Digest.objects.update(due_at=Now())

    deliver_digests()

    assert states() == {"okafor": "given up", "lind": "sent"}
    assert "is given up: each try has ended its process" in caplog.text


@pytest.mark.fault("F05")
def test_after_two_workers_killed_the_third_one_mails_it(ms_okafor, kill_workers):
    tell(ms_okafor)
    Digest.objects.gather()
    kill_workers(2)
    Digest.objects.update(due_at=Now())

    deliver_digests()

    assert states() == {"okafor": "sent"}


@pytest.mark.fault("F22", "F26")
def test_a_fault_of_ours_after_hours_without_a_server_is_the_first_and_not_the_last(ms_okafor, settings):
    """A short outage of the database must not give up a mail that has waited for the mail server."""
    tell(ms_okafor)
    faulty(settings, "Away")
    for _ in range(5):
        deliver_digests()
        Digest.objects.update(due_at=Now())

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    User.objects.filter(pk=ms_okafor.pk).update(email="okafor@school.example\nBcc: all@evil.example")
    deliver_digests()

    assert states() == {"okafor": "waits"}
