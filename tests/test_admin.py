"""What the pages of the admin show to whom, and how they lead there."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from accounts.times import end_of_day, last_day
from classroom.acts.invite import invite
from classroom.models import CoTeacherInvitation, Event, KeptOut, Membership
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinCode, JoinRequest
from tests.addresses import routes
from tests.factories import ClassroomFactory, MembershipFactory, TeacherFactory
from tests.hooks import page_text
from tests.tables import tables


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def without_sessions(found):
    return {label: rows for label, rows in dict(found).items() if "ession" not in label}


@pytest.mark.parametrize("how_many", [1, 20])
def test_the_page_of_a_class_asks_as_little_for_many_kept_out_as_for_one(
    biology, ms_okafor, operator, sign_in, count_queries, how_many
):
    browser = sign_in(operator)
    for _ in range(how_many):
        KeptOut.objects.create(classroom=biology, user=TeacherFactory(), by=ms_okafor)

    page = reverse("admin:classroom_classroom_change", args=[biology.pk])
    browser.get(page)  # the first request also loads the content types

    with count_queries(6):
        browser.get(page)


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
        for page in (browser.get(list_of(type(row))), browser.get(change)):
            assert page.status_code == 200
            assert code not in page.content.decode()
            assert b"_save" not in page.content


def test_the_pages_of_the_admin_say_our_words_and_draw_no_icon(
    operator, sign_in, biology, biology_code, amara, ms_okafor
):
    """Django draws a red cross for "no", as if something had failed."""
    biology_code().lock(by=ms_okafor)
    use_code(biology_code().code, by=amara)
    browser = sign_in(operator)
    asked = JoinRequest.objects.get(user=amara)
    for row in (asked, biology_code(), ms_okafor.emailaddress_set.get()):
        change = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        for page in (list_of(type(row)), change):
            assert "img/icon-" not in browser.get(page).content.decode(), page

    shown = page_text(browser.get(reverse("admin:joins_joinrequest_change", args=[asked.pk])))
    assert "Join code" not in shown
    assert "Code: Code of Biology 9B" in shown
    assert "Moved to the queue: no" in shown


def _every_page_of_the_admin(row):
    """Each address of the admin, with the id of `row` wherever an id is needed."""
    for name, route, _ in routes(admin.site.urls[0], "admin"):
        if "<" not in name:  # it has no name: it leads on, or is no page
            fields = re.findall(r"<(?:\w+:)?(\w+)>", route)
            yield reverse(
                name, kwargs={field: "classroom" if field == "app_label" else row.pk for field in fields}
            )


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

    fields = {
        "action": "archive",
        "_selected_action": [biology.pk],
        "sure": f"1-{biology.pk}",
        "person": "lind",
        "password1": "x",
    }
    open_to_all = {reverse("admin:logout"), reverse("admin:login")}
    for address in addresses - open_to_all:
        for answer in (client.get(address), client.post(address, fields)):
            assert (answer.status_code, answer.headers["Location"].startswith("/admin/login/")) == (
                302,
                True,
            ), address

    assert without_sessions(tables()) == without_sessions(before)


@pytest.mark.parametrize("person", ["ms_okafor", "amara"])
def test_a_teacher_and_a_student_get_no_admin(person, request, sign_in, biology):
    browser = sign_in(request.getfixturevalue(person))

    for address in ["/admin/", list_of(type(biology))]:
        assert browser.get(address, follow=True).status_code == 403
    sent = {"action": "archive", "_selected_action": [biology.pk], "sure": f"1-{biology.pk}"}
    browser.post(list_of(type(biology)), sent)
    biology.refresh_from_db()
    assert not biology.is_archived


@pytest.mark.threat("T58")
def test_signed_out_the_admin_asks_for_the_one_log_in(client, db):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")


OUR_WORDS = [
    "Classes",
    "Members",
    "Blocked people",
    "History",
    "Codes",
    "Join URLs",
    "Requests to join",
    "Accounts",
]
NOT_OURS = [
    "Classroom",
    "Kept out",
    "Join code",
    "Guess",
    "Digest",
    "Letter",
    "Site administration",
    "View site",
]


@pytest.mark.threat("T59")
def test_the_lists_have_the_words_of_the_other_pages(operators_browser):
    first = page_text(operators_browser.get("/admin/"))

    assert [word for word in OUR_WORDS if word not in first] == []
    assert [word for word in NOT_OURS if word in first] == []


LISTED = [model for model in admin.site._registry if model._meta.label != "privacy.Person"]


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model._meta.label)
def test_no_column_or_filter_has_the_name_of_a_field(model, operators_browser, biology):
    page = operators_browser.get(list_of(model))
    text = page_text(page)

    assert (
        page.context["title"]
        == model._meta.verbose_name_plural[:1].upper() + model._meta.verbose_name_plural[1:]
    )
    for word in ("Classroom", "Staff status", "Superuser", "to change", "to view", "Is active"):
        assert word not in text, word


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model._meta.label)
def test_every_list_says_what_it_is_for(model, operators_browser):
    sentence = admin.site._registry[model].about

    assert sentence.endswith(".")
    for page in ("/admin/", list_of(model)):
        assert sentence in page_text(operators_browser.get(page))


def test_what_is_needed_most_comes_first(operators_browser):
    first = page_text(operators_browser.get("/admin/"))
    places = [first.index(word) for word in ("Accounts Everybody", "Classes All", "Members Who", "Codes The")]

    assert places == sorted(places)


@pytest.mark.parametrize(
    ("page", "links"),
    [
        ("classroom/classroom/{biology}", ["members", "Codes", "requests to join", "history"]),
        (
            "accounts/user/{amara}",
            ["classes", "requests to join", "what they did in classes", "what others did about them"],
        ),
    ],
)
def test_a_page_leads_to_the_rows_of_this_class_or_person(
    page, links, operators_browser, biology, amara, leo, mr_brandt
):
    """Without a search, which would read the whole table."""
    chess_club = ClassroomFactory(name="Chess club", by=mr_brandt)
    for person in (amara, leo):
        ask_by_join_url(biology.join_url, by=person)
        ask_by_join_url(chess_club.join_url, by=person)
        use_code(JoinCode.objects.get_current(biology).code, by=person)
    whose = amara if "amara" in page else biology
    form = operators_browser.get(f"/admin/{page.format(biology=biology.pk, amara=amara.pk)}/change/")
    found = dict(map(reversed, re.findall(r'<a href="([^"]+\?\w+=\d+)">([^<]+)</a>', form.content.decode())))
    assert list(found) == links

    for address in found.values():
        listed = operators_browser.get(address)
        field = address.partition("?")[2].partition("=")[0]
        assert listed.context["title"].endswith(f": {whose}")
        assert {getattr(row, f"{field}_id") for row in listed.context["cl"].queryset} <= {whose.pk}
        assert (
            listed.context["cl"].result_count
            == listed.context["cl"].model.objects.filter(**{field: whose}).count()
        )


@pytest.mark.rule("C3")
def test_operators_see_who_is_invited_and_until_when_somebody_is_co_teacher(
    operators_browser, biology, ms_okafor, mr_brandt
):
    invite(biology, by=ms_okafor, email="ana@school.example")
    until = end_of_day(timezone.localdate() + timedelta(days=9))
    MembershipFactory(classroom=biology, user=mr_brandt).make_co_teacher(by=ms_okafor, until=until)
    day = date_format(last_day(until), "j M Y")

    invitations = page_text(operators_browser.get(list_of(CoTeacherInvitation)))
    assert "ana@school.example" in invitations
    assert "Biology 9B" in invitations
    for page in (list_of(Membership), reverse("admin:classroom_classroom_change", args=[biology.pk])):
        text = page_text(operators_browser.get(page))
        assert "Co-teacher until" in text
        assert text.count(day) == 1
        assert "None" not in text  # beside those who are it for good


@pytest.mark.parametrize(("number", "status"), [("", 400), ("x", 400), ("9" * 30, 400), ("0", 200)])
def test_what_is_no_number_of_a_class_is_no_crash(number, status, operators_browser, biology):
    assert operators_browser.get(f"{list_of(JoinCode)}?classroom={number}").status_code == status


@pytest.mark.threat("T58")
def test_an_administrator_gets_there_from_every_page_and_back(operators_browser, okafors_browser):
    there, back = '<a class="site__link" href="/admin/">', '<a href="/">Back to Homeroom</a>'

    assert there in operators_browser.get("/").content.decode()
    assert back in operators_browser.get("/admin/").content.decode()
    assert there not in okafors_browser.get("/").content.decode()
    assert operators_browser.get("/admin/accounts/").url == "/admin/"


def test_an_account_has_no_button_to_save_what_cannot_be_changed(operators_browser, amara):
    page = operators_browser.get(f"/admin/accounts/user/{amara.pk}/change/")

    assert b'name="_save"' not in page.content
    assert b'name="_continue"' not in page.content


@pytest.mark.rule("C6")
def test_classes_that_nobody_looks_after_are_counted_and_found(
    operators_browser, biology, mr_lind, mr_brandt
):
    """A class whose co-teacher carries on has lost its owner only."""
    physics = ClassroomFactory(name="Physics 10", by=mr_brandt)
    assert "Every class has a manager." in page_text(operators_browser.get("/admin/"))

    User.objects.filter(pk__in=[biology.owner.pk, mr_brandt.pk]).close()

    first = page_text(operators_browser.get("/admin/"))
    assert "1 class without a manager" in first
    assert "2 classes whose owner has left" in first
    for asked, found in [("none", {physics}), ("gone", {physics, biology})]:
        page = operators_browser.get(f"{list_of(type(biology))}?owner={asked}")
        assert set(page.context["cl"].queryset) == found
