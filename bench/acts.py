"""The acts that are measured. Each function prepares data and returns a list of visits, for load.run() to make.

A visit is a browser (cookies and headers) with the requests that it sends.
"""

from collections.abc import Callable
from typing import NamedTuple

from bench.people import browsers, classes, people, stranger, waiting
from bench.school import PASSWORD
from joins.context_processors import Counts
from joins.models import JoinCode

CLASSES = 40  # classes that the people of one measurement join or ask to join
A_QUEUE = 500  # requests: a full queue, which one press of the button approves


def visit(browser, path, expect, **data):
    step = {"name": "act", "path": path, "expect": expect} | ({"data": data} if data or expect == 302 else {})
    return browser | {"steps": [step]}


def join(how_many):
    codes = [JoinCode.objects.get_current(classroom).code for classroom in classes(CLASSES)]
    joining = enumerate(browsers(people(how_many), networks=CLASSES))  # a class shares one address
    return [visit(browser, "/join/", 302, code=codes[number % CLASSES]) for number, browser in joining]


def ask(how_many):
    urls = [classroom.join_url.path for classroom in classes(CLASSES)]
    asking = enumerate(browsers(people(how_many)))
    return [visit(browser, urls[number % CLASSES], 302) for number, browser in asking]


def approve_one(how_many):
    opened = classes(min(CLASSES, how_many))
    managing = browsers([classroom.by for classroom in opened])
    in_each = [waiting(classroom, -(-how_many // len(opened))) for classroom in opened]
    visits = [
        _approval(classroom, browser, [join_request])
        for at_once in zip(*in_each, strict=True)
        for classroom, browser, join_request in zip(opened, managing, at_once, strict=True)
    ]
    return visits[:how_many]


def approve_many(presses, at_once=A_QUEUE):
    opened = classes(presses)
    managing = browsers([classroom.by for classroom in opened])
    return [
        _approval(classroom, browser, waiting(classroom, at_once))
        for classroom, browser in zip(opened, managing, strict=True)
    ]


def _approval(classroom, browser, join_requests):
    ids = [join_request.pk for join_request in join_requests]
    return visit(browser, f"{classroom.path}requests/decide/", 302, decision="approve", request=ids)


def class_page(how_many, members=30, path=""):
    """The owner's view of the page, which shows more than anybody else's."""
    opened = classes(1)
    opened[0].enroll((user, "join-url", "") for user in people(members))
    return _pages(opened, how_many, path)


def members_page(how_many):
    return class_page(how_many, 1_999, "members/")


def queue_page(how_many, pending=50):
    opened = classes(1)
    waiting(opened[0], pending)
    return _pages(opened, how_many, "requests/")


def front_page(how_many):
    return [visit(stranger(0), "/", 200)] * how_many


def log_in(how_many):
    return [
        visit(stranger(number), "/accounts/login/", 302, login=user.username, password=PASSWORD)
        for number, user in enumerate(people(how_many))
    ]


def sign_up(how_many):
    codes = [JoinCode.objects.get_current(classroom).code for classroom in classes(CLASSES)]
    names = [f"n{user.pk}" for user in people(how_many)]  # not taken yet
    return [
        visit(
            stranger(number),
            "/accounts/signup/student/",
            302,
            code=codes[number % CLASSES],
            first_name="Robin",
            last_name=f"New {name}",  # nobody else's, or the sign-up would ask "Is this you?"
            username=name,
            password1="seven green apples",  # noqa: S106
        )
        for number, name in enumerate(names)
    ]


def home(how_many):
    return [visit(browser, "/", 200) for browser in _owners(how_many)]


def poll(how_many):
    """The poll of a manager's open page. It sends an old version number, so it gets a full answer."""
    return [visit(browser, "/waiting/?v=0", 200) for browser in _owners(how_many)]


def unchanged_poll(how_many):
    """The poll of a manager's open page as it usually is: nothing has changed since the last one."""
    opened = classes(CLASSES)
    managing = zip(opened, browsers([classroom.by for classroom in opened]), strict=True)
    visits = [
        visit(browser, f"/waiting/?v={Counts(classroom.by).version}", 204) for classroom, browser in managing
    ]
    return (visits * (how_many // CLASSES + 1))[:how_many]


def new_class(how_many):
    return [
        visit(browser, "/classes/new/", 302, name="New", kind="class", colour="green", expected_size=40)
        for browser in _owners(how_many)
    ]


def _owners(how_many):
    opened = classes(CLASSES)
    managing = browsers([classroom.by for classroom in opened])
    return (managing * (how_many // CLASSES + 1))[:how_many]


def _pages(opened, how_many, path):
    managing = browsers([classroom.by for classroom in opened])
    visits = [
        visit(browser, f"{classroom.path}{path}", 200)
        for classroom, browser in zip(opened, managing, strict=True)
    ]
    return (visits * (how_many // len(visits) + 1))[:how_many]


class Act(NamedTuple):
    name: str  # in the tables
    make: Callable
    in_a_turn: int  # how many are measured in each turn of bench.compare


ACTS = {
    "join": Act("join by Code", join, 250),
    "ask": Act("ask by Join URL", ask, 250),
    "approve": Act("approve one", approve_one, 150),
    "approve-500": Act("approve 500 in one press", approve_many, 4),
    "class": Act("class page, 31 members", class_page, 80),
    "queue": Act("queue page, 50 wait", queue_page, 80),
    "members": Act("50 of 2,000 members", members_page, 80),
    "home": Act("home page", home, 120),
    "front": Act("front page", front_page, 200),
    "poll": Act("poll with news", poll, 200),
    "log-in": Act("log in", log_in, 40),
    "sign-up": Act("sign up with a Code", sign_up, 40),
}
