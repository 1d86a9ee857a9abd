"""A manager has removed somebody by mistake, and puts them back with one press (Q9)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from classroom.acts.undo_removal import undo_removal
from classroom.exceptions import NotAllowed
from classroom.models import Event, Membership
from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from privacy.models import Person
from tests.clock import time_passes
from tests.factories import ClassroomFactory, MembershipFactory, StudentFactory, TeacherFactory
from tests.hooks import alerts, hooks, page_text
from tests.notifications import notification_texts

pytestmark = [pytest.mark.django_db, pytest.mark.rule("Q9")]
NO_LONGER = "You're no longer in Biology 9B. Not sure why? Talk to your teacher."
BACK = "You're back in Biology 9B."


@pytest.fixture
def remove(sign_in, url):
    """remove(by, "amara", keep_out="on") -> the page after the press."""
    return lambda by, username, **fields: sign_in(by).post(
        url(f"members/{username}/remove/"), fields, follow=True
    )


@pytest.fixture
def press_undo(sign_in, url):
    """press_undo(by) -> the page after the press of what the message of the latest removals sends."""

    def press(by, how_many=1):
        removals = Event.objects.filter(kind="remove_member").order_by("-pk")[:how_many]
        pks = [event.pk for event in removals]
        return sign_in(by).post(
            url("members/undo-removal/"), {"first": min(pks), "last": max(pks)}, follow=True
        )

    return press


def place_of(user):
    kept = ["role", "door", "code", "joined_at", "co_teacher_until"]
    return Membership.objects.filter(user=user).values(*kept).first()


def sent_by_undo(page):
    """What the Undo button of the page sends."""
    form = page.content.decode().split("undo-removal/")[1].split("</form>")[0]
    return {name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("first", "last")}


@pytest.mark.rule("J9")
def test_the_message_offers_to_put_a_pupil_back_as_they_were(
    remove, biology, biology_code, amara, ms_okafor, sign_in, url, acts
):
    use_code(biology_code().code, by=amara)
    time_passes(days=3)
    before = place_of(amara)

    page = remove(ms_okafor, "amara", keep_out="on")
    assert url("members/undo-removal/") in hooks(page, "action")
    browser = sign_in(ms_okafor)
    page = remove(ms_okafor, "amara", keep_out="on")  # pressed twice, the message still offers it
    answer = browser.post(url("members/undo-removal/"), sent_by_undo(page), follow=True)

    assert "Amara Toure is back." in page_text(answer)
    assert place_of(amara) == before
    assert not biology.kept_out.exists()
    assert [act for act, _, _ in acts()][1:] == ["remove_member", "keep_out", "undo_removal", "let_back"]
    history = page_text(sign_in(ms_okafor).get(url("history/")))
    assert "Ngozi Okafor undid removing Amara Toure" in history


def test_several_who_were_ticked_come_back_together(biology, ms_okafor, sign_in, url):
    people = [StudentFactory(first_name=name, last_name="Moor") for name in ("Ada", "Bo", "Cy")]
    for user in people:
        MembershipFactory(classroom=biology, user=user)
    browser = sign_in(ms_okafor)
    ticked = {"member": [user.pk for user in people], "keep_out": "on"}

    page = browser.post(url("members/remove/"), ticked, follow=True)
    assert "Undo all" in page_text(page)
    page = browser.post(url("members/undo-removal/"), sent_by_undo(page), follow=True)

    assert "3 people are back: Ada Moor, Bo Moor, Cy Moor." in page_text(page)
    assert biology.memberships.filter(user__in=people).count() == 3
    assert not biology.kept_out.exists()


def test_two_presses_offer_to_undo_only_the_second(
    biology, ms_okafor, amara_is_member, leo_is_member, remove
):
    remove(ms_okafor, "amara")
    page = remove(ms_okafor, "leo")

    event = biology.events.get(kind="remove_member", user__username="leo")
    assert sent_by_undo(page) == {"first": str(event.pk), "last": str(event.pk)}


@pytest.mark.rule("N1")
def test_who_has_not_read_that_they_were_removed_reads_nothing(
    amara_is_member, amara, ms_okafor, remove, press_undo
):
    remove(ms_okafor, "amara")
    press_undo(ms_okafor)

    assert notification_texts(amara) == []


@pytest.mark.rule("N1")
def test_who_has_read_it_is_told_that_they_are_back(amara_is_member, amara, ms_okafor, remove, press_undo):
    remove(ms_okafor, "amara")
    amara.notifications.mark_read()
    press_undo(ms_okafor)
    assert notification_texts(amara) == [NO_LONGER, BACK]

    remove(ms_okafor, "amara")
    press_undo(ms_okafor)
    assert notification_texts(amara) == [NO_LONGER, BACK]  # of the second removal they have read nothing


def test_after_ten_minutes_it_is_too_late(amara_is_member, amara, ms_okafor, remove, press_undo):
    remove(ms_okafor, "amara")
    time_passes(minutes=10, seconds=1)

    answer = press_undo(ms_okafor)

    assert (answer.status_code, len(alerts(answer))) == (409, 1)
    assert place_of(amara) is None


@pytest.mark.parametrize("then", ["joins", "asks", "asks and is blocked"])
def test_what_the_person_did_since_stands(
    then, biology, biology_code, amara_is_member, amara, ms_okafor, mr_lind, remove, press_undo
):
    remove(ms_okafor, "amara")
    if then == "joins":
        use_code(biology_code().code, by=amara)
    else:
        waits = ask_by_join_url(biology.join_url, by=amara)
        if then == "asks and is blocked":
            queue.decide(biology, [waits.pk], "keep-out", by=mr_lind)
    before = place_of(amara)

    answer = press_undo(ms_okafor)

    assert answer.status_code == 409
    assert alerts(answer) == [
        "Amara Toure has joined, left or asked again since. The history shows what happened."
    ]
    assert place_of(amara) == before
    assert biology.kept_out.exists() == (then == "asks and is blocked")


@pytest.mark.rule("J10", "Q3")
def test_the_second_press_is_answered_like_the_first(
    amara_is_member, amara, ms_okafor, mr_lind, remove, press_undo, acts
):
    remove(ms_okafor, "amara")

    assert "Amara Toure is back." in page_text(press_undo(ms_okafor))
    assert "Amara Toure is back." in page_text(press_undo(ms_okafor))
    answer = press_undo(mr_lind)
    assert answer.status_code == 409
    assert alerts(answer)[0].startswith("Ngozi Okafor undid removing Amara Toure on")
    assert [act for act, _, _ in acts()] == ["remove_member", "undo_removal"]


@pytest.mark.rule("C2", "C3")
def test_a_co_teacher_comes_back_with_their_role_and_its_end(biology, mr_lind, ms_okafor, remove, press_undo):
    until = timezone.now() + timedelta(days=20)
    biology.member("lind").make_co_teacher(by=ms_okafor, until=until)
    before = place_of(mr_lind)

    remove(ms_okafor, "lind")
    press_undo(ms_okafor)

    assert place_of(mr_lind) == before
    assert before["role"] == "co-teacher"


@pytest.mark.rule("C2")
@pytest.mark.threat("T09")
def test_only_the_owner_brings_back_a_co_teacher(biology, mr_lind, ms_okafor, remove, press_undo):
    berg = TeacherFactory(username="berg", first_name="Bea", last_name="Berg")
    MembershipFactory(classroom=biology, user=berg, role="co-teacher")
    remove(ms_okafor, "berg")

    answer = press_undo(mr_lind)

    assert answer.status_code == 409
    assert alerts(answer) == ["Bea Berg isn't back. Only the owner can undo the removal of a co-teacher."]
    assert place_of(berg) is None


@pytest.mark.rule("C2", "Q3")
@pytest.mark.threat("T09")
def test_any_manager_may_undo_it_and_nobody_else(
    biology, amara_is_member, amara, leo_is_member, leo, ms_okafor, mr_lind, mr_brandt, remove, press_undo
):
    remove(ms_okafor, "amara")

    assert press_undo(leo).status_code == 403
    assert press_undo(mr_brandt).status_code == 404
    with pytest.raises(NotAllowed):
        undo_removal(biology, 0, 2**40, by=leo)
    assert press_undo(mr_lind).status_code == 200
    assert place_of(amara)


@pytest.mark.threat("T01", "T12")
def test_the_numbers_of_another_class_undo_nothing_here(
    biology, amara_is_member, ms_okafor, sign_in, url, mr_brandt
):
    physics = ClassroomFactory(by=mr_brandt)
    place = MembershipFactory(classroom=physics, user=amara_is_member.user)
    place.remove(by=physics.owner, keep_out=False)
    event = Event.objects.get(kind="remove_member")

    answer = sign_in(ms_okafor).post(url("members/undo-removal/"), {"first": event.pk, "last": event.pk})

    assert answer.status_code == 409
    assert not physics.memberships.filter(user=place.user).exists()


@pytest.mark.threat("T93")
def test_a_deleted_account_does_not_come_back(biology, amara_is_member, amara, ms_okafor, remove, press_undo):
    remove(ms_okafor, "amara")
    Person.objects.get(pk=amara.pk).erase()

    answer = press_undo(ms_okafor)

    assert answer.status_code == 409
    assert alerts(answer) == ["The account of somebody you removed has been deleted."]
    assert not biology.memberships.filter(user=amara.pk).exists()


@pytest.mark.rule("C4")
def test_an_archived_class_gets_its_member_back_too(
    biology, amara_is_member, amara, ms_okafor, remove, press_undo
):
    """Members are removed there as well, and may still read."""
    remove(ms_okafor, "amara")
    biology.archive(by=ms_okafor)

    assert press_undo(ms_okafor).status_code == 200
    assert place_of(amara)
