"""A manager lets somebody in."""

import re

import pytest

from classroom.exceptions import ArchivedFirst
from classroom.models import Event, Membership
from joins.acts import clock
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinRequest
from tests.clock import time_passes


@pytest.mark.rule("Q1", "Q8", "J9")
@pytest.mark.parametrize("person", ["ms_okafor", "mr_lind"])
def test_approving_lets_the_person_in(request, decide, amara_waits, biology, amara, person):
    """Owners and co-teachers can do it, and the request remembers who, when and by which door."""
    by = request.getfixturevalue(person)
    (outcome,) = decide(by, "approve", amara_waits)

    place = biology.memberships.get(user=amara)
    assert (place.role, place.door, place.code) == ("member", "join-url", "")
    amara_waits.refresh_from_db()
    assert (amara_waits.status, amara_waits.decided_by) == ("approved", by)
    assert amara_waits.decided_at >= amara_waits.asked_at
    assert outcome.is_done


@pytest.mark.rule("J9")
def test_who_asked_by_a_locked_code_came_by_that_very_code(decide, locked_code, biology, amara, ms_okafor):
    decide(ms_okafor, "approve", use_code(locked_code.code, by=amara).join_request)

    place = biology.memberships.get(user=amara)
    assert (place.door, place.code) == ("code", locked_code.code)
    event = Event.objects.get(kind="approve_request")
    assert (event.by, event.user, event.door, event.code) == (ms_okafor, amara, "code", locked_code.code)


@pytest.mark.rule("J1")
@pytest.mark.threat("T03")
def test_a_teacher_who_asked_comes_in_as_a_member(decide, join_url, biology, mr_brandt, ms_okafor):
    """Nobody becomes a manager by being let in."""
    decide(ms_okafor, "approve", ask_by_join_url(join_url, by=mr_brandt))

    assert biology.memberships.get(user=mr_brandt).role == "member"


@pytest.mark.rule("Q4")
def test_the_requester_is_told(decide, amara_waits, biology, amara, ms_okafor):
    decide(ms_okafor, "approve", amara_waits)

    notification = amara.notifications.get()
    assert notification.sentence == "You've been let in. You're in Biology 9B now."
    assert notification.link == biology.path


@pytest.mark.rule("Q3")
def test_the_first_decision_stands(decide, amara_waits, biology, amara, ms_okafor, mr_lind):
    """The second manager learns who decided what and when. Nothing else changes."""
    decide(ms_okafor, "deny", amara_waits)
    before = JoinRequest.objects.values().get()

    (outcome,) = decide(mr_lind, "approve", amara_waits)

    assert not outcome.is_done
    assert str(outcome).startswith("Ngozi Okafor said no to Amara Toure on ")
    assert JoinRequest.objects.values().get() == before
    assert not biology.memberships.filter(user=amara).exists()
    assert amara.notifications.count() == 1


@pytest.mark.rule("Q3", "J10")
@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        ("approve", r"You let in Amara Toure on \w+ \d+ \w+, \d\d:\d\d\."),
        ("deny", r"You said no to Amara Toure on \w+ \d+ \w+, \d\d:\d\d\."),
        ("keep-out", r"You said no to Amara Toure on \w+ \d+ \w+, \d\d:\d\d\."),
    ],
)
def test_after_a_minute_the_same_press_is_told_when_it_was_decided(
    decide, amara_waits, ms_okafor, decision, sentence
):
    """It is not the second press of a double click any more, and the person may have left the class since."""
    decide(ms_okafor, decision, amara_waits)
    time_passes(seconds=61)

    (outcome,) = decide(ms_okafor, decision, amara_waits)

    assert not outcome.is_done
    assert re.fullmatch(sentence, str(outcome))


@pytest.mark.rule("Q3")
@pytest.mark.threat("T81")
def test_a_withdrawn_request_lets_nobody_in(decide, amara_waits, biology, amara, ms_okafor):
    amara_waits.withdraw()
    (outcome,) = decide(ms_okafor, "approve", amara_waits)

    assert str(outcome).startswith("Amara Toure cancelled the request on ")
    assert not biology.memberships.filter(user=amara).exists()


@pytest.mark.rule("Q3", "J8")
@pytest.mark.threat("T83")
def test_who_has_come_in_by_the_code_meanwhile_is_told_of(
    decide, amara_waits, biology_code, amara, ms_okafor
):
    use_code(biology_code().code, by=amara)
    (outcome,) = decide(ms_okafor, "approve", amara_waits)

    assert str(outcome).startswith("Amara Toure joined Biology 9B on ")
    assert Membership.objects.get(user=amara).door == "code"


@pytest.mark.rule("C4")
def test_the_requests_of_an_archived_class_are_kept(decide, amara_waits, biology, ms_okafor):
    biology.archive(by=ms_okafor)
    with pytest.raises(ArchivedFirst):
        decide(ms_okafor, "approve", amara_waits)
    amara_waits.refresh_from_db()
    assert amara_waits.status == "pending"

    biology.restore(by=ms_okafor)
    (outcome,) = decide(ms_okafor, "approve", amara_waits)
    assert outcome.join_request.status == "approved"


@pytest.mark.threat("T10", "T46")
def test_what_is_approved_and_told_bears_the_names_as_they_were(
    decide, amara_waits, biology, amara, ms_okafor
):
    """Both the person and the class are renamed between showing the queue and deciding."""
    type(amara).objects.filter(pk=amara.pk).update(first_name="Mr", last_name="Lind")
    biology.edit(by=ms_okafor, name="Secret club")

    (outcome,) = decide(ms_okafor, "deny", amara_waits)

    assert outcome.join_request.name == "Amara Toure"
    assert amara.notifications.get().sentence.startswith(
        "Your teacher said no to your request to join Biology 9B."
    )


@pytest.mark.rule("Q8")
def test_a_request_decided_is_never_touched_again(decide, amara_waits, ms_okafor, biology_code, amara):
    decide(ms_okafor, "approve", amara_waits)
    before = JoinRequest.objects.values_list("status", "decided_by").get()

    biology_code().reset(by=ms_okafor)
    time_passes(days=40)
    clock.lock_due()

    assert JoinRequest.objects.values_list("status", "decided_by").get() == before
