"""An operator finds their way in the administration, and its pages are good for eyes and hands."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from classroom.models import Classroom
from joins.acts.ask import ask_by_join_url
from tests.browser.eyes import AXE
from tests.factories import ClassroomFactory, MembershipFactory, StudentFactory, TeacherFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def operators_page(open_browser, transactional_db):
    operator = TeacherFactory(
        username="head", first_name="Hana", last_name="Head", is_staff=True, is_superuser=True
    )
    return lambda **options: open_browser(operator, **options)


@pytest.fixture
def art(transactional_db):
    """A class whose owner has left, with another teacher and a student in it."""
    art = ClassroomFactory(
        name="Art 7", by=TeacherFactory(username="left", first_name="Lea", last_name="Left")
    )
    MembershipFactory(
        classroom=art, user=TeacherFactory(username="stays", first_name="Ida", last_name="Stays")
    )
    MembershipFactory(
        classroom=art, user=StudentFactory(username="amara", first_name="Amara", last_name="Toure")
    )
    User.objects.filter(username="left").close()
    return art


def test_an_operator_hands_over_erases_reopens_and_closes(operators_page, art):
    page = operators_page(bypass_csp=True)
    page.goto("/")
    page.get_by_role("link", name="Administration").click()
    page.get_by_role("link", name="1 class without a manager").click()
    page.get_by_role("link", name="Art 7").click()
    page.get_by_role("link", name="Hand over").click()
    page.get_by_label("Ida Stays").check()
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("owns Art 7 now.")).to_be_visible()

    page.get_by_role("link", name="Administration", exact=True).click()
    expect(page.get_by_text("Every class has a manager.")).to_be_visible()
    page.get_by_role("link", name="Accounts", exact=True).click()
    page.get_by_role("link", name="Amara Toure").click()
    page.get_by_role("link", name="Erase").click()
    page.get_by_label("To be sure, type amara").fill("amara")
    page.get_by_role("button", name="Erase").dblclick()
    expect(page.get_by_text("Erased. Histories show")).to_be_visible()

    page.get_by_role("link", name="Lea Left").click()
    page.get_by_role("link", name="Reopen the account").click()
    page.get_by_role("button", name="Reopen the account").click()
    expect(page.get_by_text("account reopened.")).to_be_visible()

    page.get_by_role("link", name="Accounts", exact=True).first.click()
    page.get_by_role("row", name="Ida Stays").get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option("close_accounts")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("heading", name="Close 1 account?")).to_be_visible()
    page.evaluate(Axe().axe_script)
    assert page.evaluate(AXE, {}) == []
    page.get_by_role("button", name="Close 1 account").dblclick()
    expect(page.get_by_text("1 closed: logged out everywhere")).to_be_visible()
    page.get_by_role("link", name="Back to Homeroom").click()
    expect(page.get_by_role("heading", name="My classes")).to_be_visible()
    assert Classroom.objects.get().owner.username == "stays"
    assert User.objects.get(username="left").is_active
    assert not User.objects.filter(username="amara").exists()


@pytest.mark.threat("T62")
def test_the_way_back_to_a_name_that_was_wrong_opens_the_form(operators_page, art):
    """Chromium would show its own page about a form that it must not keep."""
    page = operators_page()
    page.goto(f"/admin/accounts/user/{User.objects.get(username='amara').pk}/name/")
    page.get_by_label("First name").fill("www.school.example")
    page.get_by_role("button", name="Correct the name").click()
    expect(page).to_have_title(re.compile("^Error: "))
    page.wait_for_load_state()  # by then back_to_form.js has run
    page.get_by_role("link", name="Accounts").click()
    page.go_back()

    expect(page.get_by_label("First name")).to_have_value("Amara")


PAGES = {
    "first page": lambda art, person: "/admin/",
    "accounts": lambda art, person: "/admin/accounts/user/",
    "account": lambda art, person: f"/admin/accounts/user/{person.pk}/change/",
    "name": lambda art, person: f"/admin/accounts/user/{person.pk}/name/",
    "one-time password": lambda art, person: f"/admin/accounts/user/{person.pk}/password/",
    "log": lambda art, person: f"/admin/accounts/user/{person.pk}/history/",
    "close": lambda art, person: f"/admin/accounts/user/{person.pk}/close/",
    "erase": lambda art, person: f"/admin/privacy/person/{person.pk}/erase/",
    "classes": lambda art, person: "/admin/classroom/classroom/",
    "class": lambda art, person: f"/admin/classroom/classroom/{art.pk}/change/",
    "hand over": lambda art, person: reverse("admin:classroom_classroom_hand_over", args=[art.pk]),
    "members": lambda art, person: "/admin/classroom/membership/",
    "Codes": lambda art, person: "/admin/joins/joincode/",
    "history": lambda art, person: "/admin/classroom/event/",
    "emails": lambda art, person: "/admin/accounts/digest/",
}
LISTS = ["accounts/user", "classroom/classroom", "classroom/membership", "classroom/event", "joins/joincode"]
LISTS += ["joins/joinrequest", "accounts/notification"]
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_no_page_has_a_fault_or_scrolls_sideways(operators_page, art, colours):
    person = User.objects.get(username="amara")
    # axe tries its own styles on Django's pages, which our Content Security Policy would refuse.
    page = operators_page(color_scheme=colours, viewport={"width": 360, "height": 740}, bypass_csp=True)
    faults = {}
    for name, address in PAGES.items():
        page.goto(address(art, person))
        page.evaluate(Axe().axe_script)
        found = page.evaluate(AXE, {})
        if wide := page.evaluate(WIDER):
            found.append(f"{wide} px too wide")
        if found:
            faults[name] = found
    assert not faults, faults


@pytest.mark.parametrize("width", [360, 1280])
def test_what_can_be_done_stands_below_the_name_and_fits_a_thumb(operators_page, art, width):
    person = User.objects.get(username="stays")
    page = operators_page(viewport={"width": width, "height": 740})
    page.goto(f"/admin/accounts/user/{person.pk}/change/")
    heading = page.get_by_role("heading", name="Ida Stays").bounding_box()
    links = [link.bounding_box() for link in page.locator(".object-tools a").all()]

    assert len(links) == 6
    assert all(link["y"] >= heading["y"] + heading["height"] for link in links)
    assert all(link["height"] >= 44 for link in links)
    assert len({link["x"] for link in links if link["y"] > links[0]["y"]} - {links[0]["x"]}) <= 1


def test_the_bar_is_that_of_the_other_pages(operators_page):
    page = operators_page(viewport={"width": 1280, "height": 800})
    looks = """([bar, brand]) => [[bar, "backgroundColor"], [bar, "borderBottomColor"], [bar, "borderBottomWidth"],
      [brand, "fontFamily"], [brand, "color"]].map(
        ([selector, name]) => getComputedStyle(document.querySelector(selector))[name])"""
    page.goto("/")
    elsewhere = page.evaluate(looks, [".site", ".brand"])
    page.goto("/admin/")

    assert page.evaluate(looks, ["#header", "#header .brand"]) == elsewhere


def test_on_a_phone_the_bar_leaves_room_for_the_page(operators_page):
    page = operators_page(viewport={"width": 360, "height": 740})
    page.goto("/admin/")
    ways = page.locator("#user-tools").locator("a, button")

    bar, heading = page.locator("#header").bounding_box(), page.get_by_role("heading", level=1).bounding_box()

    assert bar["height"] <= 112
    assert all(way.bounding_box()["height"] >= 44 for way in ways.all())
    assert all(way.bounding_box()["y"] + 44 < heading["y"] for way in ways.all())


def test_nothing_to_press_is_printed(operators_page, art):
    page = operators_page()
    page.goto("/admin/accounts/user/")
    page.emulate_media(media="print")
    pressed = page.locator("button, select, input:not([type=hidden], [type=checkbox])")

    expect(page.get_by_text("Amara Toure")).to_be_visible()
    assert pressed.filter(visible=True).count() == 0


@pytest.mark.parametrize("width", [1024, 1280])
def test_at_a_desk_no_column_of_a_list_is_cut_off(operators_page, art, width):
    long = StudentFactory(
        username="maria.aparecida.conceicao.francisca",
        first_name="Maria Aparecida Conceição",
        last_name="Cavalcanti de Albuquerque",
        email="maria.aparecida.conceicao.francisca@a-rather-long-school.example",
    )
    chemistry = ClassroomFactory(name="Chemistry with a rather long name that teachers give")
    MembershipFactory(classroom=art, user=long)
    ask_by_join_url(chemistry.join_url, long)
    page = operators_page(viewport={"width": width, "height": 800})
    cut_off = (
        "() => [...document.querySelectorAll('.results')].map(list => list.scrollWidth - list.clientWidth)"
    )
    found = {}
    for list_ in LISTS:
        page.goto(f"/admin/{list_}/")
        found[list_] = page.evaluate(cut_off)

    assert found == dict.fromkeys(LISTS, [0])


def test_a_class_without_managers_says_so(operators_page, art):
    page = operators_page()
    page.goto(f"/admin/classroom/classroom/{art.pk}/change/")

    for table in ("Managers", "Blocked people"):
        expect(page.get_by_role("region", name=table)).to_contain_text("Nobody.")


def test_a_pupil_logs_in_with_the_password_that_an_operator_has_given(operators_page, open_browser, art):
    person = User.objects.get(username="amara")
    page, pupils = operators_page(), open_browser()
    page.goto(f"/admin/accounts/user/{person.pk}/change/")
    page.get_by_role("link", name="Give a one-time password").click()
    page.get_by_role("button", name="Show a one-time password").dblclick()
    password = page.locator("[data-one-time]").inner_text()

    pupils.goto("/accounts/login/")
    pupils.get_by_label("Username or email").fill("amara")
    pupils.get_by_label("Password", exact=True).fill(password)
    pupils.get_by_role("button", name="Log in").click()
    expect(pupils.get_by_role("heading", name="Choose your own password")).to_be_visible()
    pupils.get_by_label("New password", exact=True).fill("violet tram nine")
    pupils.get_by_role("button", name="Change my password").click()
    expect(pupils.get_by_role("heading", name="Art 7")).to_be_visible()
