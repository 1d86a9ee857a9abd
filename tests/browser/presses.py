"""Every button and link of Homeroom, found by walking its pages."""

import re
import zlib
from collections import Counter, deque
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import override_settings
from django.urls import Resolver404, resolve

from classroom.models import Classroom

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# These parts are the same on each page, so they are only pressed on the first one.
AROUND = {"header", "nav", "footer"}
EVERYWHERE = "everywhere"


@dataclass
class Pressable:
    """A button, a link, or the line of what unfolds, on a page."""

    is_link: bool
    method: str  # of the button's form, empty without one
    leads_to: str  # where the link leads, or where the form is sent
    value: str  # of the button, with its name
    parts: list = field(default_factory=list)
    is_everywhere: bool = False
    target: str = ""  # the path and query it leads to
    view: str = ""  # the name of that page
    nth: int = 0  # its position among those of the same likeness on its page

    @property
    def likeness(self):
        """What stays the same each time the page is loaded, and wherever a script moves the button."""
        return self.is_link, self.method, self.view, self.value

    @property
    def name(self):
        """What it does, in words that are the same on every day and for everybody."""
        if self.is_link:
            return f"link to {self.view}"
        label = "" if self.view == "accounts:open_notification" else " ".join(" ".join(self.parts).split())
        return " ".join(filter(None, [self.view, self.value, f"“{re.sub('[0-9]+', 'N', label)}”"]))


class Page(HTMLParser):
    """The buttons and links on the page at this path, in the order of its HTML."""

    def __init__(self, html, path):
        super().__init__()
        self.pressables, self._form, self._forms, self._open = [], None, {}, []
        self.feed(html)
        alike = Counter()
        for each in self.pressables:
            each.target = urljoin(path, each.leads_to)
            if each.is_link or each.method:  # others only do something on their own page
                each.view = page_at(urlsplit(each.target).path)[0]
            each.nth = alike[each.likeness]
            alike[each.likeness] += 1

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self._form = self._forms[attributes.get("id")] = attributes
        is_button = tag in ("button", "summary") or attributes.get("type") in ("submit", "image")
        if is_button or (tag == "a" and "href" in attributes):
            self._found(tag, attributes)
        if tag not in VOID:
            self._open.append((tag, attributes))

    def _found(self, tag, attributes):
        form = self._forms[attributes["form"]] if "form" in attributes else self._form
        if tag in ("a", "summary") or attributes.get("type") == "button":
            form = None
        value = f"{attributes.get('name', '')}={attributes.get('value', '')}".strip("=")
        leads_to = (
            attributes.get("href") if form is None else attributes.get("formaction", form.get("action", ""))
        )
        method = "" if form is None else form.get("method", "get").lower()
        found = Pressable(tag == "a", method, leads_to or "", value)
        found.is_everywhere = any(around in AROUND for around, _ in self._open)
        found.parts = [attributes.get("value", "")] if tag == "input" else []
        self.pressables.append(found)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        while self._open and tag not in VOID:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data):
        is_of_one = any(tag in ("a", "button", "summary") for tag, _ in self._open)
        is_a_name = any(a.get("class") == "for-screen-reader" or tag == "bdi" for tag, a in self._open)
        if is_of_one and not is_a_name and self.pressables:
            self.pressables[-1].parts.append(data)


@dataclass(frozen=True)
class Press:
    """One button or link to press, on a page of one person."""

    person: str
    address: str
    page: str  # the page's name
    classroom: str
    likeness: tuple
    nth: int  # its position among those of the same likeness on its page
    is_link: bool
    acts: bool  # whether its form is sent by POST
    is_of_django: bool  # whether it is in the admin
    act: str
    is_of_one: str  # the person, if other people's presses of the same button do something else

    @property
    def kind(self):
        return " · ".join(filter(None, [self.is_of_one, self.page, self.act]))

    def __str__(self):
        return " · ".join(filter(None, [self.person, self.classroom, self.page, self.act]))

    def place_in(self, html):
        """Its position among all of its page, where scripts may have moved it. None if it isn't there."""
        pressables = Page(html, urlsplit(self.address).path).pressables
        alike = [place for place, each in enumerate(pressables) if each.likeness == self.likeness]
        return alike[self.nth] if self.nth < len(alike) else None

    def chosen(self, ways):
        """One of these ways to press it. It is always the same for this button, and another one for the next."""
        return ways[zlib.crc32(self.kind.encode()) % len(ways)]


def walk(people, is_whole=False):
    """Every button and link on the pages that these people reach.

    It finds each kind of button once, for the first person and in the first class that have it. With `is_whole` it
    finds it for everybody in every class, and also the links in the admin.
    """
    found = {}
    for person in people:
        with override_settings(**person.settings):
            for press in _walk(person, is_whole):
                found.setdefault(str(press) if is_whole else press.kind, press)
    return list(found.values())


def _walk(person, is_whole):
    """A page is identified by its name and its class, so it looks at one of fifty pages of members."""
    names = dict(Classroom.objects.values_list("public_id", "name"))
    seen, to_see = set(), deque(person.starts)
    while to_see:
        address = to_see.popleft()
        if page_at(urlsplit(address).path) in seen:
            continue
        answer = person.browser.get(address, follow=True)
        path, query = answer.request["PATH_INFO"], answer.request["QUERY_STRING"]
        page, classroom = place = page_at(path)
        if place in seen or "text/html" not in answer.headers["Content-Type"]:
            continue
        seen.add(place)
        assert answer.status_code == 200, f"{person.name} comes to {path}, which answers {answer.status_code}"
        for each in Page(answer.content.decode(), path).pressables:
            if not _is_ours(each.target) or each.leads_to.startswith("#"):
                continue
            if each.is_link and person.walks and page_at(urlsplit(each.target).path) not in seen:
                to_see.append(each.target)
            if _is_pressed(each, person, page, is_whole):
                yield Press(
                    person=person.name,
                    address=f"{path}?{query}" if query else path,
                    page=EVERYWHERE if each.is_everywhere else page,
                    classroom=names.get(classroom, ""),
                    is_of_one="" if person.walks else person.name,
                    likeness=each.likeness,
                    nth=each.nth,
                    is_link=each.is_link,
                    acts=each.method == "post",
                    is_of_django=page.startswith("admin:"),
                    act=each.name,
                )


def _is_pressed(each, person, page, is_whole):
    """The admin's pages are Django's, so only their buttons that act are pressed."""
    if not person.walks:
        return not each.is_link and not each.is_everywhere
    return not page.startswith("admin:") or each.method == "post" or (is_whole and each.is_link)


@cache
def page_at(path):
    """The page's name, and the id of its class."""
    try:
        match = resolve(path)
    except Resolver404:
        return path, ""
    return match.view_name, match.kwargs.get("public_id", "")


def _is_ours(target):
    parts = urlsplit(target)
    return not parts.netloc and parts.path.startswith("/") and not parts.path.startswith("/static/")
