"""The actions of the lists in the admin. Operators act through the same methods as everybody else (T59)."""

import re

import pytest
from django.contrib import admin

from accounts.models import User
from classroom.models import Classroom
from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.models import JoinCode, JoinRequest
from tests.clock import time_passes
from tests.factories import ClassroomFactory
from tests.hooks import page_text
from tests.tables import tables
from tests.test_admin import list_of, without_sessions


def sure_of(rows):
    """What the page that asks about these rows sends."""
    return f"{len(rows)}-{sum(row.pk for row in rows)}"


@pytest.fixture
def act(operator, sign_in):
    """act("archive", biology) -> the list after the operator has run this action on these rows, and said yes."""

    def chosen(action, *rows):
        ticked = {"action": action, "_selected_action": [row.pk for row in rows], "sure": sure_of(rows)}
        return sign_in(operator).post(list_of(type(rows[0])), ticked, follow=True)

    return chosen


def _events(classroom, by):
    return list(classroom.events.filter(by=by).values_list("kind", flat=True).order_by("pk"))


@pytest.mark.rule("C4")
def test_an_operator_archives_and_restores_through_the_verbs(act, biology, biology_code, operator):
    act("archive", biology)
    biology.refresh_from_db()
    assert (biology.is_archived, biology.archived_by) == (True, operator)

    act("restore", biology)
    biology.refresh_from_db()
    assert (biology.is_archived, biology_code().state) == (False, "locked")
    assert _events(biology, operator) == ["archive_class", "restore_class", "lock_code"]


@pytest.mark.rule("K7", "K8")
def test_an_operator_locks_and_resets_a_code_through_the_verbs(act, biology, biology_code, operator):
    first = biology_code()

    act("lock", first)
    assert biology_code().locked_by == operator
    act("reset", first)

    assert biology_code().code != first.code
    assert _events(biology, operator) == ["lock_code", "reset_code"]


# What a list says after each action on all of its rows, some of which it can't change.
ON_ALL = {
    (User, "close_accounts"): ("Close 6 accounts?", "4 closed", "0 closed"),
    (User, "reopen_accounts"): ("Reopen 6 accounts?", "1 reopened", "0 reopened"),
    (Classroom, "archive"): ("Archive 2 classes?", "1 archived", "0 archived"),
    (Classroom, "restore"): ("Restore 2 classes?", "1 restored", "0 restored"),
    (JoinCode, "lock"): ("Lock 2 Codes?", "1 locked", "0 locked"),
    (JoinCode, "reset"): ("Reset 2 Codes?", "1 reset", "1 reset"),  # the new one
    (JoinRequest, "approve"): ("Let in 2 people?", "1 let in", "0 let in"),
    (JoinRequest, "deny"): ("Say no to 2 people?", "1 told no", "0 told no"),
}


@pytest.mark.rule("J10")
@pytest.mark.threat("T59")
@pytest.mark.parametrize(
    ("model", "action"),
    [(model, action) for model, site in admin.site._registry.items() for action in site.actions],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_an_action_asks_first_and_counts_what_it_has_changed(
    model, action, operators_browser, biology, ms_okafor, mr_brandt, amara, leo
):
    """Django's button "Go" acts at once, also on all 100,000 accounts after "Select all"."""
    ClassroomFactory(name="Physics 10", by=mr_brandt).archive(by=mr_brandt)
    for person in (amara, leo):
        join_request = ask_by_join_url(biology.join_url, by=person)
    queue.decide(biology, [join_request.pk], "keep-out", by=ms_okafor)
    User.objects.filter(pk=leo.pk).close()
    before = without_sessions(tables())
    question, done, done_again = ON_ALL[model, action]
    chosen = {"action": action, "select_across": "1", "_selected_action": model.objects.first().pk}

    for sure in ({}, {"sure": "1-1"}):
        page = operators_browser.post(list_of(model), chosen | sure)
        assert page.context["title"] == question
    assert without_sessions(tables()) == before

    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([\w-]+)"', page.content.decode()))
    first, second = (operators_browser.post(list_of(model), fields, follow=True) for _ in range(2))
    assert done in page_text(first)
    assert page_text(second) == page_text(first)
    time_passes(minutes=2)
    fields["sure"] = sure_of(model.objects.all())
    assert done_again in page_text(operators_browser.post(list_of(model), fields, follow=True))


@pytest.mark.threat("T59")
def test_all_are_those_whom_the_page_counted_and_not_as_many_others(operators_browser, biology, amara, leo):
    """One student cancels and another asks. The page asks again, because it did not count the new one."""
    first = ask_by_join_url(biology.join_url, by=amara)
    pending = f"{list_of(JoinRequest)}?status=pending"
    chosen = {"action": "approve", "select_across": "1", "_selected_action": first.pk}
    page = operators_browser.post(pending, chosen)
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([\w-]+)"', page.content.decode()))
    first.withdraw()
    ask_by_join_url(biology.join_url, by=leo)

    page = operators_browser.post(pending, fields)

    assert page.context["title"] == "Let in 1 person?"
    assert "Leo Park" in page_text(page)
    assert JoinRequest.objects.pending().count() == 1


@pytest.mark.parametrize(
    "chosen",
    [{}, {"action": "lock"}, {"_selected_action": "1"}]
    + [{"action": "lock", "_selected_action": odd} for odd in ("x", "", "-1", "9" * 30, [1, "x"])],
)
def test_who_ticks_nothing_or_chooses_nothing_is_told(chosen, operators_browser, biology, biology_code):
    """Also without the name of the button "Go", which a form that is sent once doesn't send, and with odd numbers."""
    page = operators_browser.post(list_of(JoinCode), chosen, follow=True)

    assert "Nothing has been done. Tick some rows, and choose what to do with them." in page_text(page)
    assert biology_code().state == "unlocked"


def test_a_retired_code_takes_no_act(act, biology, biology_code, ms_okafor, operator):
    old = biology_code()
    old.reset(by=ms_okafor)
    new = biology_code().code

    act("reset", old)

    assert biology_code().code == new
    assert _events(biology, operator) == []


@pytest.mark.rule("K4")
def test_the_codes_of_a_deleted_class_are_only_history(act, biology, biology_code, ms_okafor):
    old = biology_code()
    biology.delete_class(by=ms_okafor)

    for action in ("lock", "reset"):
        assert act(action, old).status_code == 200
    assert JoinCode.objects.get().retired_by == ms_okafor


@pytest.mark.rule("Q2", "Q8")
def test_an_operator_answers_requests_of_several_classes(act, biology, mr_brandt, amara, leo, operator):
    chess_club = ClassroomFactory(name="Chess club", by=mr_brandt)
    join_requests = [
        ask_by_join_url(biology.join_url, by=amara),
        ask_by_join_url(biology.join_url, by=leo),
        ask_by_join_url(chess_club.join_url, by=leo),
    ]

    act("approve", *join_requests)

    assert {request.decided_by for request in JoinRequest.objects.all()} == {operator}
    assert biology.memberships.filter(user__in=[amara, leo]).count() == 2
    assert chess_club.memberships.filter(user=leo).exists()


@pytest.mark.rule("Q3")
def test_an_operator_hears_that_somebody_decided_before(act, biology, amara, ms_okafor):
    join_request = ask_by_join_url(biology.join_url, by=amara)
    queue.decide(biology, [join_request.pk], "deny", by=ms_okafor)

    page = act("approve", join_request)

    assert "Ngozi Okafor said no to Amara Toure" in page.content.decode()
    assert not biology.memberships.filter(user=amara).exists()


def test_an_archived_class_refuses_an_operator_too(act, biology, amara, ms_okafor, biology_code):
    join_request = ask_by_join_url(biology.join_url, by=amara)
    biology.archive(by=ms_okafor)

    for action, row in [("approve", join_request), ("lock", biology_code())]:
        assert "This class is archived. Restore it first." in act(action, row).content.decode()
