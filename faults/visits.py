"""People at the doors, who take what comes: an answer, an error, a connection that breaks."""

import re
import time
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlencode

from faults.history import IN, REFUSED, UNSURE, WAITS
from tests.deployed.school import until
from tests.deployed.visitor import Visitor, hook

TOKEN = "__Host-csrftoken"  # the cookie's secret counts as the form's token
PASSWORD = "seven green apples"


@dataclass(frozen=True)
class Answer:
    """`status` None: the connection broke, and nobody knows what became of it."""

    status: int | None
    leads_to: str
    page: str
    began: float  # seconds since the epoch
    seconds: float

    @property
    def is_error(self):
        return self.status is None or self.status >= 500


class Person(Visitor):
    """Somebody who is logged in. One press is one request; none is ever sent twice by itself."""

    def __init__(self, proxy, history, said):
        super().__init__(proxy)
        self.history, self.cookies, self.answers = history, dict(said["cookies"]), []
        self.username, self.name, self.email = said["username"], said["name"], said["email"]

    def send(self, path, **fields):
        """Press a button: the form's token is the one that the browser has already."""
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
        self._note(room, code, answer)
        return answer

    def ask(self, room):
        answer = self.send(room.join_url)
        self._note(room, "", answer)
        return answer

    def sign_up(self, room):
        """Somebody new, in the class at once."""
        names = {"first_name": "Robin", "last_name": "New", "username": self.username}
        answer = self.send("/accounts/signup/student/", code=room.code, password1=PASSWORD, **names)
        self._note(room, room.code, answer)
        return answer

    def _note(self, room, code, answer):
        told = what_is_told(answer, room)
        self.history.knock(self.username, room.path, code, answer.began, told)
        if told == WAITS:
            self.history.owe(*room.knock_of(self))
        if told == IN:
            self.history.settle(*room.knock_of(self))


class Teacher(Person):
    """The owner of a class of this round."""

    def open(self, name):
        path = self.send("/classes/new/", name=name, kind="class", colour="green", expected_size=500).leads_to
        return Room(self, name, path)


def nobody(username):
    """The browser of somebody who is not logged in."""
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
        return self._shut("lock")

    def reset(self):
        """The class has a new Code then; `code` is it."""
        answer = self._shut("reset")
        if answer.status == 302:
            self.code = hook(self._page(""), "data-code")
        return answer

    def unlock(self):
        self.history.reopen(self.code)
        return self.owner.send(f"{self.path}code/unlock/")

    def approve(self, *students):
        """Let in those who wait; they are in once it is answered."""
        wanted = {student.username for student in students}
        numbers = [number for number, username in self.waiting() if username in wanted]
        answer = self.owner.send(f"{self.path}requests/decide/", decision="approve", request=numbers)
        if answer.status == 302:
            self.history.approve((self.path, username) for username in wanted)
        for student in students:
            self.history.settle(*self.knock_of(student))
        return answer

    def waiting(self):
        """(number, username) of each row on the queue's page."""
        page = self._page("requests/")
        return re.findall(r'data-request="(\d+)" data-username="([^"]+)"', page)

    def knock_of(self, student):
        """The mail by which the owner is told of it."""
        return self.owner.email, f"{student.name} asks to join {self.name}."

    def _page(self, part):
        """Looked at again where something is broken."""
        return until(lambda: self.owner.look(self.path + part), lambda answer: not answer.is_error).page

    def _shut(self, act):
        code = self.code
        answer = self.owner.send(f"{self.path}code/{act}/")
        if answer.status == 302:
            self.history.shut(code, answer.began + answer.seconds)
        return answer


def what_is_told(answer, room):
    if answer.is_error:
        return UNSURE
    if answer.status != 302:
        return REFUSED
    return {room.path: IN, "/": WAITS}.get(answer.leads_to, f"sent to {answer.leads_to}")
