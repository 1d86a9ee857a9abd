"""Two people wait under one name. Each row says so, whether or not the class has a list (Q10)."""

import pytest

from classroom.acts import class_list
from joins.acts import queue
from joins.models import JoinRequest
from tests.hooks import hooks, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.rule("Q10")]
SAME = "Same name as another request. Check who this is."


def test_both_rows_say_so_and_no_other(asks, okafors_browser, url):
    first, _, second = asks("Ana López"), asks("Ben Kay"), asks("ana  lópez")

    page = okafors_browser.get(url("requests/"))

    assert hooks(page, "data-same-name") == [str(first.pk), str(second.pk)]
    assert page_text(page).count(SAME) == 2


@pytest.mark.threat("T42")
def test_letting_in_all_leaves_both(asks, biology, okafors_browser, ms_okafor, url):
    for name in ("Ana López", "Ben Kay", "Ana López", "Mia Vogel"):
        asks(name)
    biology.refresh_from_db()

    assert "Let in the 2 without a warning" in page_text(okafors_browser.get(url("requests/")))
    queue.decide_all(biology, queue.count_queue(biology).seen, queue.Decision.APPROVE, by=ms_okafor)

    assert list(JoinRequest.objects.pending().values_list("name", flat=True)) == ["Ana López", "Ana López"]


@pytest.mark.threat("T42", "T46")
@pytest.mark.parametrize("with_list", [False, True])
def test_a_name_taken_after_asking_is_compared_too(
    asks, biology, okafors_browser, ms_okafor, url, with_list, monkeypatch
):
    """The row shows it as "Now called …", and the class would see it."""
    if with_list:
        class_list.keep(biology, ["Ana López"], by=ms_okafor)
    asks("Ana López")
    asks("Mia Vogel")
    renamed = asks("Zoe Blank")
    renamed.user.rename(by=renamed.user, first_name="Ana", last_name="López")
    biology.refresh_from_db()

    page = okafors_browser.get(url("requests/"))
    assert (
        hooks(page, "data-same-name") == [str(renamed.pk)] if with_list else page_text(page).count(SAME) == 2
    )
    monkeypatch.setattr("joins.views.queue.PER_PAGE", 1)
    assert hooks(okafors_browser.get(url("requests/?page=3")), "data-same-name") == [str(renamed.pk)]
    queue.decide_all(biology, queue.count_queue(biology).seen, queue.Decision.APPROVE, by=ms_okafor)
    assert list(JoinRequest.objects.pending().values_list("name", flat=True)) == ["Ana López", "Zoe Blank"]


def test_who_has_got_back_the_name_they_asked_with_is_one_person(asks, okafors_browser, url):
    one = asks("Ana López")
    one.user.rename(by=one.user, first_name="ana", last_name="López")

    assert hooks(okafors_browser.get(url("requests/")), "data-same-name") == []


def test_the_other_one_may_wait_on_another_page(asks, okafors_browser, url, monkeypatch):
    monkeypatch.setattr("joins.views.queue.PER_PAGE", 1)
    first = asks("Ana López")
    asks("Ana López")

    assert hooks(okafors_browser.get(url("requests/")), "data-same-name") == [str(first.pk)]


def test_who_waits_alone_again_is_not_marked(asks, okafors_browser, ms_okafor, biology, url):
    first, second = asks("Ana López"), asks("Ana López")
    queue.decide(biology, [first.pk], queue.Decision.DENY, by=ms_okafor)

    assert hooks(okafors_browser.get(url("requests/")), "data-same-name") == []
    okafors_browser.post(f"/requests/{first.pk}/undo/")
    page = okafors_browser.get(url("requests/"))
    assert hooks(page, "data-same-name") == [str(first.pk), str(second.pk)]


@pytest.mark.rule("L3")
def test_a_list_says_it_in_its_own_words_and_others_are_marked_all_the_same(
    asks, okafors_browser, ms_okafor, biology, url
):
    class_list.keep(biology, ["Ana López"], by=ms_okafor)
    for name in ("Ana López", "Ana López"):
        asks(name)
    strangers = [asks("Mia Vogel"), asks("Mia Vogel")]

    page = okafors_browser.get(url("requests/"))

    assert hooks(page, "data-on-list") == ["twice", "twice", "no", "no"]
    assert hooks(page, "data-same-name") == [str(one.pk) for one in strangers]
