"""If people change their own name, the history of each of their classes keeps the old one for the managers."""

from functools import partial

import pytest
from django.utils import timezone

from accounts.models import Rename, User
from accounts.models.rename import MOST_OWN_RENAMES_A_DAY
from joins import sentences
from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from tests.clock import time_passes
from tests.factories import MembershipFactory, StudentFactory
from tests.hooks import page_text
from tests.joins.races import run_together

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A8")]
PROFILE = "/accounts/profile/"


@pytest.fixture
def call(sign_in):
    """call(leo, "Lea", "Park") -> the answer of Leo's profile page to that name."""

    def rename(user, first_name, last_name=""):
        fields = {"first_name": first_name, "last_name": last_name, "time_zone": "Europe/Berlin"}
        return sign_in(user).post(PROFILE, fields)

    return rename


@pytest.fixture
def history(sign_in):
    def page(user, classroom):
        return page_text(sign_in(user).get(f"{classroom.path}history/"))

    return page


def test_every_class_of_theirs_shows_both_names(biology, physics, ms_okafor, mr_brandt, leo, call, history):
    for classroom in (biology, physics):
        MembershipFactory(classroom=classroom, user=leo)

    call(leo, "Lea", "Park")

    for manager, classroom in ((ms_okafor, biology), (mr_brandt, physics)):
        assert "Lea Park changed their name from “Leo Park” to “Lea Park”" in history(manager, classroom)


@pytest.mark.threat("T46")
def test_so_does_one_that_they_wait_for(biology, ms_okafor, leo, call, history):
    join_request = ask_by_join_url(biology.join_url, by=leo)

    call(leo, "Lea", "Park")

    join_request.refresh_from_db()
    assert join_request.name == "Leo Park"
    assert "Lea Park changed their name from “Leo Park” to “Lea Park”" in history(ms_okafor, biology)


def test_a_teacher_is_no_exception(biology, ms_okafor, mr_lind, call, history):
    call(mr_lind, "Jonas", "Berg")

    assert "Jonas Berg changed their name from “Jonas Lind” to “Jonas Berg”" in history(ms_okafor, biology)


@pytest.mark.rule("J10")
def test_only_a_name_that_changes_is_written_down(biology, leo, call):
    MembershipFactory(classroom=biology, user=leo)

    call(leo, "Leo", "Park")
    assert not Rename.objects.exists()
    for _ in range(2):
        call(leo, "Lea", "Park")

    leo.refresh_from_db()
    assert leo.time_zone == "Europe/Berlin"
    assert Rename.objects.count() == biology.events.filter(kind="change_name").count() == 1


@pytest.mark.threat("T50")
def test_nobody_fills_the_history_with_names(biology, leo, call):
    """A few changes a day are allowed. A manager's corrections don't count, and the time zone can still be changed."""
    MembershipFactory(classroom=biology, user=leo)
    for number in range(MOST_OWN_RENAMES_A_DAY):
        assert call(leo, f"Leo {number}").status_code == 302

    refused = call(leo, "Leo again")

    assert refused.status_code == 422
    assert "You've changed your name 5 times today. Try again tomorrow." in page_text(refused)
    assert call(leo, f"Leo {MOST_OWN_RENAMES_A_DAY - 1}").status_code == 302
    time_passes(days=1)
    assert call(leo, "Leo again").status_code == 302


@pytest.mark.threat("T50")
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_presses_at_the_same_moment_are_no_more_than_others(leo, sign_in):
    """Two more than are allowed: on a busy machine, the last of a longer row would wait too long for their turn."""
    browsers = [sign_in(leo) for _ in range(MOST_OWN_RENAMES_A_DAY + 2)]
    presses = [
        partial(browser.post, PROFILE, {"first_name": f"Leo {number}", "last_name": "", "time_zone": "UTC"})
        for number, browser in enumerate(browsers)
    ]

    answers = run_together(*presses)

    assert sorted(answer.status_code for answer in answers) == [302] * MOST_OWN_RENAMES_A_DAY + [422] * 2
    assert Rename.objects.count() == MOST_OWN_RENAMES_A_DAY


@pytest.mark.threat("T88")
def test_the_profile_writes_nothing_but_its_own_fields(biology, leo, sign_in):
    """A password that was given while the page was open stays."""
    browser = sign_in(leo)
    stale = User.objects.get(pk=leo.pk)
    User.objects.get(pk=leo.pk).give_one_time_password("new one-time")

    stale.edit_profile("Lea", "Park", "UTC")

    leo.refresh_from_db()
    assert (leo.full_name, leo.check_password("new one-time")) == ("Lea Park", True)
    assert browser.get(PROFILE).status_code == 302


@pytest.mark.threat("T93")
def test_who_was_erased_gets_no_name_again(leo):
    User.objects.filter(pk=leo.pk).update(erased_at=timezone.now())

    leo.edit_profile("Leo", "Again", "UTC")

    leo.refresh_from_db()
    assert leo.full_name == "Leo Park"


@pytest.mark.threat("T42")
def test_managers_are_told_of_a_name_like_somebody_elses(biology, ms_okafor, mr_lind, leo, amara, call):
    """They joined under another name. The managers get one notification, whatever the name becomes afterwards."""
    MembershipFactory(classroom=biology, user=leo)
    MembershipFactory(classroom=biology, user=amara)

    call(leo, "Leopold", "Park")
    assert not ms_okafor.notifications.exists()
    call(leo, "Mr", "Lind")
    call(leo, "Arnara", "Toure")

    for manager in (ms_okafor, mr_lind):
        [told] = manager.notifications.unread()
        assert told.sentence == (
            "Mr Lind is now called Arnara Toure, similar to a name in Biology 9B. Check who it is."
        )
        assert (told.link, told.mentions) == (f"{biology.path}history/", leo)


@pytest.mark.threat("T42")
@pytest.mark.parametrize(
    ("first_name", "last_name"), [("Toure", "Amara"), ("Amara", "Toure 2"), ("Amara Awa", "Toure")]
)
def test_so_they_are_of_one_with_something_added_or_swapped(
    biology, ms_okafor, leo, amara, call, first_name, last_name
):
    MembershipFactory(classroom=biology, user=leo)
    MembershipFactory(classroom=biology, user=amara)

    call(leo, first_name, last_name)

    assert ms_okafor.notifications.unread().count() == 1


@pytest.mark.threat("T42", "T46")
def test_so_they_are_of_somebody_who_waits(biology, ms_okafor, mr_lind, leo, amara, call):
    """A press on an older page lets them in under the name that the page showed."""
    MembershipFactory(classroom=biology, user=amara)
    ask_by_join_url(biology.join_url, by=leo)

    call(leo, "Amara", "Toure")

    for manager in (ms_okafor, mr_lind):
        told = manager.notifications.get(kind=sentences.RENAMED_LIKE_ANOTHER)
        assert told.sentence == (
            "Leo Park is now called Amara Toure, similar to a name in Biology 9B. Check who it is."
        )
        assert told.link == f"{biology.path}requests/"


@pytest.mark.rule("A7")
def test_the_longest_names_fit_into_what_is_told(biology, ms_okafor, leo, call):
    first, last = "B" * 60, "C" * 60
    biology.edit(by=ms_okafor, name="K" * 100)
    MembershipFactory(classroom=biology, user=StudentFactory(first_name=first, last_name=last))
    MembershipFactory(classroom=biology, user=leo)
    User.objects.filter(pk=leo.pk).update(first_name="D" * 60, last_name="E" * 60)

    assert call(leo, first, last).status_code == 302
    assert len(ms_okafor.notifications.get().sentence) <= 400


def test_who_has_joined_today_stands_there_by_the_present_name(
    biology, biology_code, ms_okafor, leo, call, sign_in
):
    use_code(biology_code().code, by=leo)

    call(leo, "Lea", "Park")

    page = page_text(sign_in(ms_okafor).get(f"{biology.path}today/"))
    assert "Lea Park" in page
    assert "Leo Park" not in page


@pytest.mark.threat("T46")
def test_who_is_let_in_under_an_earlier_name_is_known_by_both(biology, ms_okafor, leo, call, history):
    join_request = ask_by_join_url(biology.join_url, by=leo)
    call(leo, "Lea", "Park")
    queue.decide(biology, [join_request.pk], "approve", by=ms_okafor)

    page = history(ms_okafor, biology)
    assert "let in Lea Park" in page
    assert "from “Leo Park” to “Lea Park”" in page
