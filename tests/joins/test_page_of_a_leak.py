"""The page about a leaked Code: it counts who stays and who moves to the queue, before anything happens."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from classroom.models import Event, Membership
from joins.acts import leak
from joins.acts.by_code import use_code
from joins.views.leak import MOST_SHOWN, MOST_TICKED, start_of_latest_run
from tests.factories import MembershipFactory, StudentFactory
from tests.hooks import alerts, hooks, page_text

pytestmark = pytest.mark.threat("T30")


@pytest.fixture
def press(okafors_browser, biology):
    """press(page, who="everyone") presses "Reset the Code" on this page after another choice, without JavaScript."""

    def press(page, **choice):
        return okafors_browser.post(f"{biology.path}code/leaked/", fields_of(page) | choice, follow=True)

    return press


def fields_of(page):
    """The values of the page's hidden fields, and of the choice that it begins with."""
    found = re.findall(r'name="(join_code|counted|seen|since)"[^>]*?\bvalue="([^"]*)"', page.content.decode())
    return {"who": "since"} | dict(found)


@pytest.mark.rule("J5")
def test_the_page_counts_those_of_the_latest_run_and_changes_nothing(
    leaked_code, biology, biology_code, okafors_browser
):
    """Amara came two hours earlier, so Leo began the run."""
    page = okafors_browser.get(f"{biology.path}code/leaked/")

    assert "1 stays · 1 goes to the queue" in page_text(page)
    assert "Everyone who used it (2)" in page_text(page)
    assert hooks(page, "data-username") == []
    assert biology_code().code == leaked_code.code


@pytest.mark.parametrize(
    ("minutes_ago", "hour"),
    [([5], 9), ([5, 20, 50], 8), ([5, 20, 90], 8), ([5, 62, 150, 220], 8), ([3000], 7)],
)
def test_the_latest_run_began_in_the_hour_before_which_nobody_joined_for_an_hour(minutes_ago, hour):
    now = datetime(2027, 3, 1, 9, 10, tzinfo=UTC)
    moments = [now - timedelta(minutes=ago) for ago in minutes_ago]

    assert start_of_latest_run(moments).hour == hour


@pytest.mark.rule("J10")
@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"who": "everyone"}, "Nobody stays · 2 go to the queue"),
        ({"who": "pick"}, "2 stay · nobody goes to the queue"),
        ({"who": "since", "since": "2020-01-01T00:00"}, "Nobody stays · 2 go to the queue"),
    ],
)
def test_another_choice_is_counted_before_it_is_done(
    leaked_code, biology, biology_code, okafors_browser, press, waiting, choice, sentence
):
    """Without JavaScript the sentence is about the choice before, so the press only counts."""
    page = okafors_browser.get(f"{biology.path}code/leaked/")

    answer = press(page, **choice)

    assert sentence in page_text(answer)
    assert (biology_code().code, waiting()) == (leaked_code.code, [])
    press(answer, **choice)
    assert biology_code().code != leaked_code.code


def test_the_button_count_only_counts(leaked_code, biology, biology_code, okafors_browser):
    page = okafors_browser.get(f"{biology.path}code/leaked/")

    answer = okafors_browser.post(f"{biology.path}code/leaked/", fields_of(page) | {"count": "on"})

    assert "1 stays · 1 goes to the queue" in page_text(answer)
    assert biology_code().code == leaked_code.code


def test_the_list_finds_people_and_keeps_those_who_are_ticked(leaked_code, biology, amara, okafors_browser):
    fields = fields_of(okafors_browser.get(f"{biology.path}code/leaked/"))
    fields |= {"who": "pick", "pick": [amara.pk], "q": "leo", "count": "on", "has_picks": "on"}

    page = okafors_browser.post(f"{biology.path}code/leaked/", fields)

    assert hooks(page, "data-username") == ["amara", "leo"]
    assert page.content.count(b" checked") == 2  # "Let me pick", and Amara
    assert "1 of 2 matches “leo”." in page_text(page)
    assert "1 stays · 1 goes to the queue" in page_text(page)


def test_the_search_counts_those_who_are_ticked_and_match(leaked_code, biology, amara, leo, okafors_browser):
    fields = fields_of(okafors_browser.get(f"{biology.path}code/leaked/"))
    fields |= {"who": "pick", "pick": [amara.pk, leo.pk], "q": "leo", "count": "on", "has_picks": "on"}

    page = okafors_browser.post(f"{biology.path}code/leaked/", fields)

    assert "1 of 2 matches “leo”." in page_text(page)


def test_the_list_comes_to_an_open_page_once(leaked_code, biology, okafors_browser):
    """The ticks in it are not to be drawn anew under a hand."""
    fields = fields_of(okafors_browser.get(f"{biology.path}code/leaked/")) | {"who": "pick"}
    first, second = (
        okafors_browser.post(f"{biology.path}code/leaked/", fields | drawn, headers={"HX-Request": "true"})
        for drawn in ({}, {"has_picks": "on"})
    )

    assert (hooks(first, "data-username"), hooks(second, "data-username")) == (["leo", "amara"], [])


@pytest.mark.parametrize(("who", "is_an_error"), [("since", True), ("pick", False)])
def test_a_wrong_moment_unticks_nobody(
    leaked_code, biology, biology_code, amara, okafors_browser, press, who, is_an_error
):
    page = okafors_browser.get(f"{biology.path}code/leaked/?who=pick")

    answer = press(page, who=who, since="", pick=[amara.pk], drawn="on")

    assert (answer.status_code, alerts(answer)) == (
        (422, ["Choose a day and a time."]) if is_an_error else (200, [])
    )
    assert biology_code().code == leaked_code.code
    assert hooks(answer, "data-username") == ["amara", "leo"]
    assert answer.content.count(b" checked") == 2  # the choice, and Amara


@pytest.mark.rule("J10")
def test_one_press_on_the_page(leaked_code, biology, waiting, url, press, okafors_browser):
    """A second press finds the Code retired, and gets the answer of the first."""
    page = okafors_browser.get(f"{biology.path}code/leaked/")

    first, again = press(page), press(page)

    for answer in (first, again):
        assert answer.redirect_chain == [(url("requests/"), 302)]
        assert "Moved to the queue: 1. Still in the class: 1." in page_text(answer)
    assert waiting() == ["leo"]


@pytest.mark.rule("J10")
def test_one_press_is_enough_if_nobody_has_joined_with_the_code(
    leaked_code, biology_code, press, url, okafors_browser, ms_okafor
):
    leaked_code.reset(by=ms_okafor)
    unused = biology_code().code

    page = okafors_browser.get(url("code/leaked/"))
    assert "Nobody joined with it." in page_text(page)
    press(page, who="everyone")  # as its hidden field says

    assert biology_code().code != unused


@pytest.mark.rule("J10")
def test_who_joined_meanwhile_is_named_and_ticked_for_the_next_press(
    leaked_code, biology, biology_code, waiting, press, noor, okafors_browser
):
    page = okafors_browser.get(f"{biology.path}code/leaked/")
    use_code(leaked_code.code, by=noor)

    answer = press(page)

    fresh = biology_code().code
    assert "Moved to the queue: 1. Still in the class: 2." in page_text(answer)
    assert "1 more joined while you were looking, and is ticked here." in page_text(answer)
    assert "1 stays · 1 goes to the queue" in page_text(answer)
    assert hooks(answer, "data-username")[0] == "noor"
    last = press(answer, who="pick", pick=[noor.pk])
    assert "Moved to the queue: 1. Still in the class: 1." in page_text(last)
    assert "the new one is locked" in page_text(answer)
    assert "the new one is locked" not in page_text(last)  # by now a colleague may have unlocked it
    assert waiting() == ["leo", "noor"]
    assert biology_code().code == fresh


@pytest.mark.rule("J10")
def test_the_second_press_also_comes_back_to_who_joined_meanwhile(
    leaked_code, biology, press, noor, okafors_browser
):
    page = okafors_browser.get(f"{biology.path}code/leaked/")
    use_code(leaked_code.code, by=noor)

    first, again = press(page), press(page)

    assert first.redirect_chain == again.redirect_chain
    assert "1 more joined while you were looking, and is ticked here." in page_text(again)
    assert hooks(again, "data-username")[0] == "noor"


@pytest.mark.rule("J10")
def test_the_second_press_for_more_people_says_what_the_first_has_done(
    leaked_code, biology, waiting, press, amara, leo, okafors_browser
):
    press(okafors_browser.get(f"{biology.path}code/leaked/"))
    path = f"{biology.path}code/leaked/?join_code={leaked_code.pk}&who=pick&pick={amara.pk}"
    page = okafors_browser.get(path)

    for _ in range(2):
        assert "Moved to the queue: 1. Still in the class: nobody." in page_text(
            press(page, who="pick", pick=[amara.pk])
        )
    assert waiting() == ["leo", "amara"]


@pytest.mark.rule("K8")
def test_after_a_reset_the_page_leads_to_those_who_joined_with_the_code_before(
    leaked_code, biology, biology_code, waiting, press, ms_okafor, okafors_browser
):
    """The new Code is locked then, because the leak has not been reported yet."""
    biology_code().reset(by=ms_okafor)
    path = f"{biology.path}code/leaked/"
    assert f"{path}?join_code={leaked_code.pk}" in hooks(okafors_browser.get(path), "href")

    answer = press(okafors_browser.get(path, {"join_code": leaked_code.pk}))

    assert "Moved to the queue: 1. Still in the class: 1." in page_text(answer)
    assert (waiting(), biology_code().state) == (["leo"], "locked")


@pytest.mark.rule("Q3")
def test_a_colleague_was_faster(leaked_code, biology, waiting, press, mr_lind, amara, okafors_browser):
    page = okafors_browser.get(f"{biology.path}code/leaked/")
    leak.report_leak(leaked_code, by=mr_lind, only=[amara.pk])

    answer = press(page)

    assert answer.status_code == 409
    assert "Jonas Lind reported this leak" in alerts(answer)[0]
    assert "1 person moved to the queue" in alerts(answer)[0]
    assert waiting() == ["amara"]


@pytest.mark.parametrize("typed", ["yesterday", "2026-13-40T99:99", "\u0661", ""])
def test_a_moment_that_is_none_is_said(leaked_code, biology_code, biology, okafors_browser, press, typed):
    page = okafors_browser.get(f"{biology.path}code/leaked/")
    answer = press(page, since=typed)

    expected = "This is no day and time. Choose them from the field." if typed else "Choose a day and a time."
    assert (answer.status_code, expected in alerts(answer)) == (422, True)
    assert biology_code().code == leaked_code.code


@pytest.mark.parametrize("typed", ["x", "-1", "9" * 30])
def test_odd_fields_change_nothing(leaked_code, biology_code, sign_in, url, ms_okafor, typed):
    for field in ("who", "since", "pick", "join_code", "seen", "counted"):
        fields = {"join_code": leaked_code.pk, "who": "everyone"} | {field: typed}
        sign_in(ms_okafor).post(url("code/leaked/"), fields)
        sign_in(ms_okafor).get(url("code/leaked/"), fields)

    assert biology_code().code == leaked_code.code


@pytest.fixture
def crowd(biology, leaked_code):
    """crowd(200): so many people join with the leaked Code."""

    def join(how_many):
        users = [StudentFactory.build(username=f"crowd{n}") for n in range(how_many)]
        get_user_model().objects.bulk_create(users)
        Membership.objects.bulk_create(
            MembershipFactory.build(classroom=biology, user=one, code=leaked_code.code) for one in users
        )

    return join


@pytest.mark.parametrize("how_many", [2, 200])
def test_as_many_statements_for_two_as_for_two_hundred(
    biology, crowd, okafors_browser, count_queries, how_many
):
    """Django gives SQLite at most 999 values for an INSERT, so 200 need some more."""
    crowd(how_many)
    more = 6 if how_many == 200 and connection.vendor == "sqlite" else 0
    path = f"{biology.path}code/leaked/"

    with count_queries(11):
        page = okafors_browser.get(path)
    fields = fields_of(page) | {"who": "everyone"}
    with count_queries(9):
        page = okafors_browser.post(path, fields, headers={"HX-Request": "true"})
    with count_queries(37 + more):
        okafors_browser.post(path, fields | fields_of(page) | {"who": "everyone"})
    assert biology.memberships.count() == 2


def test_of_two_thousand_people_the_page_draws_none_and_the_list_two_hundred(biology, crowd, okafors_browser):
    crowd(2000)
    page = okafors_browser.get(f"{biology.path}code/leaked/")
    fields = fields_of(page) | {"who": "pick", "count": "on"}
    picked = okafors_browser.post(f"{biology.path}code/leaked/", fields)

    assert "Everyone who used it (2002)" in page_text(page)
    assert len(page.content) < 20_000
    assert len(hooks(picked, "data-username")) == MOST_SHOWN
    assert "Here are the latest 200." in page_text(picked)


@pytest.mark.threat("T68")
def test_the_list_has_never_more_people_than_a_form_can_send(
    leaked_code, biology, crowd, okafors_browser, settings
):
    """Each search adds people who can be ticked. With more than a thousand fields, a press would answer 400."""
    crowd(MOST_TICKED + 50)
    fields = fields_of(okafors_browser.get(f"{biology.path}code/leaked/")) | {"who": "pick", "count": "on"}
    joined = list(leaked_code.members_joined().values_list("user", flat=True))
    nearly, full = (
        okafors_browser.post(f"{biology.path}code/leaked/", fields | {"pick": joined[:ticked]})
        for ticked in (MOST_TICKED - 10, MOST_TICKED)
    )

    for page in (nearly, full):
        assert len(hooks(page, "data-username")) == MOST_TICKED
        assert len(hooks(page, "name")) < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    assert "Here are the latest 10." in page_text(nearly)
    assert f"You can tick {MOST_TICKED} people at once. Press the button below first" in page_text(full)


@pytest.mark.rule("J10")
def test_of_a_late_crowd_the_sentence_says_how_many_are_ticked(
    leaked_code, biology, biology_code, crowd, press, okafors_browser
):
    page = okafors_browser.get(f"{biology.path}code/leaked/")
    crowd(MOST_SHOWN + 50)
    biology.events.bulk_create(
        Event(classroom=biology, kind=Event.Kind.JOIN, by_id=pk)
        for pk in leaked_code.members_joined().values_list("user", flat=True)[: MOST_SHOWN + 50]
    )

    answer = press(page)

    assert "250 more joined while you were looking. The latest 200 are ticked here." in page_text(answer)
    assert answer.content.count(b" checked") == 1 + MOST_SHOWN  # "Let me pick", and those 200


@pytest.mark.rule("J10")
@pytest.mark.parametrize("who_reset", ["ms_okafor", "mr_lind"])
def test_a_leak_is_reported_after_a_plain_reset_of_the_code(
    leaked_code, who_reset, biology, biology_code, waiting, okafors_browser, press, request
):
    """A plain reset reports nothing, so the leaked Code's members still move to the queue. The new Code is locked and
    stays."""
    page = okafors_browser.get(f"{biology.path}code/leaked/")
    biology_code().reset(by=request.getfixturevalue(who_reset))
    fresh = biology_code().code

    answers = [press(page) for _ in range(2)]

    for answer in answers:
        assert "Moved to the queue: 1. Still in the class: 1." in page_text(answer)
        assert alerts(answer) == []
    assert waiting() == ["leo"]
    assert (biology_code().code, biology_code().state) == (fresh, "locked")
    assert biology.events.filter(kind=Event.Kind.REPORT_LEAK).count() == 1


@pytest.mark.rule("J10")
def test_a_page_that_counts_again_by_itself_never_acts(leaked_code, biology, biology_code, okafors_browser):
    """A choice that is changed and changed back is the one that was counted; so is a search."""
    page = okafors_browser.get(f"{biology.path}code/leaked/")

    answer = okafors_browser.post(
        f"{biology.path}code/leaked/", fields_of(page), headers={"HX-Request": "true"}
    )

    assert "1 stays · 1 goes to the queue" in page_text(answer)
    assert biology_code().code == leaked_code.code
