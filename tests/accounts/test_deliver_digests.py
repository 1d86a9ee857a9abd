"""Every digest is sent once, retried later, or given up where operators can see it."""

from datetime import timedelta
from smtplib import SMTPDataError

import pytest
from django.core import mail
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import Digest, Notification, User
from accounts.tasks import deliver_digests
from tests.accounts.mail_servers import WELL, faulty
from tests.notifications import saying

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.rule("N2"),
    pytest.mark.fault("F05", "F22", "F23", "F24", "F25", "F26"),
]
NOW = timedelta(0)


def tell(*people, text="Amara asks to join Biology 9B."):
    return Notification.objects.notify(
        people, **saying(text), link="/classes/bio/requests/", topic="bio", mail_after=NOW
    )


def states():
    return {
        digest.user.username: "sent" if digest.sent_at else "given up" if digest.given_up_at else "waits"
        for digest in Digest.objects.select_related("user")
    }


def minutes_to_wait():
    [wait] = Digest.objects.values_list(F("due_at") - Now(), flat=True)
    return round(wait.total_seconds() / 60)


@pytest.mark.rule("Q5")
@pytest.mark.threat("T63")
def test_the_mail_says_what_happened_and_where_in_text_and_html(settings, ms_okafor):
    settings.SITE_URL = "https://homeroom.example"
    [told] = tell(ms_okafor, text="Amara <b>T</b> asks to join.")

    deliver_digests()

    [sent] = mail.outbox
    html = sent.alternatives[0].content
    page = f"https://homeroom.example/notifications/{told.pk}/"
    assert sent.to == ["okafor@school.example"]
    assert "Amara <b>T</b> asks to join." in sent.body
    assert "Amara &lt;b&gt;T&lt;/b&gt; asks to join." in html
    assert page in sent.body
    assert page in html


@pytest.mark.threat("T44")
def test_the_subject_names_nobody(ms_okafor, amara):
    for told in (*tell(ms_okafor), *tell(ms_okafor)):
        Notification.objects.filter(pk=told.pk).update(mentions=amara)

    deliver_digests()

    assert mail.outbox[0].subject == "2 new notifications in Homeroom"


@pytest.mark.rule("N3")
def test_the_subject_says_what_the_mail_is_about(ms_okafor, mr_lind, mr_brandt):
    tell(ms_okafor, text="The Code of Biology 9B has locked.")
    for text in ("Biology 9B has been deleted.", "The second one", "The third one"):
        tell(mr_lind, text=text)
    tell(mr_brandt, text="The Code of " + "long " * 60 + "has locked.")

    deliver_digests()

    subjects = {letter.to[0]: letter.subject for letter in mail.outbox}
    assert subjects[ms_okafor.email] == "The Code of Biology 9B has locked"
    assert subjects[mr_lind.email] == "Biology 9B has been deleted, and 2 more new notifications"
    assert len(subjects[mr_brandt.email]) == 120


def test_running_twice_sends_once(ms_okafor):
    tell(ms_okafor)

    deliver_digests()
    deliver_digests()

    assert len(mail.outbox) == 1


def test_what_was_read_meanwhile_is_left_out(ms_okafor):
    tell(ms_okafor, text="Amara asks.")
    tell(ms_okafor, text="Leo asks.")
    Digest.objects.gather()
    ms_okafor.notifications.filter(facts={"words": "Amara asks."}).mark_read()

    deliver_digests()

    assert "Amara" not in mail.outbox[0].body
    assert "Leo" in mail.outbox[0].body


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda teacher: teacher.notifications.mark_read(),
        lambda teacher: User.objects.filter(pk=teacher.pk).close(),
    ],
)
def test_a_digest_with_nothing_to_say_or_nobody_to_read_it_is_dropped(ms_okafor, meanwhile):
    tell(ms_okafor)
    Digest.objects.gather()
    meanwhile(ms_okafor)

    deliver_digests()

    assert mail.outbox == []
    assert not Digest.objects.exists()


def test_after_a_crash_the_same_message_comes_at_most_twice(ms_okafor):
    tell(ms_okafor)
    deliver_digests()
    # As if the worker was killed after the server's yes and before it was written down (F25).
    Digest.objects.update(sent_at=None, due_at=Now())

    deliver_digests()

    first, second = (sent.extra_headers["Message-ID"] for sent in mail.outbox)
    assert first == second


def test_a_claimed_digest_is_nobody_elses_for_ten_minutes(ms_okafor):
    tell(ms_okafor)
    Digest.objects.gather()

    assert Digest.objects.claim().user == ms_okafor
    assert Digest.objects.claim() is None
    assert minutes_to_wait() == 10  # then another worker takes it (F05)


def test_a_worker_slower_than_its_lease_undoes_nothing(ms_okafor, settings):
    tell(ms_okafor)
    Digest.objects.gather()
    slow = Digest.objects.claim()
    Digest.objects.update(due_at=Now())
    deliver_digests()

    slow.retry_or_give_up(SMTPDataError(550, b"no"))

    assert states() == {"okafor": "sent"}
    assert not Digest.objects.given_up().exists()


@pytest.mark.parametrize("fault", ["Away", "Silent", "Endless", "Locked"])
def test_while_the_server_is_away_nothing_is_lost(settings, ms_okafor, mr_lind, fault):
    tell(ms_okafor, mr_lind)
    faulty(settings, fault)
    deliver_digests()
    assert set(states().values()) == {"waits"}
    # One run loses ten seconds, not every mail (F23).
    assert sum(Digest.objects.values_list("tries", flat=True)) == 1

    settings.EMAIL_BACKEND = WELL
    Digest.objects.update(due_at=Now())
    deliver_digests()

    assert sorted(sent.to[0] for sent in mail.outbox) == ["lind@school.example", "okafor@school.example"]


def test_the_tries_come_ever_more_rarely(settings, ms_okafor):
    tell(ms_okafor)
    faulty(settings, "Away")
    waits = []
    for tries in [*range(8), 75]:  # after that, the three days are over
        Digest.objects.update(due_at=Now(), tries=tries)
        deliver_digests()
        waits.append(minutes_to_wait())

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_after_three_days_it_is_given_up(settings, ms_okafor):
    tell(ms_okafor)
    faulty(settings, "Away")
    Digest.objects.gather()
    Digest.objects.update(created_at=Now() - timedelta(days=3))

    deliver_digests()

    assert list(Digest.objects.given_up()) == list(Digest.objects.all())


def test_one_refused_for_good_is_given_up_one_for_now_waits_and_the_rest_go_out(
    settings, ms_okafor, mr_lind, mr_brandt, caplog
):
    tell(ms_okafor, mr_lind, mr_brandt)
    faulty(settings, "Picky")

    deliver_digests()

    assert "@school.example" not in caplog.text
    assert states() == {"lind": "given up", "brandt": "waits", "okafor": "sent"}
    assert set(Digest.objects.values_list("tries", flat=True)) == {1}


def test_what_breaks_our_own_code_is_given_up_after_three_tries_and_the_rest_go_out(
    ms_okafor, mr_lind, settings
):
    tell(ms_okafor, mr_lind)
    User.objects.filter(pk=mr_lind.pk).update(email="lind@school.example\nBcc: all@evil.example")
    for expected in ["waits", "waits", "given up"]:
        Digest.objects.filter(sent_at=None).update(due_at=Now())
        deliver_digests()
        assert states() == {"okafor": "sent", "lind": expected}
    assert len(mail.outbox) == 1
