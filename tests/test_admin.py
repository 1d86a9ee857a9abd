"""Operators act through the same methods as everybody else, and write nothing directly."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from classroom.models import Event, KeptOut
from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinCode, JoinRequest
from tests.factories import ClassroomFactory, TeacherFactory
from tests.tables import tables


@pytest.fixture
def act(operator, sign_in):
    """act("archive", biology) -> the list after the operator has run this action on these rows."""

    def chosen(action, *rows):
        ticked = {"action": action, "_selected_action": [row.pk for row in rows]}
        return sign_in(operator).post(_list_of(type(rows[0])), ticked, follow=True)

    return chosen


def _list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


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


@pytest.mark.parametrize("how_many", [1, 20])
def test_the_page_of_a_class_asks_as_little_for_many_kept_out_as_for_one(
    biology, ms_okafor, operator, sign_in, count_queries, how_many
):
    browser = sign_in(operator)
    for _ in range(how_many):
        KeptOut.objects.create(classroom=biology, user=TeacherFactory(), by=ms_okafor)

    page = reverse("admin:classroom_classroom_change", args=[biology.pk])
    browser.get(page)  # the first request also loads the content types

    with count_queries(7):
        browser.get(page)


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
    asked = [
        ask_by_join_url(biology.join_url, by=amara),
        ask_by_join_url(biology.join_url, by=leo),
        ask_by_join_url(chess_club.join_url, by=leo),
    ]

    act("approve", *asked)

    assert {request.decided_by for request in JoinRequest.objects.all()} == {operator}
    assert biology.memberships.filter(user__in=[amara, leo]).count() == 2
    assert chess_club.memberships.filter(user=leo).exists()


@pytest.mark.rule("Q3")
def test_an_operator_hears_that_somebody_decided_before(act, biology, amara, ms_okafor):
    asked = ask_by_join_url(biology.join_url, by=amara)
    queue.decide(biology, [asked.pk], "deny", by=ms_okafor)

    page = act("approve", asked)

    assert "Ngozi Okafor said no to Amara Toure" in page.content.decode()
    assert not biology.memberships.filter(user=amara).exists()


def test_an_archived_class_refuses_an_operator_too(act, biology, amara, ms_okafor, biology_code):
    asked = ask_by_join_url(biology.join_url, by=amara)
    biology.archive(by=ms_okafor)

    for action, row in [("approve", asked), ("lock", biology_code())]:
        assert "This class is archived. Restore it first." in act(action, row).content.decode()


@pytest.mark.rule("K4")
@pytest.mark.threat("T59")
def test_nothing_can_be_added_changed_or_deleted(operator, rf):
    request = rf.get("/admin/")
    request.user = operator
    found = admin.site._registry

    assert {JoinCode, JoinRequest, Event, KeptOut, EmailAddress} < set(found)
    for model, site in found.items():
        assert not site.has_add_permission(request), model
        assert not site.has_delete_permission(request), model
        assert model._meta.model_name == "user" or not site.has_change_permission(request), model
        assert "delete_selected" not in site.get_actions(request), model


@pytest.mark.threat("T07")
def test_no_page_of_the_admin_shows_a_code(operator, sign_in, biology, biology_code, amara):
    code = biology_code().code
    use_code(code, by=amara)
    browser = sign_in(operator)

    for row in [
        biology_code(),
        biology,
        biology.join_url,
        *biology.memberships.all(),
        *biology.events.all(),
    ]:
        change = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        for page in (browser.get(_list_of(type(row))), browser.get(change)):
            assert page.status_code == 200
            assert code not in page.content.decode()
            assert b"_save" not in page.content


def _every_page_of_the_admin(row):
    """Each address of the admin, with the id of `row` wherever an id is needed."""
    for pattern in _patterns(admin.site.urls[0]):
        if pattern.name:
            fields = re.findall(r"\(\?P<(\w+)>", pattern.pattern.regex.pattern)
            known = {field: "classroom" if field == "app_label" else row.pk for field in fields}
            yield reverse(f"admin:{pattern.name}", kwargs=known)


def _patterns(found):
    for pattern in found:
        yield from _patterns(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern]


@pytest.mark.threat("T58", "T59")
@pytest.mark.parametrize("has_one", [True, False], ids=["not shown here", "not set up"])
def test_without_the_second_step_an_operator_has_no_page_of_the_admin(
    operator, biology, amara, client, has_one, mr_lind
):
    """They can neither see nor submit anything before they have set it up, or in a session that hasn't passed it."""
    User.objects.filter(pk=biology.owner.pk).close()
    if has_one:
        TOTP.activate(operator, generate_totp_secret())
    client.force_login(operator)
    before = tables()
    addresses = set(_every_page_of_the_admin(biology))
    assert reverse("admin:classroom_classroom_hand_over", args=[biology.pk]) in addresses
    assert len(addresses) > 40

    fields = {"action": "archive", "_selected_action": [biology.pk], "person": "lind", "password1": "x"}
    open_to_all = {reverse("admin:logout"), reverse("admin:login")}
    for address in addresses - open_to_all:
        for answer in (client.get(address), client.post(address, fields)):
            assert (answer.status_code, answer.headers["Location"].startswith("/admin/login/")) == (
                302,
                True,
            ), address

    assert _without_sessions(tables()) == _without_sessions(before)


def _without_sessions(found):
    return {label: rows for label, rows in dict(found).items() if "ession" not in label}


@pytest.mark.parametrize("person", ["ms_okafor", "amara"])
def test_a_teacher_and_a_student_get_no_admin(person, request, sign_in, biology):
    browser = sign_in(request.getfixturevalue(person))

    for address in ["/admin/", _list_of(type(biology))]:
        assert browser.get(address, follow=True).status_code == 403
    browser.post(_list_of(type(biology)), {"action": "archive", "_selected_action": [biology.pk]})
    biology.refresh_from_db()
    assert not biology.is_archived


@pytest.mark.threat("T58")
def test_signed_out_the_admin_asks_for_the_one_log_in(client, db):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
