"""A manager undoes a decision within ten minutes, or lets somebody in after all who was told no (Q9)."""

from datetime import timedelta

import pytest

from accounts.tasks import deliver_digests
from classroom.exceptions import DoneByAnother
from classroom.models import Event
from joins.acts import queue, undo
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.exceptions import AccountClosed, HappenedSince
from joins.models import JoinRequest
from tests.clock import time_passes
from tests.factories import MembershipFactory, TeacherFactory
from tests.hooks import alerts, hooks, page_text

pytestmark = pytest.mark.rule("Q9")

DECISIONS = ["approve", "deny", "keep-out"]


def history(biology):
    return list(biology.events.order_by("pk").values_list("kind", flat=True))[1:]  # after open_class


@pytest.mark.parametrize("decision", DECISIONS)
def test_the_request_waits_again_at_its_old_place(decided, leo_waits, amara, biology, mr_lind, decision):
    """Any manager may do it. The moment of asking stays, and with it the place in the queue."""
    join_request = decided(decision)
    before = join_request.asked_at

    undo.undo(join_request, by=mr_lind)

    join_request.refresh_from_db()
    assert (join_request.status, join_request.decided_at, join_request.decided_by) == ("pending", None, None)
    assert join_request.asked_at == before
    assert list(biology.join_requests.queue()) == [join_request, leo_waits]
    assert not biology.memberships.filter(user=amara).exists()
    assert not biology.kept_out.exists()


@pytest.mark.rule("Q8")
@pytest.mark.parametrize(
    ("decision", "kinds"),
    [
        ("approve", ["approve_request", "undo_approval"]),
        ("deny", ["deny_request", "undo_denial"]),
        ("keep-out", ["deny_request", "keep_out", "undo_denial", "let_back"]),
    ],
)
def test_the_history_says_who_undid_what(decided, biology, amara, mr_lind, sign_in, url, decision, kinds):
    undo.undo(decided(decision), by=mr_lind)

    assert history(biology) == ["ask", *kinds]
    last = biology.events.get(kind__startswith="undo")
    assert (last.by, last.user, last.door) == (mr_lind, amara, "join-url")
    what = "letting in" if decision == "approve" else "saying no to"
    assert f"Jonas Lind undid {what} Amara Toure" in page_text(sign_in(mr_lind).get(url("history/")))


@pytest.mark.rule("Q6")
def test_no_waiting_time_counts(decided, join_url, amara, ms_okafor):
    undo.undo(decided("deny"), by=ms_okafor)
    JoinRequest.objects.get().withdraw()

    assert ask_by_join_url(join_url, by=amara).status == "pending"


@pytest.mark.rule("Q4", "N1")
@pytest.mark.parametrize("decision", DECISIONS)
def test_an_answer_that_nobody_has_read_disappears(decided, amara, ms_okafor, decision):
    undo.undo(decided(decision), by=ms_okafor)

    assert not amara.notifications.exists()


@pytest.mark.rule("Q4", "N1")
@pytest.mark.parametrize("decision", DECISIONS)
def test_who_has_read_the_answer_is_told_that_the_request_waits_again(decided, amara, ms_okafor, decision):
    join_request = decided(decision)
    amara.notifications.mark_read()

    undo.undo(join_request, by=ms_okafor)

    assert amara.notifications.unread().get().sentence == (
        "Your teacher took back the answer to your request to join Biology 9B. You're waiting again, and you don't "
        "have to do anything."
    )


@pytest.mark.rule("N2")
@pytest.mark.parametrize("decision", DECISIONS)
def test_a_mail_that_has_not_left_is_not_sent(
    amara_has_address, decide, join_url, ms_okafor, mailoutbox, decision
):
    join_request = ask_by_join_url(join_url, by=amara_has_address)
    decide(ms_okafor, decision, join_request)
    undo.undo(join_request, by=ms_okafor)
    deliver_digests()

    assert [mail for mail in mailoutbox if "amara@school.example" in mail.to] == []


@pytest.mark.rule("N2")
def test_after_a_mail_the_person_is_told_although_they_have_read_nothing_here(
    amara_has_address, decide, join_url, ms_okafor, mailoutbox
):
    join_request = ask_by_join_url(join_url, by=amara_has_address)
    decide(ms_okafor, "approve", join_request)
    deliver_digests()
    undo.undo(join_request, by=ms_okafor)

    assert "You're in Biology 9B now" in mailoutbox[-1].body
    assert amara_has_address.notifications.get().sentence.startswith("Your teacher took back the answer")


@pytest.mark.threat("T60")
def test_what_they_were_told_as_a_member_is_not_for_them_any_more(decided, biology, amara, ms_okafor):
    join_request = decided("approve")
    told = amara.notifications.create(text="For members", link=biology.path, topic=biology.public_id)

    undo.undo(join_request, by=ms_okafor)

    told.refresh_from_db()
    assert told.read_at is not None


@pytest.mark.rule("N1", "Q5")
def test_managers_are_told_again_what_the_decision_has_taken_from_them(
    decided, biology, ms_okafor, mr_lind, amara_waits
):
    """But not what they had read before, and not somebody who manages the class no longer."""
    ms_okafor.notifications.mark_read()
    berg = TeacherFactory()
    was_co_teacher = MembershipFactory(classroom=biology, user=berg, role="co-teacher")
    berg.notifications.create(text="Amara asks", link="/", about=amara_waits.about)
    time_passes(seconds=1)
    join_request = decided("deny")
    was_co_teacher.make_member(by=ms_okafor)

    undo.undo(join_request, by=ms_okafor)

    assert mr_lind.notifications.unread().get().about == join_request.about
    assert not ms_okafor.notifications.unread().exists()
    assert not berg.notifications.unread().filter(about=join_request.about).exists()


@pytest.mark.rule("J10")
@pytest.mark.parametrize("decision", DECISIONS)
def test_pressed_twice_is_pressed_once(decided, press_about, biology, ms_okafor, decision):
    join_request = decided(decision)
    first, second = [press_about(ms_okafor, "undo", join_request, follow=True) for _ in range(2)]

    assert (first.status_code, second.status_code) == (200, 200)
    assert "Amara Toure is waiting again." in page_text(first)
    assert "Amara Toure is waiting again." in page_text(second)
    assert alerts(second) == []
    assert biology.events.filter(kind__startswith="undo").count() == 1


@pytest.mark.rule("Q3")
def test_the_second_of_two_managers_is_told_who_undid_it(decided, press_about, ms_okafor, mr_lind):
    join_request = decided("deny")
    undo.undo(join_request, by=ms_okafor)

    with pytest.raises(DoneByAnother, match="Ngozi Okafor undid saying no to Amara Toure on"):
        undo.undo(join_request, by=mr_lind)
    assert press_about(mr_lind, "undo", join_request).status_code == 409


@pytest.mark.rule("Q3")
def test_a_press_that_comes_late_undoes_no_later_decision(decided, decide, press_about, ms_okafor, mr_lind):
    """Ms Okafor's page still shows her no. Meanwhile it was undone, and Mr Lind has let Amara in."""
    join_request = decided("deny")
    shown = Event.objects.get(kind="deny_request").pk
    undo.undo(join_request, by=mr_lind)
    decide(mr_lind, "approve", join_request)

    answer = press_about(ms_okafor, "undo", join_request, {"event": shown})

    assert answer.status_code == 409
    assert alerts(answer)[0].startswith("Amara Toure was let in by Jonas Lind on ")
    join_request.refresh_from_db()
    assert join_request.status == "approved"


def test_what_is_no_number_undoes_nothing(decided, press_about, ms_okafor):
    join_request = decided("deny")

    assert press_about(ms_okafor, "undo", join_request, {"event": "the latest"}).status_code == 409
    assert JoinRequest.objects.get().status == "denied"


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        ("approve", "If they don't belong here, remove them under Members."),
        ("deny", "You can still let them in after all, under Recent decisions."),
    ],
)
@pytest.mark.parametrize(("minutes", "may"), [(9.9, True), (10.1, False)])
def test_after_ten_minutes_it_is_too_late(decided, press_about, ms_okafor, decision, sentence, minutes, may):
    join_request = decided(decision)
    time_passes(minutes=minutes)
    if may:
        undo.undo(join_request, by=ms_okafor)
        return

    answer = press_about(ms_okafor, "undo", join_request)

    assert answer.status_code == 409
    assert "A decision can be undone for 10 minutes. " + sentence in alerts(answer)[0]
    join_request.refresh_from_db()
    assert join_request.is_decided


@pytest.mark.parametrize(
    ("page", "sentence"), [("decided/", "undo a decision for"), ("say-no/", "You can undo it for")]
)
def test_the_pages_say_how_long(okafors_browser, url, amara_waits, monkeypatch, page, sentence):
    monkeypatch.setattr("joins.templatetags.joins.UNDO_WITHIN", timedelta(minutes=20))
    if page == "decided/":
        queue.decide(amara_waits.classroom, [amara_waits.pk], "deny", by=amara_waits.classroom.owner)

    answer = okafors_browser.get(f"{url('requests/')}{page}?request={amara_waits.pk}")

    assert f"{sentence} 20 minutes" in page_text(answer)


def leaves(biology, amara, ms_okafor):
    biology.memberships.get(user=amara).leave()


def is_removed(biology, amara, ms_okafor):
    biology.memberships.get(user=amara).remove(by=ms_okafor, keep_out=False)


def leaves_and_comes_back_by_the_same_code(biology, amara, ms_okafor):
    leaves(biology, amara, ms_okafor)
    code = biology.join_codes.current().get()
    code.unlock(by=ms_okafor)
    use_code(code.code, by=amara)


@pytest.mark.parametrize("since", [leaves, is_removed, leaves_and_comes_back_by_the_same_code])
def test_not_once_somebody_who_was_let_in_has_moved(decide, locked_code, biology, amara, ms_okafor, since):
    join_request = use_code(locked_code.code, by=amara).join_request
    decide(ms_okafor, "approve", join_request)
    since(biology, amara, ms_okafor)
    was_in = biology.memberships.filter(user=amara).exists()

    with pytest.raises(HappenedSince, match="The history shows what happened"):
        undo.undo(join_request, by=ms_okafor)
    assert biology.memberships.filter(user=amara).exists() == was_in


def test_not_once_a_manager_has_given_them_rights(biology, decide, ms_okafor, mr_brandt):
    join_request = ask_by_join_url(biology.join_url, by=mr_brandt)
    decide(ms_okafor, "approve", join_request)
    biology.memberships.get(user=mr_brandt).make_co_teacher(by=ms_okafor)

    with pytest.raises(HappenedSince):
        undo.undo(join_request, by=ms_okafor)
    assert biology.memberships.get(user=mr_brandt).role == "co-teacher"


@pytest.mark.parametrize(("decision", "act"), [("approve", "undo"), ("deny", "undo"), ("deny", "let-in")])
def test_what_a_co_teacher_has_decided_about_others_is_no_decision_about_themselves(
    decide, press_about, biology, biology_code, leo_waits, ms_okafor, mr_brandt, decision, act
):
    """Mr Brandt asked once, is co-teacher by now, and has decided about Leo: his own old request is over."""
    join_request = ask_by_join_url(biology.join_url, by=mr_brandt)
    decide(ms_okafor, decision, join_request)
    if decision == "deny":
        use_code(biology_code().code, by=mr_brandt)
    biology.memberships.get(user=mr_brandt).make_co_teacher(by=ms_okafor)
    decide(mr_brandt, decision, leo_waits)

    answer = press_about(ms_okafor, act, join_request)

    assert answer.status_code == 409
    assert not biology.join_requests.pending().exists()
    assert biology.memberships.get(user=mr_brandt).role == "co-teacher"


@pytest.mark.parametrize("act", [undo.undo, undo.let_in_after_all])
@pytest.mark.parametrize("stays", [True, False])
def test_not_once_somebody_who_was_told_no_came_in_by_the_code(
    decided, biology, biology_code, amara, ms_okafor, act, stays
):
    """Even if they have left again: asking once more is theirs to do."""
    join_request = decided("deny")
    use_code(biology_code().code, by=amara)
    if not stays:
        biology.memberships.get(user=amara).leave()

    with pytest.raises(HappenedSince):
        act(join_request, by=ms_okafor)
    assert biology.memberships.filter(user=amara).exists() == stays
    assert not biology.join_requests.pending().exists()


@pytest.mark.parametrize("act", [undo.undo, undo.let_in_after_all])
def test_not_an_earlier_request_of_somebody_who_has_asked_again(
    decided, decide, join_url, amara, ms_okafor, act
):
    join_request = decided("deny")
    time_passes(days=1, seconds=1)
    again = ask_by_join_url(join_url, by=amara)
    with pytest.raises(HappenedSince):
        act(join_request, by=ms_okafor)
    decide(ms_okafor, "deny", again)

    with pytest.raises(HappenedSince):
        act(join_request, by=ms_okafor)
    assert list(JoinRequest.objects.values_list("status", flat=True)) == ["denied", "denied"]


@pytest.mark.parametrize("act", ["undo", "let-in"])
def test_what_nobody_has_decided_cannot_be_undone(press_about, amara_waits, ms_okafor, act):
    answer = press_about(ms_okafor, act, amara_waits)

    assert (answer.status_code, alerts(answer)) == (409, ["Amara Toure is waiting in the approval queue."])


@pytest.mark.parametrize("act", ["undo", "let-in"])
def test_nor_what_the_person_has_ended(press_about, amara_waits, ms_okafor, act):
    amara_waits.withdraw()
    answer = press_about(ms_okafor, act, amara_waits)

    assert answer.status_code == 409
    assert alerts(answer)[0].startswith("Amara Toure cancelled the request on ")


@pytest.mark.rule("Q10")
@pytest.mark.parametrize("act", [undo.undo, undo.let_in_after_all])
def test_not_for_a_closed_account(decided, amara, ms_okafor, act):
    join_request = decided("deny")
    amara.is_active = False
    amara.save()

    with pytest.raises(AccountClosed, match="The account of Amara Toure is closed"):
        act(join_request, by=ms_okafor)


@pytest.mark.rule("C4")
@pytest.mark.parametrize("act", ["undo", "let-in"])
def test_not_in_an_archived_class(decided, press_about, biology, ms_okafor, act):
    join_request = decided("deny")
    biology.archive(by=ms_okafor)

    assert press_about(ms_okafor, act, join_request).status_code == 409
    assert JoinRequest.objects.get().status == "denied"


@pytest.mark.parametrize("decision", DECISIONS)
def test_the_page_after_a_decision_has_the_button_and_its_press_undoes(
    sign_in, url, amara_waits, leo_waits, ms_okafor, decision
):
    """Without scripts: the line that says what was done has the button beside it."""
    browser = sign_in(ms_okafor)
    page = browser.post(url("requests/decide/"), {"decision": decision, "request": leo_waits.pk}, follow=True)
    assert hooks(page, "data-undo") == [str(leo_waits.pk)]
    (address,) = [each for each in hooks(page, "action") if each.endswith("/undo/")]
    event = Event.objects.filter(user=leo_waits.user).order_by("pk").first()
    assert f'name="event" value="{event.pk}"' in page.content.decode()

    page = browser.post(address, {"event": event.pk}, follow=True)
    assert page.redirect_chain == [(url("requests/"), 302)]
    assert "Leo Park is waiting again." in page_text(page)
    assert hooks(page, "data-request") == [str(amara_waits.pk), str(leo_waits.pk)]


@pytest.mark.rule("J10")
def test_the_second_press_of_a_decision_has_the_same_button(sign_in, url, amara_waits, ms_okafor):
    browser = sign_in(ms_okafor)
    fields = {"decision": "approve", "request": amara_waits.pk}
    pages = [browser.post(url("requests/decide/"), fields, follow=True) for _ in range(2)]

    first, second = [re_event(page) for page in pages]
    assert first == second


def re_event(page):
    return page.content.decode().split('name="event" value="')[1].split('"')[0]
