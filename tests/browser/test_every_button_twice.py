"""Every button of Homeroom, pressed twice by a fast hand on a slow line, does the same as pressed once.

presses.py finds the buttons by walking the pages, so it finds a new one from its first day. Each is first pressed once.
The double press must then leave the same rows in the database and the same page, and draw as many random values.
By default each button is pressed in one way, with or without scripts, and the ways are spread over all buttons.
PRESSES=ways presses each of them in every way. PRESSES=all does so as everybody, in every class, and follows the
admin's links too.
"""

import difflib
import os
import re
import time
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import override_settings
from django.utils.crypto import get_random_string
from playwright.sync_api import Error, expect

from accounts.models import FormSubmission, User
from accounts.views.second_step import ReplacesWhatItShowedMixin
from classroom.models import Classroom
from classroom.rights import RIGHTS
from tests.browser import presses, school, snapshot
from tests.browser.conftest import WAIT
from tests.browser.slow_server import SlowServer
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PRESSES = os.environ.get("PRESSES", "")
IS_WHOLE, EVERY_WAY = PRESSES == "all", PRESSES in ("all", "ways")
PARTS = 64 if EVERY_WAY else 16

GAPS = [30, 80, 150, 300]  # milliseconds between the two presses
# Milliseconds that every answer takes longer. The last one outlasts the second in which a page takes no press.
SLOW = [0, 300, 2000]
WITH_SCRIPT = [(gap, slow, True) for gap, slow in product(GAPS, SLOW)]
# Without scripts, nothing keeps the second press off what is at its place on the next page. So the test checks that
# the browser discards the first answer.
WITHOUT = [(gap, slow, False) for gap, slow in product(GAPS, SLOW) if slow > gap]
# These buttons are only shown without scripts.
ONLY_WITHOUT = {"joins:report_leak count=on “Count”"}
# It is shown when somebody asks while the queue is open. test_double_presses_in_the_queue.py presses it.
ONLY_LATER = {"“new · Show”"}

# In seconds; the school is always between these two ages. If something was done less than a minute ago, some presses
# count as the second press of it, and after ten minutes nothing can be undone.
SETTLED_FOR, YOUNG_FOR = 120, 240
DAY = 86_400  # seconds
CONTEXT = {"reduced_motion": "reduce", "viewport": {"width": 1280, "height": 800}}
PRESSABLE = "button, summary, input[type=submit], input[type=image], a[href]"
PHONE = {"width": 360, "height": 740}  # for buttons that aren't shown on a wider screen
# As on a phone. It stays open, and a browser opens no second one.
SHARE_SHEET = """(() => {
  let isOpen = false
  navigator.share = async () => {
    if (isOpen) throw new DOMException("The share sheet is open.", "InvalidStateError")
    isOpen = true
  }
})()"""
WHAT_IS_SEEN = """() => {
  const chance = "time, meter, .tiles, .mono, .url, [data-code], [data-secret], [data-one-time], [data-recovery-code]"
  for (const each of document.querySelectorAll(chance)) each.textContent = ""
  return document.body.innerText.split(/\\s*\\n\\s*/).filter(Boolean).sort().join("\\n")
}"""
FORGET = """() => {
  window.name = ""
  for (let timer = setTimeout(() => {}); timer > 0; timer--) clearTimeout(timer)
}"""
FILL_IN = """(button, typed) => {
  const missing = []
  for (const field of button.form?.elements ?? []) {
    if (field.type === "hidden" || field.disabled || field.tagName === "BUTTON") continue
    if (field.name === "request" || field.name === "line" || field.name === "_selected_action") field.checked = true
    if (["submit", "button", "checkbox", "radio"].includes(field.type)) continue
    const before = field.value
    if (field.type === "datetime-local") field.value = field.max || field.value
    else if (field.tagName === "SELECT") field.value ||= [...field.options].find(({value}) => value)?.value
    else if (field.name in typed) field.value = typed[field.name]
    else if (field.required && !field.value) missing.push(field.name)
    if (field.value === before) continue
    field.dispatchEvent(new Event("input", {bubbles: true}))
    field.dispatchEvent(new Event("change", {bubbles: true}))
  }
  return missing
}"""
UNCOVER = """button => {
  const around = button.tagName === "SUMMARY" ? button.parentElement.parentElement : button
  for (let each = around; each; each = each.parentElement) {
    if (each.tagName === "DETAILS") each.open = true
  }
}"""


class Hand:
    """Presses buttons in the browser of the person who has them, and reports the result."""

    def __init__(self, chromium, server):
        self.chromium, self.server, self.tabs = chromium, server, {}
        self.people = {person.name: person for person in school.open_school()}
        self.cookies = {name: person.cookies for name, person in self.people.items()}
        school.move_times(-SETTLED_FOR)
        self.snapshot, self.opened = snapshot.now(), time.time() - SETTLED_FOR
        self.presses = presses.walk(self.people.values(), IS_WHOLE)

    def press(self, press, has_script=True, gap=None, slow=0):
        """Press the button once, or a second time `gap` milliseconds later.

        Returns what changed, what is seen then, and what the browser reported. None if the button isn't shown.
        """
        person = self.people[press.person]
        with override_settings(**person.settings):
            snapshot.restore(self.snapshot)
            cache.clear()
            self.stay_young()
            page, watch = self.tab_of(person, has_script)
            page.goto(press.address)
            button = self.find(press, page)
            if button is None:
                return None
            button.evaluate(UNCOVER)
            if not button.is_visible():
                page.set_viewport_size(PHONE)
            if not button.is_visible():
                return None
            if not press.is_link:
                self.fill_in(page, button, press)
                button = self.find(press, page)
            self.server.slow = slow
            self.server.overwritten.clear()
            self._click(page, button, gap)
            self._wait(page)
            self.server.slow = 0
            changes = snapshot.changes(self.snapshot, snapshot.now()) | self.server.overwritten
            return changes, self._leave(page), list(watch.complaints)

    def stay_young(self):
        """Move the school's times along with the clock, as a log-in, a wish and an undo end while others press."""
        age = time.time() - self.opened
        if age > YOUNG_FOR:
            school.move_times(age - SETTLED_FOR)
            self.snapshot, self.opened = snapshot.now(), time.time() - SETTLED_FOR

    def find(self, press, page):
        """The button, wherever scripts have moved it by now. None if it isn't there."""
        place = press.place_in(page.content())
        return None if place is None else page.locator(PRESSABLE).nth(place)

    def tab_of(self, person, has_script):
        """A tab in which nothing has been pressed yet."""
        if (person.name, has_script) not in self.tabs:
            context = self.chromium.new_context(
                **CONTEXT, base_url=self.server.url, java_script_enabled=has_script
            )
            context.set_default_timeout(WAIT)
            context.add_init_script(SHARE_SHEET)
            page = context.new_page()
            self.tabs[person.name, has_script] = page, Watch(page, self.server.url)
        page, watch = self.tabs[person.name, has_script]
        page.context.clear_cookies()
        for name, value in self.cookies[person.name].items():
            page.context.add_cookies([{"name": name, "value": value, "url": self.server.url}])
        if page.viewport_size != CONTEXT["viewport"]:
            page.set_viewport_size(CONTEXT["viewport"])
        watch.complaints.clear()
        return page, watch

    def fill_in(self, page, button, press):
        typed = self.people[press.person].typed | school.typed_on(press)
        typed = {name: value(page) if callable(value) else value for name, value in typed.items()}
        if missing := button.evaluate(FILL_IN, typed):
            pytest.fail(f"{press}: say in school.py what {press.person} types into {missing}")

    def _click(self, page, button, gap):
        """Presses as a hand does, each time at the same place, whatever is there by then."""
        button.scroll_into_view_if_needed()
        expect(button).to_be_enabled()
        box = button.bounding_box()
        at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.click(*at)
        if gap is not None:
            page.wait_for_timeout(gap)
            page.mouse.click(*at)

    def _wait(self, page):
        """Waits until no request is under way, nor any that it might have caused.

        It sleeps and asks the page seldom, because each question keeps three processes busy. On a busy machine, a press
        needs a while to become a request.
        """
        quiet = 0
        while quiet < 7:
            time.sleep(0.04)
            quiet = quiet + 1 if self.server.is_quiet else 0
            if quiet in (1, 7) and not self._is_complete(page):
                quiet = 0

    def _is_complete(self, page):
        try:
            return page.evaluate("document.readyState") == "complete"
        except Error:  # the page is just being left
            return False

    def _leave(self, page):
        """Returns what is seen. Afterwards no page polls, and the tab remembers no press.

        The tab rests on this page, because Chromium needs long to open another one.
        """
        seen = f"{presses.page_at(urlsplit(page.url).path)[0]}\n{page.evaluate(WHAT_IS_SEEN)}"
        page.evaluate(FORGET)
        return snapshot.without_chance(seen)


@pytest.fixture(scope="module")
def hand(django_db_setup, django_db_blocker, chromium):
    """One school for all presses. Each of them begins with the database as it was then."""
    server = SlowServer()
    with override_settings(SITE_URL=server.url):
        with django_db_blocker.unblock():
            hand = Hand(chromium, server)
        yield hand
    for page, _ in hand.tabs.values():
        page.context.close()
    server.stop()


def ways_of(press):
    """The ways in which this button is pressed."""
    ways = WITH_SCRIPT + WITHOUT if press.acts and not press.is_of_django else WITH_SCRIPT
    if press.act in ONLY_WITHOUT:
        ways = WITHOUT
    return ways if EVERY_WAY else [press.chosen(ways)]


def faults(hand, press):
    """A sentence for each way of pressing twice whose result differs from pressing once."""
    once = {}
    for gap, slow, has_script in ways_of(press):
        if has_script not in once:
            once[has_script] = hand.press(press, has_script)
        twice = hand.press(press, has_script, gap, slow)
        how = f"{gap} ms apart, answers {slow} ms late{'' if has_script else ', no script'}"
        if once[has_script] is None or twice is None:
            if press.act not in ONLY_LATER:
                yield f"{press}: is not shown"
        elif twice[2]:
            yield f"{press}: {how}: the browser reports {twice[2]}"
        elif differing := _difference(once[has_script], twice):
            yield f"{press}: {how}:\n{differing}"


def _difference(once, twice):
    lines = (
        [*(f"{table}: {rows}" for table, rows in done.items()), *seen.splitlines(), *messages]
        for done, seen, messages in (once, twice)
    )
    return "\n".join(
        f"    {line}" for line in difflib.unified_diff(*lines, "once", "twice", n=0, lineterm="")
    )


@pytest.mark.rule("J10")
@pytest.mark.fault("F33")
@pytest.mark.parametrize("part", range(PARTS))
def test_pressed_twice_it_does_what_it_does_once(hand, part):
    found = [fault for press in hand.presses[part::PARTS] for fault in faults(hand, press)]
    if found:
        pytest.fail("\n".join(found), pytrace=False)


# Addresses for which no button is pressed, and why.
NEVER_PRESSED = {
    "account_set_password": "everybody has a password: one who was given none by Django's own commands finds this page",
    "log_in_slips": "a page to print, behind a link",
    "print_members": "a page to print, behind a link",
    "remove_co_teacher": "a right without an address of its own; remove_member asks for it",
}


def test_every_form_and_every_act_in_a_class_has_a_button_that_is_pressed(hand):
    """A walk that misses a button reports nothing, so the templates tell which buttons there are."""
    pages = "".join(path.read_text() for path in Path("templates").rglob("*.html"))
    forms = set(re.findall(r"""<form[^>]*method="post"[^>]*action="{% url '([\w:]+)'""", pages))
    acts = {right for right in RIGHTS if not right.startswith("see_")}
    pressed = {press.act.split(" ")[0] for press in hand.presses if press.acts}

    assert len(forms) > 20
    assert forms - pressed - set(NEVER_PRESSED) == set()
    assert acts - {act.split(":")[-1] for act in pressed} - set(NEVER_PRESSED) == set()
    assert "admin:classroom_classroom_hand_over" in pressed


def test_every_button_stays_while_others_are_pressed(hand):
    """A press can be undone for ten minutes, and a log-in ends after an unused hour. All presses take longer."""
    snapshot.restore(hand.snapshot)
    school.move_times(-DAY)
    hand.opened -= DAY
    hand.stay_young()
    for person in hand.people.values():
        person.browser.cookies.load(hand.cookies[person.name])
    there = {press.kind for press in presses.walk(hand.people.values(), IS_WHOLE)}

    assert {press.kind for press in hand.presses} - there == set()


def test_a_button_that_a_script_moves_is_found(hand):
    """Once a name is typed, the sign-up offers usernames above the button that ends it."""
    press = next(press for press in hand.presses if press.act == "joins:sign_up_student “Create my account”")
    page, _ = hand.tab_of(hand.people[press.person], has_script=True)
    page.goto(press.address)
    hand.fill_in(page, hand.find(press, page), press)
    page.wait_for_timeout(300)

    expect(hand.find(press, page)).to_have_text("Create my account")


def create_class_twice(monkeypatch):
    create = type(Classroom.objects).create_class
    monkeypatch.setattr(
        type(Classroom.objects),
        "create_class",
        lambda self, by, form_key=None, **fields: create(self, by, **fields),
    )


def give_another_password(monkeypatch):
    monkeypatch.setattr(User, "was_just_given", lambda *_: False)


def replace_newer_codes(monkeypatch):
    forget_presses(monkeypatch)
    monkeypatch.setattr(ReplacesWhatItShowedMixin, "current", lambda _: "")


def forget_presses(monkeypatch):
    manager = type(FormSubmission.objects)
    monkeypatch.setattr(manager, "find_answered", lambda *_: None)
    monkeypatch.setattr(
        manager,
        "begin",
        lambda self, key, session_key: (self.create(key=get_random_string(20), came_in=session_key), True),
    )


# Which guard is removed, who presses what, and what the test has to find.
UNGUARDED = {
    "two rows": (create_class_twice, "classroom:new_class", "classroom_classroom: "),
    "two mails": (forget_presses, "account_reset_password", "accounts_letter: "),
    "a value written twice": (
        give_another_password,
        "joins:give_password",
        "accounts_user: password written",
    ),
    "a row replaced twice": (
        replace_newer_codes,
        "mfa_generate_recovery_codes",
        "mfa_authenticator: rows gone",
    ),
}


@pytest.mark.rule("J10")
@pytest.mark.parametrize("seen", UNGUARDED)
def test_an_act_that_is_done_twice_is_found(seen, hand, monkeypatch):
    """Even if the second time leaves as many rows as the first."""
    take_away, page, line = UNGUARDED[seen]
    press = next(press for press in hand.presses if press.page.endswith(page) and press.acts)
    take_away(monkeypatch)
    once, twice = hand.press(press, has_script=False), hand.press(press, False, gap=300, slow=1200)

    assert line in _difference(once, twice)


# Who presses which button twice before an answer has come, so that the server gets both presses. The rows that tell
# it so are no result of the act.
TRACES = {
    "a try to log in to the new account": "has asked · joins:sign_up_student · joins:sign_up_student “",
    "a count of two sessions": "visitor · joins:home · joins:join “",
}


@pytest.mark.rule("J10")
@pytest.mark.parametrize("trace", TRACES)
def test_a_row_that_only_tells_of_the_press_is_no_fault(trace, hand):
    press = next(press for press in hand.presses if str(press).startswith(TRACES[trace]))
    once, twice = hand.press(press, has_script=False), hand.press(press, False, gap=30, slow=300)

    assert _difference(once, twice) == ""
