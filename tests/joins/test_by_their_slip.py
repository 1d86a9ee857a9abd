"""Wherever managers read how somebody came, it says "by their slip" and for whose name (L4, J9)."""

import pytest

from classroom.acts import class_list
from joins import sentences
from joins.acts import queue
from joins.acts.by_code import use_code
from joins.acts.move_to_queue import move_to_queue
from joins.models import JoinRequest
from tests.factories import StudentFactory
from tests.hooks import alerts, hooks, page_text
from tests.notifications import unread_texts

pytestmark = pytest.mark.rule("L4", "J9")


@pytest.fixture
def max_b(make_slip):
    """Max B. has joined with the slip for Ana López."""
    max_b = StudentFactory(username="maxb", first_name="Max", last_name="B.")
    use_code(make_slip("Ana López"), by=max_b)
    return max_b


@pytest.fixture
def read(okafors_browser, url):
    """read("today/") -> the text of that page."""
    return lambda page: page_text(okafors_browser.get(url(page)))


def test_on_every_page_of_the_members(max_b, read):
    assert "by their slip for Ana López" in read("members/")
    assert "by their slip for Ana López" in read("")


def test_on_joined_today_with_a_warning_if_it_is_another_name(max_b, make_slip, read, biology, biology_code):
    use_code(make_slip("Ben Müller"), by=StudentFactory(first_name="ben", last_name="Müller"))
    use_code(biology_code().code, by=StudentFactory())

    page = read("today/")

    assert "by their slip for Ana López" in page
    assert "by their slip for Ben Müller" in page
    assert page.count("That isn't the name on the slip. Check who this is.") == 1
    assert "2 by a slip" in page


@pytest.mark.rule("N3")
def test_the_managers_are_told_of_another_name_once_until_they_have_read_it(
    max_b, make_slip, ms_okafor, mr_lind, okafors_browser, url
):
    sentence = "Somebody has joined Biology 9B with a slip for another name. Check who it is."
    use_code(make_slip("Cem Kaya"), by=StudentFactory())
    assert unread_texts(ms_okafor).count(sentence) == 1
    assert unread_texts(mr_lind).count(sentence) == 1
    told = ms_okafor.notifications.get(kind=sentences.SLIP_OF_ANOTHER_NAME_USED)
    assert "That isn't the name on the slip." in page_text(okafors_browser.get(told.link))

    ms_okafor.notifications.mark_read()
    use_code(make_slip("Ben Müller"), by=StudentFactory())
    assert unread_texts(ms_okafor) == [sentence]


@pytest.mark.threat("T42")
def test_the_managers_are_told_of_whoever_takes_the_name_on_the_slip_afterwards(max_b, ms_okafor, mr_lind):
    """Then no page says any more that the account has another name than the slip."""
    ms_okafor.notifications.mark_read()

    max_b.rename(by=max_b, first_name="Ana", last_name="López")

    sentence = "Max B. is now called Ana López, similar to a name in Biology 9B. Check who it is."
    assert unread_texts(ms_okafor) == [sentence]
    assert sentence in unread_texts(mr_lind)


@pytest.mark.threat("T42")
def test_and_of_whoever_borrowed_it_for_the_moment(make_slip, ms_okafor):
    zoe = StudentFactory(first_name="Ana", last_name="López")
    use_code(make_slip("Ana López"), by=zoe)
    before = unread_texts(ms_okafor)

    zoe.rename(by=zoe, first_name="Zoe", last_name="Blank")

    sentence = "Somebody has joined Biology 9B with a slip for another name. Check who it is."
    assert unread_texts(ms_okafor) == [*before, sentence]


def test_but_not_of_a_correction_nor_of_another_spelling(max_b, ms_okafor, mr_lind):
    for manager in (ms_okafor, mr_lind):
        manager.notifications.mark_read()

    max_b.rename(by=ms_okafor, first_name="Ana", last_name="López")
    max_b.rename(by=max_b, first_name="ana", last_name="López")

    assert unread_texts(ms_okafor) == unread_texts(mr_lind) == []


def test_nobody_is_told_of_the_name_on_the_slip(make_slip, ms_okafor):
    before = unread_texts(ms_okafor)
    use_code(make_slip("Ana López"), by=StudentFactory(first_name="ana", last_name="López"))

    assert unread_texts(ms_okafor) == before


def test_in_the_history_and_without_the_name_once_the_list_is_deleted(max_b, read, listed_class, ms_okafor):
    assert "Max B. joined by their slip for Ana López" in read("history/")
    assert "Ngozi Okafor made slips for the class list" in read("history/")

    class_list.forget(listed_class, by=ms_okafor)

    assert "Max B. joined by their slip" in read("history/")
    assert "Ana López" not in read("history/")


@pytest.mark.rule("K9")
def test_the_history_lists_no_slip_as_a_code_of_the_class(max_b, make_slip, read, biology_code):
    make_slip("Ben Müller")

    assert read("history/").count("Retired") == 0


@pytest.mark.threat("T30")
def test_in_the_queue_and_who_is_let_in_again_keeps_the_door(max_b, read, listed_class, ms_okafor):
    move_to_queue(listed_class, "maxb", by=ms_okafor)

    assert "moved to the queue, joined by their slip for Ana López" in read("requests/")

    waiting = JoinRequest.objects.pending().get()
    code = waiting.join_code.code
    queue.decide(listed_class, [waiting.pk], "approve", by=ms_okafor)
    membership = listed_class.memberships.get(user=max_b)
    assert (membership.door, membership.code) == ("slip", code)


def test_a_leak_is_about_codes_of_the_class_only(max_b, okafors_browser, url, listed_class):
    page = okafors_browser.get(url("code/leaked/?who=pick"))

    assert hooks(page, "data-member") == []
    assert not alerts(page)


def test_the_members_sort_by_the_door(max_b, read):
    assert "Max" in read("members/?sort=door")
