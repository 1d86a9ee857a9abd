"""A manager blocks somebody in the queue. Neither Code nor Join URL works for them until a manager unblocks them."""

import pytest

from classroom.exceptions import IsKeptOut
from classroom.models import Event
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.exceptions import AskedTooSoon
from tests.clock import time_passes
from tests.hooks import alerts, page_text

pytestmark = pytest.mark.rule("Q7")

PLAINLY = "You can't join this class right now. If you think this is a mistake, talk to its teacher."


@pytest.fixture
def kept_out(decided):
    return decided("keep-out")


@pytest.mark.rule("Q3")
def test_saying_no_later_is_another_act_and_is_told_who_decided(sign_in, decide, kept_out, ms_okafor, url):
    """The person stays blocked, so the page must not answer as if they had only been denied."""
    outcome = decide(ms_okafor, "deny", kept_out)[0]
    page = sign_in(ms_okafor).post(url("requests/decide/"), {"decision": "deny", "request": kept_out.pk})

    assert not outcome.is_done
    assert page.status_code == 409
    assert alerts(page)[0].startswith("You said no to Amara Toure on")


@pytest.mark.rule("Q8")
def test_it_denies_and_keeps_out(kept_out, biology, amara, ms_okafor):
    assert (kept_out.status, kept_out.decided_by) == ("denied", ms_okafor)
    row = biology.kept_out.get()
    assert (row.user, row.by) == (amara, ms_okafor)
    acts = Event.objects.filter(user=amara).order_by("pk").values_list("kind", "by__username")
    assert list(acts) == [("deny_request", "okafor"), ("keep_out", "okafor")]


@pytest.mark.rule("K8")
@pytest.mark.parametrize("act", ["unlock", "reset"])
@pytest.mark.parametrize("days", [0, 2, 400])
def test_neither_door_works_however_long_one_waits(kept_out, biology_code, join_url, amara, days, act):
    getattr(biology_code(), act)(by=kept_out.decided_by)
    time_passes(days=days)

    with pytest.raises(IsKeptOut):
        use_code(biology_code().code, by=amara)
    with pytest.raises(IsKeptOut):
        ask_by_join_url(join_url, by=amara)


@pytest.mark.parametrize("door", ["code", "Join URL"])
def test_the_person_is_told_plainly_without_detail(sign_in, kept_out, biology_code, join_url, amara, door):
    path = "/join/" if door == "code" else join_url.path
    page = sign_in(amara).post(path, {"code": biology_code().code})

    assert (page.status_code, alerts(page)) == (403, [PLAINLY])
    assert "Okafor" not in alerts(page)[0]
    assert amara.notifications.get().sentence == (
        "Your teacher said no to your request to join Biology 9B, and you can't join it right now. "
        "If you think this is a mistake, talk to your teacher."
    )


@pytest.mark.rule("Q4", "J8")
def test_who_was_told_no_and_is_blocked_later_reads_the_result_and_nothing_about_the_block(
    sign_in, decide, decided, biology_code, join_url, amara, ms_okafor
):
    """They asked, so they're told that the answer is no, and that they can't join. Who decided it, and that there is a
    list of blocked people, is for managers."""
    decided("deny")
    time_passes(days=2)
    again = ask_by_join_url(join_url, by=amara)
    browser = sign_in(amara)
    decide(ms_okafor, "keep-out", again)

    pressed = browser.post(f"/requests/{again.pk}/withdraw/")
    pages = [pressed, *(browser.get(path) for path in ("/", "/notifications/", join_url.path))]

    no = "A teacher has said no to your request to join Biology 9B already. There is no request to cancel any more."
    assert alerts(pressed) == [no]
    newest, older = pages[2].context["page"].object_list
    assert newest.sentence.endswith(
        "and you can't join it right now. If you think this is a mistake, talk to your teacher."
    )
    assert "You can ask again from" in older.sentence
    assert PLAINLY in page_text(pages[3])
    assert not any("block" in page_text(page).lower() for page in pages)
    assert not any(
        "Okafor" in page_text(page) for page in pages[:3]
    )  # the page of a Join URL names the owner (J4)


def test_other_classes_stay_open(kept_out, physics, physics_code, amara):
    assert use_code(physics_code().code, by=amara).is_member


@pytest.mark.rule("Q9")
@pytest.mark.threat("T50")
def test_let_back_both_doors_work_at_once(kept_out, biology, biology_code, join_url, amara, mr_lind):
    """It ends the waiting time too."""
    biology.kept_out.get().let_back(by=mr_lind)

    assert ask_by_join_url(join_url, by=amara).status == "pending"
    assert use_code(biology_code().code, by=amara).is_member


@pytest.mark.rule("Q6")
@pytest.mark.threat("T50")
def test_a_later_no_counts_again(decide, kept_out, biology, join_url, amara, mr_lind):
    """Unblocking only ends the waiting time of earlier decisions."""
    biology.kept_out.get().let_back(by=mr_lind)
    time_passes(minutes=1)
    decide(mr_lind, "deny", ask_by_join_url(join_url, by=amara))

    with pytest.raises(AskedTooSoon):
        ask_by_join_url(join_url, by=amara)


@pytest.mark.rule("J10", "Q3")
def test_keeping_out_twice_keeps_out_once(decide, kept_out, biology, mr_lind):
    (outcome,) = decide(mr_lind, "keep-out", kept_out)

    assert not outcome.is_done
    assert biology.kept_out.count() == 1


@pytest.mark.rule("J10")
@pytest.mark.threat("T08")
def test_nobody_escapes_the_block_by_cancelling_just_before(
    sign_in, decide, amara_waits, biology, biology_code, amara, ms_okafor, url
):
    amara_waits.withdraw()
    fields = {"decision": "keep-out", "request": amara_waits.pk}

    pages = [sign_in(ms_okafor).post(url("requests/decide/"), fields) for _ in range(2)]

    for page in pages:
        assert alerts(page) == ["Amara Toure had cancelled the request already, and is blocked now."]
    acts = Event.objects.filter(user=amara).values_list("kind", "by__username")
    assert list(acts) == [("keep_out", "okafor")]
    with pytest.raises(IsKeptOut):
        use_code(biology_code().code, by=amara)


@pytest.mark.rule("Q3")
def test_who_cancelled_and_asks_again_is_blocked_by_the_decision_about_that(
    decide, amara_waits, biology, join_url, amara, ms_okafor
):
    amara_waits.withdraw()
    again = ask_by_join_url(join_url, by=amara)

    (outcome,) = decide(ms_okafor, "keep-out", amara_waits)

    assert str(outcome).startswith("Amara Toure cancelled the request on ")
    assert not biology.kept_out.exists()
    again.refresh_from_db()
    assert again.status == "pending"


@pytest.mark.rule("Q3")
@pytest.mark.parametrize("decision", ["approve", "deny"])
def test_another_decision_blocks_nobody_who_has_cancelled(decide, amara_waits, biology, ms_okafor, decision):
    amara_waits.withdraw()

    decide(ms_okafor, decision, amara_waits)

    assert not biology.kept_out.exists()
