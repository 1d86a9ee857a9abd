"""A manager corrects the name of a student whose account was created with this class's Code."""

import pytest

from accounts.models import Rename
from accounts.models.rename import MOST_CORRECTIONS_A_DAY
from joins.acts.ask import ask_by_join_url
from tests.clock import time_passes
from tests.factories import MembershipFactory
from tests.hooks import page_text, shown_before

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A8")]
RIGHT = {"first_name": "Amára", "last_name": "Touré"}


@pytest.fixture
def page(url):
    return url("members/amara/name/")


def history(browser, url):
    return page_text(browser.get(url("history/")))


@pytest.mark.parametrize("manager", ["ms_okafor", "mr_lind"])
def test_it_stands_in_the_history_with_the_old_name_and_the_new(
    manager, request, sign_in, page, url, amara, amara_signed_up
):
    by = request.getfixturevalue(manager)
    browser = sign_in(by)

    answer = browser.post(page, RIGHT, follow=True)

    amara.refresh_from_db()
    assert (amara.full_name, amara.username) == ("Amára Touré", "amara")
    assert answer.redirect_chain == [(url(f"members/#member-{amara.pk}"), 302)]
    assert "The name is saved: Amára Touré." in page_text(answer)
    told = f"{by.full_name} corrected the name of Amára Touré from “Amara Toure” to “Amára Touré”"
    assert told in history(browser, url)
    assert list(Rename.objects.values_list("user", "by", "old", "new")) == [
        (amara.pk, by.pk, "Amara Toure", "Amára Touré")
    ]


@pytest.mark.rule("J10")
def test_the_part_that_was_changed_meanwhile_stays(sign_in, page, ms_okafor, amara, amara_signed_up):
    """Ms Okafor corrects the first name, on a page that still shows the last name from before."""
    browser = sign_in(ms_okafor)
    shown = shown_before(browser.get(page))
    amara.rename(amara, "Amara", "Diallo")

    browser.post(page, {"first_name": "Amára", "last_name": "Toure"} | shown)

    amara.refresh_from_db()
    assert amara.full_name == "Amára Diallo"


@pytest.mark.threat("T93")
def test_the_student_is_told_by_whom(sign_in, page, ms_okafor, mr_lind, amara, amara_signed_up):
    """If that manager is erased, the notification with their name is deleted as well."""
    sign_in(ms_okafor).post(page, RIGHT)

    told = amara.notifications.get()
    assert told.sentence == "Ngozi Okafor of Biology 9B changed your name to Amára Touré."
    assert (told.link, told.mentions) == ("/accounts/profile/", ms_okafor)
    assert not mr_lind.notifications.exists()


@pytest.mark.rule("J10")
def test_the_second_press_answers_the_same_and_changes_nothing(
    sign_in, page, mr_lind, amara, amara_signed_up, okafors_browser
):
    answers = [okafors_browser.post(page, RIGHT, follow=True) for _ in range(2)]
    other = sign_in(mr_lind).post(page, RIGHT, follow=True)

    assert len({(page_text(answer), str(answer.redirect_chain)) for answer in answers}) == 1
    assert "The name is saved: Amára Touré." in page_text(other)
    assert Rename.objects.count() == amara.notifications.count() == 1
    assert amara_signed_up.classroom.events.filter(kind="correct_name").count() == 1


def test_a_name_that_is_right_already_is_left_alone(sign_in, page, ms_okafor, amara, amara_signed_up):
    answer = sign_in(ms_okafor).post(page, {"first_name": " Amara ", "last_name": "Toure"}, follow=True)

    assert "The name is saved: Amara Toure." in page_text(answer)
    assert not Rename.objects.exists()
    assert not amara_signed_up.classroom.events.filter(kind="correct_name").exists()


@pytest.mark.rule("J5")
def test_looking_at_the_page_changes_nothing(sign_in, page, ms_okafor, amara, amara_signed_up):
    answer = sign_in(ms_okafor).get(page)

    assert 'value="Amara"' in answer.content.decode()
    assert answer.content.decode().count('autocomplete="off"') == 2  # the browser fills in the teacher's own
    assert not Rename.objects.exists()


@pytest.mark.rule("A7")
@pytest.mark.threat("T43")
@pytest.mark.parametrize(
    "wrong", [{"first_name": ""}, {"first_name": "https://evil.example"}, {"last_name": "x" * 61}]
)
def test_what_is_no_name_is_refused(wrong, sign_in, page, ms_okafor, amara, amara_signed_up):
    answer = sign_in(ms_okafor).post(page, RIGHT | wrong)

    amara.refresh_from_db()
    assert (answer.status_code, amara.full_name) == (422, "Amara Toure")


@pytest.mark.rule("A6")
def test_another_class_is_not_told_which_teacher_did_it(
    sign_in, page, ms_okafor, mr_brandt, amara, amara_signed_up, physics
):
    """Outsiders don't see who is in a class."""
    MembershipFactory(classroom=physics, user=amara)

    sign_in(ms_okafor).post(page, RIGHT)

    told = history(sign_in(mr_brandt), lambda rest: physics.path + rest)
    assert "A teacher of another class corrected the name of Amára Touré from “Amara Toure”" in told
    assert "Okafor" not in told


@pytest.mark.threat("T33")
def test_a_teacher_fills_no_history_of_another_class(
    sign_in, page, okafors_browser, amara, amara_signed_up, physics, mr_brandt
):
    """A teacher who has created a student's account could write into the histories of all classes that it joins."""
    MembershipFactory(classroom=physics, user=amara)
    names = [RIGHT | {"first_name": f"Amára {number}"} for number in range(MOST_CORRECTIONS_A_DAY + 1)]

    answers = [okafors_browser.post(page, name) for name in names]

    assert [answer.status_code for answer in answers] == [302] * MOST_CORRECTIONS_A_DAY + [422]
    assert "This name has been corrected 5 times today. Try again tomorrow." in page_text(answers[-1])
    assert physics.events.filter(kind="correct_name").count() == MOST_CORRECTIONS_A_DAY
    assert okafors_browser.post(page, names[-2]).status_code == 302  # it has this name already
    amara.rename(amara, "Amara", "Toure")  # her own changes have a limit of their own
    time_passes(hours=24)
    assert okafors_browser.post(page, names[-1]).status_code == 302


@pytest.mark.threat("T42")
@pytest.mark.parametrize("is_member", [True, False])
def test_managers_of_other_classes_are_warned_of_a_look_alike(
    sign_in, page, ms_okafor, amara, amara_signed_up, physics, mr_brandt, leo, is_member
):
    """A teacher may have created the account to get into the other class with a name of that class."""
    MembershipFactory(classroom=physics, user=leo)
    if is_member:
        MembershipFactory(classroom=physics, user=amara)
    else:
        ask_by_join_url(physics.join_url, by=amara)

    sign_in(ms_okafor).post(page, {"first_name": "Leo", "last_name": "Park"})

    told = mr_brandt.notifications.filter(mentions=amara)
    assert [one.sentence for one in told] == [
        "Amara Toure is now called Leo Park, similar to a name in Physics 10. Check who it is."
    ]


def test_who_corrects_a_name_is_not_warned_of_it(
    sign_in, page, ms_okafor, amara, amara_signed_up, biology, leo
):
    MembershipFactory(classroom=biology, user=leo)

    sign_in(ms_okafor).post(page, {"first_name": "Leo", "last_name": "Park"})

    assert not ms_okafor.notifications.exists()


def test_the_list_of_members_leads_there_for_students(
    sign_in, url, page, ms_okafor, mr_lind, amara_signed_up
):
    members = sign_in(ms_okafor).get(url("members/")).content.decode()

    assert f'href="{page}"' in members
    assert url("members/lind/name/") not in members
