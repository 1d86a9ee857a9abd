import re

import pytest

from classroom.acts.several import block_if_left
from classroom.exceptions import DoneByAnother
from classroom.models import KeptOut
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinCode
from tests.factories import StudentFactory
from tests.hooks import page_text
from tests.notifications import notification_texts, unread_texts


@pytest.fixture
def amara_is_kept_out(biology, amara_is_member, ms_okafor):
    amara_is_member.remove(by=ms_okafor, keep_out=True)
    return biology.kept_out.get()


@pytest.mark.rule("Q7", "Q8")
def test_managers_see_who_is_kept_out_and_by_whom(amara_is_kept_out, mr_lind, sign_in, url):
    page = sign_in(mr_lind).get(url("kept-out/"))

    assert "Amara Toure amara · by Ngozi Okafor on" in page_text(page)
    assert url("kept-out/amara/let-back/") in page.content.decode()


@pytest.mark.rule("Q7", "C5")
def test_whoever_is_let_back_finds_both_doors_open(
    amara_is_kept_out, biology, biology_code, amara, mr_lind, sign_in, url, acts
):
    answer = sign_in(mr_lind).post(url("kept-out/amara/let-back/"))

    assert answer.headers["Location"] == url("kept-out/")
    assert notification_texts(amara)[-1] == "You can join Biology 9B again."
    assert acts()[-1] == ("let_back", "lind", "amara")
    assert not biology.memberships.filter(user=amara).exists()
    assert ask_by_join_url(biology.join_url, by=amara).status == "pending"
    assert use_code(biology_code().code, by=amara).is_member


@pytest.mark.rule("J10", "Q3")
def test_letting_back_twice_changes_nothing_more(amara_is_kept_out, ms_okafor, mr_lind, sign_in, url, acts):
    amara_is_kept_out.let_back(by=ms_okafor)
    before = acts()

    amara_is_kept_out.let_back(by=ms_okafor)
    with pytest.raises(DoneByAnother):
        amara_is_kept_out.let_back(by=mr_lind)

    assert acts() == before
    assert sign_in(ms_okafor).post(url("kept-out/amara/let-back/")).status_code == 302
    assert sign_in(mr_lind).post(url("kept-out/amara/let-back/")).status_code == 409


@pytest.mark.rule("Q3")
def test_after_a_refusal_the_next_page_is_that_of_the_list(
    amara_is_kept_out, biology, ms_okafor, mr_lind, sign_in, url
):
    amara_is_kept_out.let_back(by=ms_okafor)
    KeptOut.objects.block(biology, StudentFactory.create_batch(51), ms_okafor)

    page = sign_in(mr_lind).post(url("kept-out/amara/let-back/"))

    assert page.status_code == 409
    assert f'href="{url("kept-out/")}?page=2"' in page.content.decode()


@pytest.mark.rule("J10")
def test_the_second_press_unblocks_nobody_who_has_moved_up(
    amara_is_kept_out, biology, leo, ms_okafor, okafors_browser, url
):
    """Without scripts; see tests/joins/test_too_soon.py."""
    use_code(JoinCode.objects.get_current(biology).code, by=leo)
    biology.member("leo").remove(by=ms_okafor, keep_out=True)
    answer = okafors_browser.post(url("kept-out/leo/let-back/"), follow=True)
    drawn = re.search(r'name="drawn" value="(\d+)"', answer.content.decode())[1]

    page = okafors_browser.post(url("kept-out/amara/let-back/"), {"drawn": drawn})

    assert page.status_code == 409
    assert "so nothing has happened" in page_text(page)
    assert biology.kept_out.get() == amara_is_kept_out
    okafors_browser.post(url("kept-out/amara/let-back/"), {"drawn": int(drawn) - 2_000})
    assert not biology.kept_out.exists()


def test_nobody_is_let_back_who_is_not_kept_out(biology, leo, ms_okafor, sign_in, url):
    for username in ["leo", "nobody", "okafor"]:
        assert sign_in(ms_okafor).post(url(f"kept-out/{username}/let-back/")).status_code == 404


@pytest.mark.parametrize(("how_many", "statements"), [(1, 4), (51, 5)])
def test_the_list_is_paged_and_asks_as_little_for_many(
    how_many, statements, biology, ms_okafor, sign_in, url, count_queries
):
    KeptOut.objects.bulk_create(
        KeptOut(classroom=biology, user=StudentFactory(), by=ms_okafor) for _ in range(how_many)
    )
    browser = sign_in(ms_okafor)

    # Session with user, membership, numbers in the page's header, rows; the count of what doesn't fit on the page.
    with count_queries(statements):
        page = browser.get(url("kept-out/"))

    assert page.content.decode().count("/let-back/") == min(how_many, 50)
    assert browser.get(url("kept-out/?page=2")).content.decode().count("/let-back/") == 1


def test_nobody_kept_out_is_said(biology, ms_okafor, sign_in, url):
    assert "Nobody is blocked" in sign_in(ms_okafor).get(url("kept-out/")).content.decode()


@pytest.mark.threat("T35")
def test_no_manager_fills_somebodys_list_by_blocking_and_unblocking(
    biology, amara, amara_is_member, ms_okafor
):
    """Who has left can be blocked all the same, again and again."""
    amara_is_member.leave()
    before = amara.notifications.count()

    for _ in range(5):
        block_if_left(biology, [amara.pk], by=ms_okafor)
        biology.kept_out.get().let_back(by=ms_okafor)

    assert unread_texts(amara)[-1] == "You can join Biology 9B again."
    assert amara.notifications.count() == before + 1
