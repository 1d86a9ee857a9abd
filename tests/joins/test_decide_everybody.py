"""A manager decides all who wait in one press, and undoes that in one press (Q2, Q9)."""

import re

import pytest

from accounts.models import User
from classroom.acts import class_list
from joins.acts import queue, undo
from joins.acts.ask import ask_by_join_url
from joins.models import JoinRequest, SignUp
from tests.clock import time_passes
from tests.factories import MembershipFactory, StudentFactory, student_called
from tests.hooks import alerts, hooks, page_text

pytestmark = pytest.mark.rule("Q2")


@pytest.fixture
def press_button(sign_in, url, ms_okafor):
    """press_button("approve-all", by=mr_lind) -> the page after the press of this button of the queue."""

    def press(button, by=ms_okafor, page=None):
        browser = sign_in(by)
        page = page or browser.get(url("requests/"))
        form = re.search(rf'<form([^<]*?)>(?:(?!</form>).)*id="{button}"', page.content.decode(), re.DOTALL)
        action = re.search(r'action="([^"]+)"', form[0])[1]
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)"', form[0]))
        if "post" in form[1]:
            return browser.post(action, fields | {"decision": button.partition("-")[0]}, follow=True)
        return browser.get(action, fields, follow=True)

    return press


@pytest.fixture
def undo_of(sign_in, ms_okafor):
    """undo_of(page, by=mr_lind) -> the page after the press of its button "Undo all"."""

    def press(page, by=ms_okafor):
        [form] = re.findall(r"<form[^>]*data-undo-all[^>]*>.*?</form>", page.content.decode(), re.DOTALL)
        fields = dict(re.findall(r'name="(first|last)" value="(\d+)"', form))
        return sign_in(by).post(re.search(r'action="([^"]+)"', form)[1], fields, follow=True)

    return press


def waiting():
    return set(JoinRequest.objects.pending().values_list("pk", flat=True))


def pks(join_requests):
    return {join_request.pk for join_request in join_requests}


@pytest.mark.rule("L3")
def test_one_press_lets_in_those_on_the_list_on_all_pages(press_button, fill_queue, biology, ms_okafor):
    ask_by_join_url(biology.join_url, by=student_called("Ana López"))
    asked = fill_queue(50)
    ask_by_join_url(biology.join_url, by=student_called("Ben Müller"))
    class_list.keep(biology, ["Ana López", "Ben Müller"], by=ms_okafor)

    page = press_button("approve-all-listed")

    assert "Let in 2 people: Ana López, Ben Müller." in page_text(page)
    assert waiting() == pks(asked)


@pytest.mark.rule("J9", "Q4", "Q8")
def test_one_press_lets_in_all_on_all_pages(press_button, fill_queue, biology):
    asked = fill_queue(52)
    page = press_button("approve-all")

    assert f"Let in 52 people: {asked[0].name}, " in page_text(page)
    assert f"{asked[4].name} and 47 more." in page_text(page)
    assert biology.memberships.filter(role="member", door="join-url").count() == 52
    events = biology.events.filter(kind="approve_request").order_by("pk")
    assert list(events.values_list("user", flat=True)) == [one.user_id for one in asked]
    for one in asked[::51]:
        assert one.user.notifications.get().sentence == "You've been let in. You're in Biology 9B now."


def test_a_page_asks_before_it_says_no_to_all(press_button, sign_in, fill_queue, ms_okafor):
    fill_queue(52)
    page = press_button("deny-all")
    assert "Say no to 52 people?" in page_text(page)
    assert "and 47 more" in page_text(page)
    assert len(waiting()) == 52

    fields = dict(re.findall(r'<input type="hidden" name="(seen)" value="(\d+)"', page.content.decode()))
    [action] = [address for address in hooks(page, "action") if "/decide/" in address]
    page = sign_in(ms_okafor).post(action, fields | {"decision": "deny"}, follow=True)
    assert "Said no to 52 people" in page_text(page)
    assert waiting() == set()


@pytest.mark.threat("T46")
@pytest.mark.parametrize("button", ["approve-all", "deny-all"])
def test_who_comes_after_the_page_was_drawn_keeps_waiting(
    press_button, sign_in, url, fill_queue, biology, decide, ms_okafor, mr_lind, button
):
    """That is who asks later, and also who waits again because another manager has undone a decision."""
    [early, *others] = fill_queue(53)
    decide(mr_lind, "deny", early)
    drawn = sign_in(ms_okafor).get(url("requests/"))
    undo.undo(early, by=mr_lind)
    late = ask_by_join_url(biology.join_url, by=StudentFactory())

    page = press_button(button, page=drawn)

    if button == "approve-all":
        assert "Let in 52 people" in page_text(page)
        assert waiting() == pks([early, late])
        assert alerts(page) == []
    else:
        assert "Say no to 52 people?" in page_text(page)
    assert biology.memberships.filter(role="member").count() == (52 if button == "approve-all" else 0)


@pytest.mark.rule("Q10")
@pytest.mark.threat("T42", "T43")
def test_nobody_goes_in_with_all_by_a_little_added_to_a_members_name(press_button, fill_queue, biology):
    MembershipFactory(classroom=biology, user=StudentFactory(first_name="Fatima", last_name="Haddad"))
    MembershipFactory(classroom=biology, user=StudentFactory(first_name="Amara", last_name="Diallo"))
    names = [
        ("Haddad", "Fatima"),
        ("Fatima", "Haddad 2"),
        ("Fatima A", "Haddad"),
        ("Fatima Zahra", "Haddad"),
        ("Amara", "Dia\u05df\u05dfo"),
        ("\u023amara", "Diallo"),
    ]
    warned = [
        ask_by_join_url(biology.join_url, by=StudentFactory(first_name=first, last_name=last))
        for first, last in names
    ]
    fill_queue(52)

    page = press_button("approve-all")

    assert "Let in 52 people" in page_text(page)
    assert "6 people with a warning are still waiting." in page_text(page)
    assert waiting() == pks(warned)


@pytest.mark.rule("Q10")
@pytest.mark.threat("T34", "T42")
def test_who_has_a_warning_is_left_out_and_the_page_says_so(
    press_button, fill_queue, biology, biology_code, leo, amara, amara_waits
):
    """Somebody called like a teacher, somebody whose account is closed, and a new account over the quota."""
    fill_queue(51)
    alike = ask_by_join_url(
        biology.join_url, by=StudentFactory(first_name="J.", last_name="Iind", username="iind")
    )
    closed = ask_by_join_url(biology.join_url, by=leo)
    User.objects.filter(pk=leo.pk).update(is_active=False)
    SignUp.objects.create(user=amara, join_code=biology_code())
    JoinRequest.objects.filter(pk=amara_waits.pk).update(over_quota=True)

    page = press_button("approve-all")

    assert "Let in 51 people" in page_text(page)
    assert "2 people with a warning are still waiting. Check who they are." in page_text(page)
    assert waiting() == pks([alike, closed, amara_waits])


def test_on_a_single_page_there_is_no_such_button(sign_in, url, fill_queue, ms_okafor):
    fill_queue(50)
    page = sign_in(ms_okafor).get(url("requests/"))

    assert "approve-all" not in page.content.decode()
    assert "Let in all 50 on this page" in page_text(page)


@pytest.mark.rule("J10")
def test_pressed_twice_it_says_the_same_and_nothing_is_doubled(
    press_button, sign_in, url, fill_queue, biology, ms_okafor
):
    fill_queue(51)
    drawn = sign_in(ms_okafor).get(url("requests/"))
    pages = [press_button("approve-all", page=drawn) for _ in range(2)]

    for page in pages:
        assert "Let in 51 people" in page_text(page)
        assert "Undo all" in page_text(page)
    assert biology.events.filter(kind="approve_request").count() == 51


@pytest.mark.rule("Q3")
@pytest.mark.parametrize(("button", "status"), [("deny-all", 200), ("approve-all", 409)])
def test_the_second_manager_is_told_who_decided_about_all_of_them(
    press_button, sign_in, url, fill_queue, decide, ms_okafor, mr_lind, button, status
):
    [first, *_] = fill_queue(52)
    drawn = sign_in(mr_lind).get(url("requests/"))
    decide(mr_lind, "deny", first)
    press_button("approve-all")

    page = press_button(button, by=mr_lind, page=drawn)
    assert hooks(page, "data-request") == []
    assert page.status_code == status
    assert [sentence.partition(" on ")[0] for sentence in alerts(page)] == [
        f"You said no to {first.name}",
        "Ngozi Okafor let in 51 people",
    ]


@pytest.mark.rule("Q3")
def test_a_press_that_comes_too_late_is_not_told_of_an_earlier_one(
    press_button, sign_in, url, fill_queue, biology, ms_okafor, mr_lind
):
    """The owner has let in one of them, and the co-teacher has said no to all others."""
    asked = fill_queue(51)
    drawn = sign_in(ms_okafor).get(url("requests/"))
    queue.decide(biology, [asked[0].pk], "approve", by=ms_okafor)
    queue.decide(biology, pks(asked[1:]), "deny", by=mr_lind)

    page = press_button("approve-all", page=drawn)
    assert page.status_code == 409
    assert "is in." not in page_text(page)


@pytest.mark.rule("Q9")
@pytest.mark.parametrize("decision", ["approve", "deny", "keep-out"])
def test_undo_all_brings_all_back_to_their_old_places(decision, fill_queue, biology, ms_okafor):
    asked = fill_queue(3)
    outcomes = queue.decide(biology, pks(asked), decision, by=ms_okafor)
    events = [outcome.event_id for outcome in outcomes]

    undone = undo.undo_all(biology, min(events), max(events), by=ms_okafor)

    assert (undone.names, undone.others) == ([one.name for one in asked], [])
    assert list(biology.join_requests.queue()) == asked
    assert not biology.memberships.filter(role="member").exists()
    assert not biology.kept_out.exists()
    assert biology.events.filter(kind__startswith="undo", by=ms_okafor).count() == 3
    assert biology.events.filter(kind="let_back").count() == (3 if decision == "keep-out" else 0)
    for one in asked:
        assert not one.user.notifications.exists()


@pytest.mark.rule("J10", "Q9")
def test_the_sentence_after_the_press_has_the_button_and_it_can_be_pressed_twice(
    press_button, undo_of, fill_queue, biology
):
    asked = fill_queue(51)
    after = press_button("approve-all")
    first, second = undo_of(after), undo_of(after)

    for page in (first, second):
        assert "51 people are waiting again: " in page_text(page)
        assert alerts(page) == []
    assert waiting() == pks(asked)
    assert biology.events.filter(kind="undo_approval").count() == 51


@pytest.mark.rule("Q3", "Q9")
def test_the_decisions_of_another_manager_stand(fill_queue, biology, decide, ms_okafor, mr_lind):
    """Whatever range of Events somebody sends. One of them may first have decided, then the other."""
    both, mine, another = fill_queue(3)
    decide(ms_okafor, "approve", both)
    undo.undo(both, by=mr_lind)
    for manager, join_request in ((mr_lind, both), (mr_lind, another), (ms_okafor, mine)):
        decide(manager, "deny", join_request)

    undone = undo.undo_all(biology, 0, 2**63 - 1, by=ms_okafor)

    assert waiting() == {mine.pk}
    assert undone.names == [mine.name]
    [sentence] = undone.others
    assert sentence.startswith(f"Jonas Lind said no to {both.name} on ")


@pytest.mark.rule("Q3", "Q9")
def test_what_can_be_undone_is_undone_and_the_rest_is_told(
    press_button, undo_of, fill_queue, decide, biology, mr_lind
):
    """One has left, another manager has taken out two and let in one of them again, one account is closed."""
    left, out, again, closed, *others = fill_queue(52)
    after = press_button("approve-all")
    biology.memberships.get(user=left.user).leave()
    for one in (out, again):
        undo.undo(one, by=mr_lind)
    decide(mr_lind, "approve", again)
    User.objects.filter(pk=closed.user_id).update(is_active=False)

    page = undo_of(after)

    assert "48 people are waiting again: " in page_text(page)
    assert [sentence.partition(" on ")[0] for sentence in alerts(page)] == [
        f"{left.name} has joined, left or asked again since, or a manager has moved them. So nothing has been changed. "
        "The history shows what happened.",
        f"Jonas Lind undid letting in {out.name}",
        f"{again.name} was let in by Jonas Lind",
        f"The account of {closed.name} is closed, so nothing has been changed.",
    ]
    assert waiting() == pks([out, *others])
    assert set(biology.memberships.filter(role="member").values_list("user", flat=True)) == {
        again.user_id,
        closed.user_id,
    }


@pytest.mark.rule("Q9")
def test_after_ten_minutes_it_is_too_late_for_all(press_button, undo_of, fill_queue):
    fill_queue(51)
    after = press_button("approve-all")
    time_passes(minutes=10.1)

    page = undo_of(after)

    assert page.status_code == 409
    assert "A decision can be undone for 10 minutes." in alerts(page)[0]
    assert alerts(page)[-1] == "46 more can't be undone either. The history shows what happened."
    assert waiting() == set()


@pytest.mark.rule("Q9")
@pytest.mark.threat("T01")
@pytest.mark.parametrize("first", ["-9999999999999999999", "-1", "x", "9" * 30, ""])
def test_what_is_no_press_undoes_nothing(sign_in, url, decide, amara_waits, ms_okafor, first):
    decide(ms_okafor, "deny", amara_waits)
    page = sign_in(ms_okafor).post(url("requests/undo/"), {"first": first, "last": "9" * 30})

    assert (page.status_code, waiting()) == (409, set())
    assert alerts(page) == ["There's nothing to undo here any more. The history shows what happened."]


def test_a_press_about_nobody_decides_nothing(biology, amara_waits, ms_okafor):
    assert queue.decide(biology, [], "approve", by=ms_okafor) == []
    assert waiting() == {amara_waits.pk}


@pytest.mark.rule("Q9")
@pytest.mark.threat("T01")
def test_decisions_in_another_class_are_not_touched(physics, decide, amara_waits, leo, ms_okafor, mr_brandt):
    elsewhere = ask_by_join_url(physics.join_url, by=leo)
    queue.decide(physics, [elsewhere.pk], "deny", by=mr_brandt)
    decide(ms_okafor, "deny", amara_waits)

    undo.undo_all(amara_waits.classroom, 1, 10**9, by=ms_okafor)

    assert waiting() == {amara_waits.pk}
