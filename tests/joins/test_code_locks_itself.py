"""A Code locks by the clock. A task records that and tells the managers, and warns them three days earlier."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Notification
from accounts.tasks import deliver_digests
from accounts.times import format_moment
from classroom.models import Event
from joins.acts import clock
from joins.acts.by_code import use_code
from joins.models import JoinCode, JoinRequest
from joins.tasks import lock_due_codes, warn_before_lock
from tests.clock import time_passes
from tests.factories import ClassroomFactory
from tests.hooks import hooks
from tests.notifications import notification_texts, unread_texts

TWO_WEEKS = 14 * 24 * 3600  # seconds


@pytest.mark.rule("K5")
def test_a_code_stays_unlocked_for_two_weeks(biology_code):
    assert timedelta(weeks=2) == settings.CODE_UNLOCKED_FOR
    code = biology_code()
    assert abs(code.locks_at - code.created_at - timedelta(weeks=2)) < timedelta(seconds=20)


@pytest.mark.rule("K5")
def test_a_moment_before_it_still_walks_in(biology, biology_code, amara):
    time_passes(seconds=TWO_WEEKS - 60)

    assert use_code(biology_code().code, by=amara).is_member


@pytest.mark.rule("K5")
@pytest.mark.threat("T31")
@pytest.mark.fault("F01")
def test_a_code_used_one_second_after_its_moment_is_locked(biology, biology_code, amara):
    """Even if no worker runs."""
    time_passes(seconds=TWO_WEEKS + 1)

    join_request = use_code(biology_code().code, by=amara).join_request

    assert (join_request.status, join_request.door) == ("pending", "code")
    assert not biology.memberships.filter(user=amara).exists()


@pytest.mark.rule("K5")
def test_the_page_shows_it_locked_before_anything_is_written(sign_in, biology, biology_code, ms_okafor):
    time_passes(seconds=TWO_WEEKS + 1)
    page = sign_in(ms_okafor).get(biology.path)

    assert hooks(page, "data-code-state") == ["locked"]
    assert "It locked automatically" in page.content.decode()
    assert biology_code().locked_at is None


@pytest.mark.fault("F21")
def test_the_first_use_after_it_makes_the_lock_stick(biology, biology_code, amara, ms_okafor):
    """If the clock is set back the Code stays locked, and the task finds nothing left to do."""
    time_passes(seconds=TWO_WEEKS + 1)
    use_code(biology_code().code, by=amara)

    assert biology_code().locked_at == biology_code().locks_at
    assert clock.lock_due() == 0
    assert (
        notification_texts(ms_okafor)[0]
        == "The Code of Biology 9B has locked. Until you unlock it, everyone who uses it has to ask you."
    )


@pytest.mark.rule("K6", "K9")
def test_the_sweep_stamps_the_moment_of_the_lock_itself(biology, biology_code, ms_okafor, mr_lind):
    """However late the task runs."""
    time_passes(days=20)
    lock_due_codes()

    code = biology_code()
    assert (code.locked_at, code.locked_by) == (code.locks_at, None)
    event = Event.objects.get(kind="lock_code")
    assert (event.by, event.at, event.code) == (None, code.locks_at, code.code)
    assert (
        notification_texts(ms_okafor)
        == notification_texts(mr_lind)
        == ["The Code of Biology 9B has locked. Until you unlock it, everyone who uses it has to ask you."]
    )
    assert {notification.link for notification in Notification.objects.all()} == {biology.path}


@pytest.mark.rule("K6")
@pytest.mark.fault("F03", "F04")
def test_a_doubled_run_changes_nothing_further(biology_code):
    time_passes(days=20)
    lock_due_codes()
    before = (biology_code().locked_at, Event.objects.count(), Notification.objects.count())
    lock_due_codes()

    assert (biology_code().locked_at, Event.objects.count(), Notification.objects.count()) == before


@pytest.mark.rule("K6")
def test_a_run_too_early_does_nothing(biology_code):
    time_passes(seconds=TWO_WEEKS - 60)
    lock_due_codes()

    assert biology_code().locked_at is None
    assert not Notification.objects.exists()


@pytest.mark.fault("F02")
def test_after_days_without_beat_everything_is_caught_up_in_one_run(db, django_assert_max_num_queries):
    """It takes few statements however many classes there are, and each class gets one notification, not one for each
    missed run."""
    for _ in range(30):
        ClassroomFactory()
    time_passes(days=17)

    with django_assert_max_num_queries(15):
        lock_due_codes()

    assert JoinCode.objects.filter(locked_at=None).count() == 0
    assert Notification.objects.count() == 30


@pytest.mark.rule("K6")
def test_more_classes_than_one_transaction_takes_are_all_locked(db, monkeypatch):
    """The task continues until nothing is left."""
    for _ in range(5):
        ClassroomFactory()
    time_passes(days=17)
    monkeypatch.setattr("joins.acts.clock.BATCH", 2)

    assert clock.lock_due() == 5


@pytest.mark.rule("K6", "K8")
def test_retired_and_locked_codes_are_left_alone(biology_code, locked_code, ms_okafor, mr_brandt):
    locked_code.reset(by=ms_okafor)
    biology_code().lock(by=ms_okafor)
    time_passes(days=20)

    assert (clock.lock_due(), clock.warn_before_lock()) == (0, 0)


@pytest.mark.rule("C4", "K6")
def test_an_archived_class_is_locked_in_peace(biology, biology_code, ms_okafor):
    biology.archive(by=ms_okafor)
    time_passes(days=20)
    lock_due_codes()

    assert biology_code().locked_at == biology_code().locks_at
    assert notification_texts(ms_okafor) == []


@pytest.mark.rule("K11")
def test_three_days_before_the_lock_the_managers_are_told_once(biology_code, ms_okafor, mr_lind):
    time_passes(seconds=TWO_WEEKS - settings.WARN_BEFORE_LOCK.total_seconds() - 60)
    warn_before_lock()
    assert notification_texts(ms_okafor) == []

    time_passes(seconds=61)
    warn_before_lock()
    warn_before_lock()

    assert (
        notification_texts(ms_okafor) == notification_texts(mr_lind) == [_warning(biology_code(), ms_okafor)]
    )


@pytest.mark.rule("K5", "K7", "K11")
def test_the_pages_say_for_how_long_a_code_is_unlocked(
    settings, sign_in, biology, biology_code, ms_okafor, url
):
    settings.CODE_UNLOCKED_FOR = timedelta(days=3)
    browser = sign_in(ms_okafor)

    pages = [browser.get(biology.path)]
    time_passes(days=12)
    warn_before_lock()
    pages += [browser.get(address) for address in (biology.path, url("code/reset/"), "/notifications/")]
    biology_code().lock(by=ms_okafor)
    pages += [browser.get(address) for address in (biology.path, url("board/"))]

    for page in pages:
        words = " ".join(page.content.decode().split())
        assert "two weeks" not in words
        assert "two more weeks" not in words
        assert "three days" in words or "three more days" in words


def _warning(code, reader):
    with timezone.override(reader.zone):
        locks = format_moment(code.locks_at)
    return f"The Code of Biology 9B locks on {locks}. One press keeps it unlocked for two more weeks."


@pytest.fixture
def warned(biology_code):
    time_passes(days=12)
    warn_before_lock()


@pytest.mark.rule("K11", "J10")
def test_the_button_in_the_warnings_own_row_keeps_the_code_open_once(
    warned, sign_in, biology, biology_code, ms_okafor, mr_lind, url
):
    browser, one = sign_in(ms_okafor), ms_okafor.notifications.get()
    for page in ("/notifications/", f"/notifications/{one.pk}/"):
        assert f'action="{url("code/unlock/")}"' in browser.get(page).content.decode()

    for _ in range(2):
        browser.post(url("code/unlock/"))

    assert biology.events.filter(kind="unlock_code").count() == 1
    assert unread_texts(ms_okafor) == unread_texts(mr_lind) == []
    assert "Keep open" not in browser.get("/notifications/").content.decode()


@pytest.fixture(params=["/notifications/", "/notifications/{}/"])
def form_of_keep_open(request, warned, sign_in, ms_okafor):
    """What the button in the warning sends, from the list and from the warning's own page."""
    address = request.param.format(ms_okafor.notifications.get().pk)
    page = sign_in(ms_okafor).get(address).content.decode()
    [form] = [form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if "Keep open" in form]
    return dict(re.findall(r'name="(join_code|restarts)" value="([^"]*)"', form))


@pytest.mark.rule("K11", "K8", "J10")
@pytest.mark.parametrize("act", ["lock", "reset and lock"])
def test_on_an_older_page_it_opens_nothing_that_a_colleague_has_shut(
    form_of_keep_open, sign_in, biology_code, ms_okafor, mr_lind, url, act
):
    """Such as the new Code after a leak, which nobody shares yet."""
    if act == "reset and lock":
        biology_code().reset(by=mr_lind)
    biology_code().lock(by=mr_lind)

    page = sign_in(ms_okafor).post(url("code/unlock/"), form_of_keep_open)

    assert (page.status_code, biology_code().state) == (409, "locked")


@pytest.mark.rule("K11", "N3")
def test_the_mail_says_when_and_leads_to_the_page_with_the_button(
    warned, biology_code, ms_okafor, mailoutbox
):
    time_passes(minutes=16)
    deliver_digests()

    letter = next(letter for letter in mailoutbox if letter.to == [ms_okafor.email])
    warning = _warning(biology_code(), ms_okafor)
    assert warning in letter.body
    assert warning.startswith(letter.subject)
    assert f"/notifications/{ms_okafor.notifications.get().pk}/" in letter.body


@pytest.mark.rule("K11", "N3")
def test_a_warning_that_is_not_true_any_more_is_not_mailed(warned, biology_code, ms_okafor, mailoutbox):
    biology_code().lock(by=ms_okafor)
    assert unread_texts(ms_okafor) == ["The Code of Biology 9B was about to lock."]
    time_passes(minutes=16)
    deliver_digests()

    assert mailoutbox == []


@pytest.mark.rule("K11", "C2")
def test_who_manages_the_class_no_longer_sees_no_button(warned, biology, sign_in, ms_okafor, mr_lind):
    biology.memberships.get(user=mr_lind).make_member(by=ms_okafor)
    mr_lind.notifications.update(read_at=None)

    assert "Keep open" not in sign_in(mr_lind).get("/notifications/").content.decode()


@pytest.mark.rule("K11", "K7")
def test_the_page_behind_the_warning_has_the_one_press(sign_in, biology, biology_code, ms_okafor, url):
    """After that press the next warning comes eleven days later."""
    time_passes(days=12)
    warn_before_lock()
    browser = sign_in(ms_okafor)
    page = browser.get(ms_okafor.notifications.get().link)
    assert f'action="{url("code/unlock/")}"' in page.content.decode()

    browser.post(url("code/unlock/"))
    time_passes(days=10)
    warn_before_lock()
    assert ms_okafor.notifications.count() == 1
    time_passes(days=2)
    warn_before_lock()
    assert ms_okafor.notifications.count() == 2


@pytest.mark.rule("K11")
def test_a_code_that_has_locked_meanwhile_is_not_warned_of(biology_code):
    time_passes(days=15)
    warn_before_lock()

    assert not Notification.objects.exists()


@pytest.mark.rule("K6")
def test_the_lock_leaves_requests_and_members_as_they_are(biology, amara_waits, ms_okafor):
    time_passes(days=15)
    lock_due_codes()

    assert [request.pk for request in JoinRequest.objects.pending()] == [amara_waits.pk]
    assert biology.memberships.count() == 2
