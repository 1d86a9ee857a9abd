"""The acts that are measured. Each function prepares data and returns a list of visits, for load.run() to make.

A visit is a browser (cookies and headers) with the requests that it sends. `bare` is true for the yardstick, a bare
Django site that gets the same visits. The list may be longer or shorter than `how_many`.
"""

from bench.people import address, browsers, classes, people, stranger, waiting
from bench.school import PASSWORD
from joins.models import JoinCode

CLASSES = 40  # classes that the people of one measurement join or ask to join
AT_ONCE = 200  # requests that are approved by one press of the button


def visit(browser, path, expect, **data):
    step = {"name": "act", "path": path, "expect": expect} | ({"data": data} if data or expect == 302 else {})
    return browser | {"steps": [step]}


def join(how_many, bare):
    codes = [JoinCode.objects.current_of(classroom).code for classroom in classes(CLASSES)]
    visits = []
    for number, browser in enumerate(browsers(people(how_many), bare)):
        browser["headers"] = {"X-Forwarded-For": address(number % CLASSES)}  # a class shares one address
        visits.append(visit(browser, "/join/", 302, code=codes[number % CLASSES]))
    return visits


def join_in_bare_sql(how_many, bare):
    visits = join(how_many, bare)
    for one in visits:
        one["steps"][0]["path"] = "/bare/join/"
    return visits


def ask(how_many, bare):
    urls = [classroom.join_url.path for classroom in classes(CLASSES)]
    asking = enumerate(browsers(people(how_many), bare))
    return [visit(browser, urls[number % CLASSES], 302) for number, browser in asking]


def approve_one(how_many, bare):
    opened = classes(CLASSES)
    managing = browsers([classroom.by for classroom in opened], bare)
    visits = []
    for classroom, browser in zip(opened, managing, strict=True):
        for join_request in waiting(classroom, -(-how_many // CLASSES)):
            visits.append(
                visit(browser, _decide(classroom), 302, decision="approve", request=join_request.pk)
            )
    return visits[::CLASSES] + [one for start in range(1, CLASSES) for one in visits[start::CLASSES]]


def approve_many(how_many, bare):
    opened = classes(-(-how_many // AT_ONCE))
    managing = browsers([classroom.by for classroom in opened], bare)
    return [
        visit(
            browser,
            _decide(classroom),
            302,
            decision="approve",
            request=[join_request.pk for join_request in waiting(classroom, AT_ONCE)],
        )
        for classroom, browser in zip(opened, managing, strict=True)
    ]


def class_page(how_many, bare, members=30):
    """The owner's view of the page, which shows more than anybody else's."""
    opened = classes(CLASSES)
    for classroom in opened:
        classroom.enroll((user, "join-url", "") for user in people(members))
    return _pages(opened, how_many, bare, "")


def queue_page(how_many, bare, pending=10_000):
    opened = classes(1)
    waiting(opened[0], pending)
    return _pages(opened, how_many, bare, "requests/")


def log_in(how_many, bare):
    return [
        visit(stranger(number), "/accounts/login/", 302, login=user.username, password=PASSWORD)
        for number, user in enumerate(people(how_many))
    ]


def sign_up(how_many, bare):
    codes = [JoinCode.objects.current_of(classroom).code for classroom in classes(CLASSES)]
    names = [f"n{user.pk}" for user in people(how_many)]  # not taken yet
    return [
        visit(
            stranger(number),
            "/accounts/signup/student/",
            302,
            code=codes[number % CLASSES],
            first_name="Robin",
            last_name="New",
            username=name,
            password1="seven green apples",  # noqa: S106
        )
        for number, name in enumerate(names)
    ]


def home(how_many, bare):
    return [visit(browser, "/", 200) for browser in _owners(how_many, bare)]


def poll(how_many, bare):
    """The poll of a manager's open page. It sends an old version number, so it gets a full answer."""
    return [visit(browser, "/waiting/?v=0", 200) for browser in _owners(how_many, bare)]


def new_class(how_many, bare):
    return [
        visit(browser, "/classes/new/", 302, name="New", kind="class", colour="green", expected_size=40)
        for browser in _owners(how_many, bare)
    ]


def _owners(how_many, bare):
    opened = classes(CLASSES)
    managing = browsers([classroom.by for classroom in opened], bare)
    return managing * (how_many // CLASSES + 1)


def _pages(opened, how_many, bare, path):
    managing = browsers([classroom.by for classroom in opened], bare)
    visits = [
        visit(browser, f"{classroom.path}{path}", 200)
        for classroom, browser in zip(opened, managing, strict=True)
    ]
    return visits * (how_many // len(visits) + 1)


def _decide(classroom):
    return f"{classroom.path}requests/decide/"


# For each act: its name in the tables, its function, and more visits a second than the product can answer, so that the
# prepared visits don't run out during a measurement.
ACTS = {
    "join": ("join by Code", join, 300),
    "ask": ("ask by Join URL", ask, 250),
    "approve": ("approve one", approve_one, 200),
    "approve-200": ("approve 200", approve_many, 1_200),
    "class": ("class page (owner, 31 members)", class_page, 500),
    "queue": ("queue page (50 of 10,000)", queue_page, 500),
    "log-in": ("log in", log_in, 60),
    "sign-up": ("sign up with a Code", sign_up, 60),
}
