"""The queue of one class, and how it answers its buttons."""

import pytest

from accounts.models import User
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinRequest
from tests.clock import time_passes
from tests.hooks import alerts, hooks, page_text

HTMX = {"HX-Request": "true"}
NOT_HERE = "These requests aren't waiting in this queue. Here's who is."


@pytest.fixture
def press(sign_in, url):
    """press(user, "approve", a request, another) -> the answer of the queue."""

    def answer(by, decision, *join_requests, **more):
        ids = [getattr(join_request, "pk", join_request) for join_request in join_requests]
        typed = {"decision": decision, "request": ids}
        return sign_in(by).post(url("requests/decide/"), typed, **more)

    return answer


def statuses():
    return list(JoinRequest.objects.order_by("pk").values_list("status", flat=True))


@pytest.mark.rule("Q1")
@pytest.mark.parametrize("person", ["ms_okafor", "mr_lind"])
def test_the_queue_shows_who_asks_by_which_door_oldest_first(
    request, sign_in, url, leo_waits, locked_code, amara, person
):
    """With name, username, kind of account, door and time, for owners and co-teachers."""
    amara_waits = use_code(locked_code.code, by=amara).join_request
    page = sign_in(request.getfixturevalue(person)).get(url("requests/"))

    assert hooks(page, "data-request") == [str(leo_waits.pk), str(amara_waits.pk)]
    assert hooks(page, "data-username") == ["leo", "amara"]
    assert hooks(page, "data-door") == ["join-url", "code"]
    words = page.content.decode()
    assert words.index("Leo Park") < words.index("Amara Toure")
    assert words.count("Student</span>") == 2
    assert f'datetime="{leo_waits.asked_at:%Y-%m-%dT%H:%M}' in words


@pytest.mark.rule("Q1")
def test_oldest_first_is_by_the_moment_of_asking(sign_in, url, amara_waits, leo_waits, ms_okafor):
    JoinRequest.objects.filter(pk=leo_waits.pk).update(asked_at=amara_waits.asked_at.replace(year=2020))

    page = sign_in(ms_okafor).get(url("requests/"))
    assert hooks(page, "data-username") == ["leo", "amara"]


@pytest.mark.rule("Q1")
def test_fifty_stand_on_a_page(sign_in, url, fill_queue, ms_okafor):
    """The fifty-first is on the second page, and the number counts all of them."""
    asked = fill_queue(51)
    browser = sign_in(ms_okafor)
    first, second = browser.get(url("requests/")), browser.get(url("requests/?page=2"))

    assert hooks(first, "data-request") == [str(join_request.pk) for join_request in asked[:50]]
    assert hooks(second, "data-request") == [str(asked[50].pk)]
    assert hooks(second, "data-waiting") == ["51"]


@pytest.mark.rule("Q2")
def test_approving_one_answers_with_its_outcome(press, url, amara_waits, leo_waits, ms_okafor, sign_in):
    answer = press(ms_okafor, "approve", amara_waits, follow=True)

    assert answer.redirect_chain == [(url("requests/"), 302)]
    assert "Amara Toure is in." in answer.content.decode()
    assert statuses() == ["approved", "pending"]


@pytest.mark.rule("Q2", "J10")
@pytest.mark.parametrize(
    ("decision", "status", "sentence"),
    [
        ("approve", "approved", "{} is in."),
        ("deny", "denied", "Said no to {}."),
        ("keep-out", "denied", "Said no to {} and blocked them."),
    ],
)
def test_the_ticked_ones_are_decided_at_once(
    press, amara_waits, leo_waits, mr_lind, decision, status, sentence
):
    """Htmx gets only the changed rows, each in its place, and a message for all together."""
    answer = press(mr_lind, decision, amara_waits, leo_waits, headers=HTMX)

    assert (answer.status_code, statuses()) == (200, [status, status])
    for name in ("Amara Toure", "Leo Park"):
        assert answer.content.decode().count(sentence.format(name)) == 1
    assert answer.content.decode().count("2 people: Amara Toure, Leo Park.") == 1
    assert "Undo all" in page_text(answer)
    assert hooks(answer, "data-decided") == [str(amara_waits.pk), str(leo_waits.pk)]
    assert "<html" not in answer.content.decode()
    assert hooks(answer, "data-request") == []


@pytest.mark.threat("T46")
def test_all_on_the_page_is_who_stood_on_it(press, sign_in, url, amara_waits, ms_okafor, leo, join_url):
    page = sign_in(ms_okafor).get(url("requests/"))
    drawn = set(hooks(page, "data-request"))
    late = ask_by_join_url(join_url, by=leo)

    press(ms_okafor, "approve", *drawn)

    assert list(JoinRequest.objects.pending()) == [late]


@pytest.mark.rule("Q2", "Q3")
def test_a_mixed_press_tells_each_outcome(press, decide, amara_waits, leo_waits, ms_okafor, mr_lind):
    """It says what had been decided before, and does the rest."""
    decide(ms_okafor, "deny", amara_waits)
    page = press(mr_lind, "approve", amara_waits, leo_waits, follow=True).content.decode()

    assert "Leo Park is in." in page
    assert "Ngozi Okafor said no to Amara Toure on " in page
    assert statuses() == ["denied", "approved"]


@pytest.mark.rule("Q3")
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_press_too_late_is_409_and_tells_who_decided(
    press, decide, amara_waits, ms_okafor, mr_lind, headers
):
    decide(ms_okafor, "approve", amara_waits)
    answer = press(mr_lind, "deny", amara_waits, headers=headers)

    assert answer.status_code == 409
    assert [sentence.split(" on ")[0] for sentence in alerts(answer)] == [
        "Amara Toure was let in by Ngozi Okafor"
    ]
    assert statuses() == ["approved"]


@pytest.mark.rule("J10")
@pytest.mark.threat("T81")
@pytest.mark.parametrize(("headers", "status"), [({}, 302), (HTMX, 200)])
@pytest.mark.parametrize("decision", ["approve", "deny", "keep-out"])
def test_the_second_press_of_the_same_act_answers_like_the_first(
    press, biology, amara, amara_waits, ms_okafor, decision, headers, status
):
    first, second = [press(ms_okafor, decision, amara_waits, headers=headers) for _ in range(2)]

    assert (first.status_code, second.status_code) == (status, status)
    assert alerts(second) == []
    assert JoinRequest.objects.count() == amara.notifications.count() == 1
    assert biology.events.filter(kind__in=["approve_request", "deny_request"]).count() == 1


@pytest.mark.rule("Q3")
def test_to_block_after_a_no_is_not_the_same_act(press, biology, amara_waits, ms_okafor):
    """Otherwise the page would say that somebody is blocked who isn't."""
    press(ms_okafor, "deny", amara_waits)
    answer = press(ms_okafor, "keep-out", amara_waits)

    assert answer.status_code == 409
    assert not biology.kept_out.exists()


@pytest.mark.rule("Q10")
def test_a_row_says_who_said_no_before_and_when(
    sign_in, url, press, amara_waits, join_url, amara, leo, mr_lind
):
    """So a manager sees a colleague's decision before making their own."""
    press(mr_lind, "deny", amara_waits)
    time_passes(days=2)
    ask_by_join_url(join_url, by=leo)
    ask_by_join_url(join_url, by=amara)

    page = sign_in(mr_lind).get(url("requests/"))
    assert page_text(page).count("said no to an earlier request") == 1
    assert "Jonas Lind said no to an earlier request of theirs on" in page_text(page)


@pytest.fixture
def amara_closed(amara_waits, amara):
    """Amara waits, but her account has been closed."""
    User.objects.filter(pk=amara.pk).update(is_active=False)
    return amara_waits


@pytest.mark.rule("Q10")
def test_the_row_of_a_closed_account_says_so_and_has_no_button_to_let_it_in(
    sign_in, url, amara_closed, leo_waits, ms_okafor
):
    page = sign_in(ms_okafor).get(url("requests/"))

    assert "This account is closed" in page_text(page)
    assert f'id="approve-{amara_closed.pk}"' not in page.content.decode()
    assert f'id="deny-{amara_closed.pk}"' in page.content.decode()
    assert f'id="approve-{leo_waits.pk}"' in page.content.decode()
    assert "Let in all" not in page_text(page)


@pytest.mark.rule("Q2", "Q10")
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_bulk_act_leaves_a_closed_account_out_and_says_so(
    press, biology, amara_closed, leo_waits, amara, ms_okafor, headers
):
    answer = press(ms_okafor, "approve", amara_closed, leo_waits, headers=headers, follow=True)

    assert statuses() == ["pending", "approved"]
    assert not biology.memberships.filter(user=amara).exists()
    assert alerts(answer) == [
        "Amara Toure was not let in, because the account is closed. You can say no to the request."
    ]
    press(ms_okafor, "deny", amara_closed)
    assert statuses() == ["denied", "approved"]


@pytest.mark.rule("Q2")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"decision": "approve"}, "Tick at least one request first."),
        ({"decision": "open the gates", "request": [1]}, "Choose: let in, say no or block."),
        ({"request": [1]}, "Choose: let in, say no or block."),
        ({"decision": "approve", "request": ["x"]}, NOT_HERE),
        ({"decision": "approve", "request": ["1 OR 1=1"]}, NOT_HERE),
        ({"decision": "approve", "request": ["\N{ARABIC-INDIC DIGIT ONE}"]}, NOT_HERE),
        ({"decision": "approve", "request": [2**64]}, NOT_HERE),
        ({"decision": "approve", "seen": "x"}, NOT_HERE),
        ({"decision": "approve", "seen": -1}, NOT_HERE),
        ({"decision": "approve", "seen": 2**64}, NOT_HERE),
    ],
)
def test_what_is_no_decision_is_422_and_changes_nothing(
    sign_in, url, amara_waits, ms_okafor, typed, sentence
):
    answer = sign_in(ms_okafor).post(url("requests/decide/"), typed)

    assert answer.status_code == 422
    assert sentence in alerts(answer)
    assert statuses() == ["pending"]


@pytest.mark.rule("Q2")
def test_a_press_about_three_hundred_is_answered(press, amara_waits, ms_okafor):
    """A form with more fields than Django takes gets a page that says nothing about requests."""
    press(ms_okafor, "approve", amara_waits, *range(10**9, 10**9 + 299))

    assert statuses() == ["approved"]


@pytest.mark.threat("T01")
def test_ids_of_another_class_are_not_found(press, physics, leo, amara_waits, ms_okafor):
    elsewhere = ask_by_join_url(physics.join_url, by=leo)

    alone = press(ms_okafor, "approve", elsewhere)
    assert alone.status_code == 409
    assert alerts(alone) == [NOT_HERE]
    press(ms_okafor, "approve", elsewhere, amara_waits, 999_999_999)
    assert statuses() == ["approved", "pending"]


@pytest.mark.rule("Q2")
@pytest.mark.parametrize("decided", [1, 20])
def test_the_answer_to_an_act_counts_all_pages_again(sign_in, url, fill_queue, ms_okafor, decided):
    """Where one page is enough, nothing is left that speaks of others."""
    asked = fill_queue(70)
    typed = {"decision": "approve", "request": [one.pk for one in asked[-decided:]]}
    answer = sign_in(ms_okafor).post(url("requests/decide/?page=2"), typed, headers=HTMX)

    assert f"{70 - decided} waiting." in page_text(answer)
    if decided == 1:
        assert "69 people are waiting, here and on other pages." in page_text(answer)
        assert "Let in all 69" in page_text(answer)
    else:
        assert "Let in all" not in page_text(answer)
