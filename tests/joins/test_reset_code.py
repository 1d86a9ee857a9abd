"""A reset gives the class a new Code. The old one gets the same answer as a Code that never existed."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joins import codes
from joins.acts import queue
from joins.acts.by_code import use_code
from joins.exceptions import CodeChanged, UnknownCode
from joins.models import JoinRequest
from tests.hooks import hooks
from tests.joins.test_sign_up_with_code import GRACE
from tests.log_in import log_in

pytestmark = pytest.mark.rule("K8")

NEVER_ISSUED = "BDKRTWXZ" + codes.check_letter("BDKRTWXZ")


@pytest.fixture
def retired(biology_code, ms_okafor):
    """The Code that Ms Okafor has just reset."""
    old = biology_code()
    old.reset(by=ms_okafor)
    old.refresh_from_db()
    return old


@pytest.mark.rule("K9")
def test_a_new_unlocked_code_takes_its_place(biology, retired, biology_code, ms_okafor, amara):
    new = biology_code()

    assert (new.state, new.created_by) == ("unlocked", ms_okafor)
    assert new.code != retired.code
    assert (retired.retired_by, retired.retired_at is None) == (ms_okafor, False)
    assert use_code(new.code, by=amara).is_member


def test_a_locked_code_is_reset_to_an_unlocked_one(locked_code, biology_code, mr_lind):
    locked_code.reset(by=mr_lind)

    assert biology_code().state == "unlocked"


def test_nobody_gets_in_by_the_old_code(biology, retired, amara):
    with pytest.raises(UnknownCode):
        use_code(retired.code, by=amara)
    assert not biology.memberships.filter(user=amara).exists()
    assert not JoinRequest.objects.exists()


@pytest.mark.rule("J9")
def test_members_and_who_waits_stay_as_they_are(biology, biology_code, ms_okafor, mr_lind, amara, leo):
    """People who joined or asked by the old Code keep it as their door."""
    old = biology_code()
    use_code(old.code, by=leo)
    old.lock(by=ms_okafor)
    join_request = use_code(old.code, by=amara).join_request

    old.reset(by=ms_okafor)

    join_request.refresh_from_db()
    assert (join_request.status, join_request.join_code) == ("pending", old)
    assert biology.memberships.get(user=leo).code == old.code
    (approved,) = queue.decide(biology, [join_request.pk], "approve", by=mr_lind)
    assert biology.memberships.get(user=amara).code == old.code


@pytest.mark.rule("J4")
def test_the_join_url_stays_the_same(biology, join_url, biology_code, ms_okafor):
    biology_code().reset(by=ms_okafor)

    assert type(join_url).objects.get(classroom=biology).key == join_url.key


def answer_and_statements(act, code):
    """The answer and its SQL statements, without the Code itself."""
    with CaptureQueriesContext(
        connection,
    ) as seen:
        page = act(code)
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
    kept = [
        page.status_code,
        page.get("Location"),
        body.replace(code, "?").replace(codes.in_threes(code), "?"),
    ]
    statements = [
        re.sub(r"'[\d :.+-]+'(::timestamptz)?", "now", query["sql"]) for query in seen.captured_queries
    ]
    return kept, [statement.replace(code, "?") for statement in statements]


@pytest.mark.threat("T28")
def test_at_the_door_it_answers_exactly_like_a_code_that_never_was(retired, amaras_browser):
    """Status, words and statements are the same, and so is the time."""

    def enter(code):
        return amaras_browser.post("/join/", {"code": code})

    assert answer_and_statements(enter, retired.code) == answer_and_statements(enter, NEVER_ISSUED)


@pytest.mark.rule("J0")
@pytest.mark.threat("T28")
def test_at_the_sign_up_it_does_so_too(client, retired):
    def sign_up(code):
        return client.post("/accounts/signup/student/", GRACE | {"code": code})

    sign_up(NEVER_ISSUED)  # what is read once a process is read before the comparison
    assert answer_and_statements(sign_up, retired.code) == answer_and_statements(sign_up, NEVER_ISSUED)


@pytest.mark.rule("A5")
def test_at_the_log_in_it_does_so_too(client, retired, amara):
    """It was typed while logged out, and is used after the log-in."""
    sentences = set()
    for code in (retired.code, NEVER_ISSUED):
        client.post("/join/", {"code": code})
        log_in(client, "amara", follow=True)
        page = client.post("/join/", {"code": code})
        sentences.add(re.search(r"No open class has this Code[^<]*", page.content.decode())[0])
        client.post("/accounts/logout/")

    assert len(sentences) == 1


@pytest.mark.rule("J5")
def test_the_page_before_it_says_what_will_happen(sign_in, url, ms_okafor, biology_code, amara_waits):
    code = biology_code()
    page = sign_in(ms_okafor).get(url("code/reset/"))

    assert "1 person is waiting in the approval queue and stays there." in " ".join(
        page.content.decode().split()
    )
    assert biology_code() == code


def test_the_press_leads_to_the_door_with_the_new_code(sign_in, url, biology, biology_code, ms_okafor):
    old = biology_code()
    page = sign_in(ms_okafor).post(url("code/reset/"), follow=True)

    assert page.redirect_chain == [(biology.path, 302)]
    assert hooks(page, "data-code") == [biology_code().code]
    assert old.code not in page.content.decode()


@pytest.mark.rule("J10")
@pytest.mark.threat("T79")
def test_an_older_page_does_not_kill_the_new_code(sign_in, url, biology_code, ms_okafor, mr_lind):
    """Another manager presses there, and the answer shows the new Code."""
    old = biology_code()
    stale = {"join_code": old.pk}
    sign_in(ms_okafor).post(url("code/reset/"), stale)
    new = biology_code()

    page = sign_in(mr_lind).post(url("code/reset/"), stale)

    assert page.status_code == 409
    assert "Somebody reset the Code meanwhile." in page.content.decode()
    assert hooks(page, "data-code") == [new.code] == [biology_code().code]
    with pytest.raises(CodeChanged):
        old.reset(by=mr_lind)


@pytest.mark.rule("J10", "Q3")
def test_a_second_press_is_not_told_that_the_code_of_another_manager_is_theirs(
    sign_in, url, biology_code, ms_okafor, mr_lind
):
    """Ms Okafor reset it, then Mr Lind did, and now her first press comes again."""
    stale = {"join_code": biology_code().pk}
    sign_in(ms_okafor).post(url("code/reset/"), stale)
    biology_code().reset(by=mr_lind)

    page = sign_in(ms_okafor).post(url("code/reset/"), stale)

    assert page.status_code == 409
    assert "Somebody reset the Code meanwhile." in page.content.decode()


@pytest.mark.rule("J10")
def test_a_page_that_names_no_code_at_all_resets_nothing(sign_in, url, biology_code, ms_okafor):
    code = biology_code()
    page = sign_in(ms_okafor).post(url("code/reset/"), {"join_code": "this one"})

    assert page.status_code == 409
    assert biology_code() == code


@pytest.mark.rule("K9")
def test_the_old_code_is_shown_to_managers_in_the_history_only(url, biology, retired, okafors_browser):
    assert codes.in_threes(retired.code) in okafors_browser.get(url("history/")).content.decode()
    for page in (biology.path, url("handout/"), url("requests/"), url("code/reset/")):
        assert codes.in_threes(retired.code) not in okafors_browser.get(page).content.decode()
