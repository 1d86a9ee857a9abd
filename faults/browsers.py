"""Simulated people in their browsers. They record every answer, also errors and broken connections."""

import re
import time
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlencode

from faults.history import IN, REFUSED, UNSURE, WAITS
from tests.deployed.school import until
from tests.deployed.visitor import Visitor, hook

TOKEN = "__Host-csrftoken"  # Django accepts the cookie's value as the form's token
PASSWORD = "seven green apples"


@dataclass(frozen=True)
class Answer:
    """`status` is None if the connection broke, so that nobody knows what happened."""

    status: int | None
    leads_to: str
    page: str
    began: float  # seconds since the epoch
    seconds: float

    @property
    def is_error(self):
        return self.status is None or self.status >= 500


class Person(Visitor):
    """Somebody who is logged in. Each press is exactly one request: nothing is repeated automatically."""

    def __init__(self, proxy, history, about):
        super().__init__(proxy)
        self.history, self.cookies, self.answers = history, dict(about["cookies"]), []
        self.username, self.name, self.email = about["username"], about["name"], about["email"]

    def send(self, path, **fields):
        """Press a button. The token comes from the browser's cookie, so the form need not be loaded first."""
        return self._timed(
            "POST", path, urlencode({"csrfmiddlewaretoken": self.cookies[TOKEN], **fields}, doseq=True)
        )

    def look(self, path):
        return self._timed("GET", path, None)

    def log_in(self, password):
        return self.send("/accounts/login/", login=self.username, password=password)

    def _timed(self, method, path, body):
        began, clock = time.time(), time.monotonic()
        try:
            status, headers, page = self._send(method, path, body)
            leads_to = headers.get("Location", "")
        except (OSError, HTTPException):
            status, leads_to, page = None, "", ""
        self.answers.append(Answer(status, leads_to, page, began, time.monotonic() - clock))
        return self.answers[-1]


class Student(Person):
    def join(self, room, code=None):
        code = code or room.code
        answer = self.send("/join/", code=code)
        self._record(room, code, answer)
        return answer

    def ask(self, room):
        answer = self.send(room.join_url)
        self._record(room, "", answer)
        return answer

    def sign_up(self, room):
        """Create an account with the class's Code."""
        names = {"first_name": "Robin", "last_name": f"New {self.username}", "username": self.username}
        answer = self.send("/accounts/signup/student/", code=room.code, password1=PASSWORD, **names)
        self._record(room, room.code, answer)
        return answer

    def _record(self, room, code, answer):
        outcome = outcome_of(answer, room)
        self.history.record_attempt(self.username, room.path, code, answer.began, outcome)
        if outcome == WAITS:
            self.history.expect_mail(*room.request_mail(self))
        if outcome == IN:
            self.history.forget_mail(*room.request_mail(self))


class Teacher(Person):
    """The owner of a class in this round."""

    def open(self, name):
        path = self.send("/classes/new/", name=name, kind="class", colour="green", expected_size=500).leads_to
        return Room(self, name, path)


def logged_out_person(username):
    """Return the description of somebody who is not logged in."""
    return {"username": username, "name": "Robin New", "email": "", "cookies": {TOKEN: "t" * 32}}


class Room:
    """A class, its owner, its Code and its Join URL."""

    def __init__(self, owner, name, path):
        self.owner, self.name, self.path, self.history = owner, name, path, owner.history
        page = self._page("")
        self.code, self.join_url = (
            hook(page, "data-code"),
            "/j/" + hook(page, "data-join-url").split("/j/")[1],
        )

    @property
    def public_id(self):
        return self.path.split("/")[2]

    def lock(self):
        return self._close_code("lock")

    def reset(self):
        """Reset the Code; afterwards `code` is the new one."""
        answer = self._close_code("reset")
        if answer.status == 302:
            self.code = hook(self._page(""), "data-code")
        return answer

    def unlock(self):
        self.history.code_opened(self.code)
        return self.owner.send(f"{self.path}code/unlock/")

    def approve(self, *students):
        """Let in these students. If the answer is no error, they must be members."""
        wanted = {student.username for student in students}
        numbers = [number for number, username in self.waiting() if username in wanted]
        answer = self.owner.send(f"{self.path}requests/decide/", decision="approve", request=numbers)
        if answer.status == 302:
            self.history.approve((self.path, username) for username in wanted)
        for student in students:
            self.history.forget_mail(*self.request_mail(student))
        return answer

    def waiting(self):
        """Return (id of the request, username) of each row of the approval queue."""
        page = self._page("requests/")
        return re.findall(r'data-request="(\d+)"\s+data-username="([^"]+)"', page)

    def request_mail(self, student):
        """Return what the mail to the owner says. It may be about several requests, and names only some people (N3)."""
        return self.owner.email, f"to join {self.name}"

    def _page(self, part):
        """Load a page of the class; try again while something is broken."""
        return until(lambda: self.owner.look(self.path + part), lambda answer: not answer.is_error).page

    def _close_code(self, act):
        code = self.code
        answer = self.owner.send(f"{self.path}code/{act}/")
        if answer.status == 302:
            self.history.code_closed(code, answer.began + answer.seconds)
        return answer


def outcome_of(answer, room):
    if answer.is_error:
        return UNSURE
    if answer.status != 302:
        return REFUSED
    return {room.path: IN, "/": WAITS}.get(answer.leads_to, f"sent to {answer.leads_to}")
