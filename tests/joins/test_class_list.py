"""The class list: preview, keep, forget, and what the queue and the board say of it (L1–L3)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from classroom.acts import class_list
from classroom.models import Classroom, ListedName
from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.models import JoinRequest
from privacy.models import Person
from privacy.tasks import forget
from tests.clock import time_passes
from tests.factories import MembershipFactory, StudentFactory, TeacherFactory, student_called
from tests.hooks import alerts, hooks, page_text

pytestmark = pytest.mark.rule("L1", "L2", "L3")

NAMES = ["Ana López", "Ben Müller", "Cem Kaya"]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def expects(biology, ms_okafor):
    """expects("Ana López", …) keeps this list for Biology 9B."""
    return lambda *names: class_list.keep(biology, list(names or NAMES), by=ms_okafor)


@pytest.fixture
def paste(okafors_browser, url):
    """paste("…", keep="on") -> the answer of the page to this text."""
    return lambda text, **more: okafors_browser.post(url("list/"), {"names": text} | more)


@pytest.fixture
def acts(biology):
    """acts() -> (act, by whom) from the history of the list, oldest first."""
    found = biology.events.filter(kind__endswith="_list").order_by("pk")
    return lambda: list(found.values_list("kind", "by__username"))


@pytest.fixture
def joins(biology):
    return lambda name: MembershipFactory(classroom=biology, user=student_called(name)).user


def kept():
    return list(ListedName.objects.order_by("pk").values_list("name", flat=True))


@pytest.mark.parametrize(
    "text",
    [
        "First name,Last name\nAdi,\nBen,Lee",  # "Adi" alone is a column's name, too
        "Name;Class\nNombre;9B\nName;9B",
        "Surname\tForename\nLee, Jr.\tBen",
        "Ben Lee, 9B\tx",
        "Name\nA) Smith\n12 Monkeys\n- Ana\nBen 1.2.2015",
    ],
)
def test_the_names_that_the_preview_shows_are_kept_just_as_they_are(paste, url, biology, text):
    """They came back to be read a second time: "Adi" was left out, and "Ben Lee, Jr." became "Jr. Ben Lee"."""
    preview = paste(text)
    shown = list(preview.context["pasted"].names)

    paste(preview.context["text"], keep="on", version=str(preview.context["version"]))

    biology.refresh_from_db()
    assert list(ListedName.objects.of(biology)) == shown


def test_a_name_alone_in_the_first_line_is_no_header_if_people_have_it(paste):
    assert paste("Adi\nBen Lee").context["pasted"].names == ["Adi", "Ben Lee"]
    for turkish in ("Ad\u0131", "ADI"):
        assert paste(f"{turkish}\nBen Lee").context["pasted"].names == ["Ben Lee"]


def test_nothing_is_kept_before_keep_this_list(paste, biology, acts):
    page = paste("López, Ana\nBen Müller\nnobody@school.example")

    assert "Nothing is kept yet" in page_text(page)
    assert "Line 3" in page_text(page)
    assert kept() == []
    assert acts() == []


def test_the_preview_says_who_is_there_already(paste, joins, asks):
    joins("Ana López")
    asks("Ben Muller")

    page = paste("\n".join(NAMES))

    assert hooks(page, "data-on-list") == ["yes", "like", "no"]
    assert "as Ben Muller" in page_text(page)


def test_kept_names_and_nothing_else_of_the_table(paste, okafors_browser, url, acts):
    page = paste("Last Name,First Name,Email Address\nLópez,Ana,ana@school.example")
    sent = {"names": hooks(page, "value")[-1]}

    answer = paste("Ana López", keep="on", version="None")

    assert answer.status_code == 302
    assert kept() == ["Ana López"]
    assert acts() == [("keep_list", "okafor")]
    assert "@" not in sent["names"]


@pytest.mark.rule("J10")
def test_pressed_twice_it_is_kept_once(paste, acts):
    for _ in range(2):
        assert paste("\n".join(NAMES), keep="on", version="None").status_code == 302

    assert kept() == NAMES
    assert len(acts()) == 1


def test_a_colleagues_newer_list_is_not_replaced_unseen(paste, expects, biology, mr_lind):
    class_list.keep(biology, ["Dua Noor"], by=mr_lind)

    page = paste("\n".join(NAMES), keep="on", version="None")

    assert page.status_code == 409
    assert "changed the class list meanwhile" in alerts(page)[0]
    assert kept() == ["Dua Noor"]
    assert "No longer on the list: Dua Noor" in page_text(page)
    biology.refresh_from_db()
    assert paste("\n".join(NAMES), keep="on", version=class_list.version(biology)).status_code == 302
    assert kept() == NAMES


def test_the_page_says_who_is_in_who_waits_and_who_is_missing(expects, joins, asks, okafors_browser, url):
    expects()
    joins("Ana López")
    asks("Ben Müller")

    page = okafors_browser.get(url("list/"))

    assert "1 of 3 is in." in page_text(page)
    assert hooks(page, "data-missing") == ["2"]
    assert "Missing 1 Cem Kaya" in page_text(page)


def test_a_member_sees_no_name_of_it(expects, joins, sign_in, biology, url):
    expects()
    browser = sign_in(joins("Ana López"))

    for page in (biology.path, url("members/")):
        assert "Cem Kaya" not in browser.get(page).content.decode()


def test_deleted_at_once_and_by_itself_after_six_weeks(expects, okafors_browser, url, acts, biology):
    expects()
    okafors_browser.post(url("list/"), {"forget": "on"})
    okafors_browser.post(url("list/"), {"forget": "on"})
    assert kept() == []
    assert [kind for kind, *_ in acts()] == ["keep_list", "forget_list"]

    expects()
    time_passes(weeks=6, hours=-1)
    forget()
    assert kept() == NAMES
    time_passes(hours=2)
    forget()
    assert kept() == []


def test_a_list_kept_again_is_kept_as_long_again(expects, biology):
    expects()
    time_passes(weeks=5)
    expects()
    time_passes(weeks=5)
    forget()

    assert kept() == NAMES


@pytest.mark.threat("T93")
def test_who_is_erased_is_on_no_list(expects, joins):
    expects()
    person = Person.objects.get(pk=joins("Ana López").pk)

    person.erase()

    assert kept() == ["Ben Müller", "Cem Kaya"]


@pytest.mark.parametrize("text", ["", " \r\n", "17", "\ud7ff" * 3])
def test_no_name_gets_a_sentence(paste, text):
    page = paste(text)

    assert page.status_code == 422
    assert alerts(page)


def test_the_queue_says_what_the_list_says_of_each(expects, asks, joins, okafors_browser, url):
    expects("Ana López", "Ben Müller", "Cem Kaya", "Dua Noor")
    joins("Dua Noor")
    for name in ("Ana López", "Ben Muller", "Zed Zero", "Cem Kaya", "Cem Kaya", "Dua Noor"):
        asks(name)

    page = okafors_browser.get(url("requests/"))

    assert hooks(page, "data-on-list") == ["yes", "like", "no", "twice", "twice", "twice"]
    assert "Like Ben Müller on your list" in page_text(page)


def test_without_a_list_the_queue_says_nothing_of_one(asks, okafors_browser, url):
    asks("Ana López")

    assert hooks(okafors_browser.get(url("requests/")), "data-on-list") == []


def test_let_in_those_on_your_list_leaves_the_others(expects, asks, okafors_browser, url):
    expects()
    for name in ("Ana López", "Zed Zero", "Ben Müller", "Cem Kaya", "Cem Kaya"):
        asks(name)
    page = okafors_browser.get(url("requests/")).content.decode()

    [form] = [part for part in page.split("<form")[1:] if "approve-listed" in part]
    ids = [part.split('"')[0] for part in form.split('name="request" value="')[1:]]
    assert "on your list" in form
    okafors_browser.post(url("requests/decide/"), {"decision": "approve", "request": ids})

    waiting = JoinRequest.objects.pending().values_list("name", flat=True)
    assert sorted(waiting) == ["Cem Kaya", "Cem Kaya", "Zed Zero"]


def test_all_who_wait_and_are_on_the_list_in_one_press(
    biology, ms_okafor, expects, asks, okafors_browser, url
):
    """The button for a queue of several pages."""
    expects()
    for name in ("Ana López", "Zed Zero", "Ben Muller", "Cem Kaya", "Cem Kaya"):
        asks(name)
    seen = queue.count_queue(biology).seen

    sent = {"decision": "approve", "seen": seen, "listed": "on"}
    page = okafors_browser.post(url("requests/decide/"), sent, follow=True)

    waiting = JoinRequest.objects.pending().values_list("name", flat=True)
    assert sorted(waiting) == ["Ben Muller", "Cem Kaya", "Cem Kaya", "Zed Zero"]
    assert "4 people are still waiting: not on your list, or with a warning." in page_text(page)


def test_all_who_wait_without_a_warning_leaves_a_second_one_of_that_name(biology, ms_okafor, expects, asks):
    expects()
    for name in ("Ana López", "Cem Kaya", "Cem Kaya"):
        asks(name)
    biology.refresh_from_db()

    queue.decide_all(biology, queue.count_queue(biology).seen, queue.Decision.APPROVE, by=ms_okafor)

    assert list(JoinRequest.objects.pending().values_list("name", flat=True)) == ["Cem Kaya", "Cem Kaya"]


def test_a_second_one_of_that_name_may_wait_on_another_page(expects, asks, okafors_browser, url, monkeypatch):
    monkeypatch.setattr("joins.views.queue.PER_PAGE", 1)
    expects()
    asks("Cem Kaya")
    asks("Cem Kaya")

    assert hooks(okafors_browser.get(url("requests/")), "data-on-list") == ["twice"]


@pytest.mark.rule("Q9")
def test_who_waits_again_after_undo_has_the_same_mark(
    expects, asks, okafors_browser, ms_okafor, biology, url
):
    expects()
    join_request = asks("Ana López")
    queue.decide(biology, [join_request.pk], queue.Decision.APPROVE, by=ms_okafor)

    row = okafors_browser.post(f"/requests/{join_request.pk}/undo/", headers=HTMX)

    assert hooks(row, "data-on-list") == ["yes"]


@pytest.mark.rule("W1")
def test_board_and_joined_today_say_how_many_are_missing_and_no_name(expects, joins, okafors_browser, url):
    expects()
    joins("Ana López")
    joins("Zed Zero")

    board = okafors_browser.get(url("board/"))
    assert (hooks(board, "data-expected"), hooks(board, "data-missing")) == (["3"], ["2"])
    assert "1 of 3 is in" in page_text(board)
    assert "Cem" not in page_text(board)
    today = okafors_browser.get(url("today/"))
    assert "1 of the 3 on your list is in." in page_text(today)
    assert hooks(today, "data-missing") == ["2"]


@pytest.mark.rule("W1")
def test_an_open_board_follows_who_joins(expects, joins, okafors_browser, url):
    expects()
    board = okafors_browser.get(url("board/"))
    asking = hooks(board, "hx-get")[0]
    assert okafors_browser.get(asking, headers=HTMX).status_code == 204

    joins("Ana López")

    assert "1 of 3 is in" in page_text(okafors_browser.get(asking, headers=HTMX))


def test_what_it_costs(expects, asks, okafors_browser, url):
    """A list of 40 costs the queue's page one statement, and a poll of the board none."""

    def counted(address):
        with CaptureQueriesContext(connection) as statements:
            okafors_browser.get(address)
        return len(statements)

    def asking():
        return hooks(okafors_browser.get(url("board/")), "hx-get")[0]

    for n in range(5):
        asks(f"Ada Number{n}")
    page, poll = (counted(url("requests/")), counted(asking()))

    expects(*(f"Ada Number{n}" for n in range(40)))

    assert counted(url("requests/")) == page + 1
    assert counted(asking()) == poll


@pytest.mark.threat("T43")
def test_a_username_is_not_compared(expects, biology, okafors_browser, url):
    expects()
    stranger = StudentFactory(username="ana.lopez", first_name="Zed", last_name="Zero")
    ask_by_join_url(biology.join_url, by=User.objects.get(pk=stranger.pk))

    assert hooks(okafors_browser.get(url("requests/")), "data-on-list") == ["no"]


def test_the_students_of_another_class_fill_the_field_and_nothing_is_kept(
    okafors_browser, url, biology, ms_okafor, mr_lind
):
    last_year = Classroom.objects.create_class(ms_okafor, name="Biology 8B")
    MembershipFactory(classroom=last_year, user=student_called("Zoe Zimmer"))
    MembershipFactory(classroom=last_year, user=mr_lind)

    page = okafors_browser.get(url("list/"), {"students_of": last_year.public_id})

    assert "Zoe Zimmer</textarea>" in page.content.decode()
    assert mr_lind.full_name not in page.content.decode()
    assert kept() == []


@pytest.mark.threat("T11")
@pytest.mark.parametrize("asked", ["theirs", "nosuchclass0", ""])
def test_the_students_of_a_class_that_somebody_else_manages_stay_unknown(okafors_browser, url, asked):
    theirs = Classroom.objects.create_class(TeacherFactory(), name="Not Ours 8B")
    MembershipFactory(classroom=theirs, user=student_called("Zoe Zimmer"))
    asked = theirs.public_id if asked == "theirs" else asked

    page = okafors_browser.get(url("list/"), {"students_of": asked})

    assert page.status_code == 200
    assert "Zoe Zimmer" not in page.content.decode()
    assert "Not Ours" not in page.content.decode()
