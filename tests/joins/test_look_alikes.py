"""The queue shows how old an account is, and whether its name looks like one in the class."""

import re

import pytest

from accounts.models import User
from accounts.skeletons import Skeletons, skeletons
from classroom.same_name import exact
from joins import look_alikes
from joins.acts.ask import ask_by_join_url
from joins.acts.move_to_queue import move_to_queue
from tests.clock import time_passes
from tests.factories import MembershipFactory, StudentFactory
from tests.hooks import hooks, page_text

pytestmark = pytest.mark.threat("T42")


@pytest.fixture
def asks(biology):
    """asks("Lео", "Park") asks to join Biology 9B under that name."""

    def ask(first_name, last_name, **fields):
        return ask_by_join_url(
            biology.join_url, by=StudentFactory(first_name=first_name, last_name=last_name, **fields)
        )

    return ask


@pytest.fixture
def queue(sign_in, url, ms_okafor):
    return lambda: sign_in(ms_okafor).get(url("requests/"))


@pytest.mark.threat("T43")
def test_a_name_like_a_members_is_warned_of_in_words(asks, queue, biology, leo):
    MembershipFactory(classroom=biology, user=leo)
    asks("L\u0435\u043e", "Park")  # Cyrillic

    page = queue()

    assert hooks(page, "data-looks-like") == ["leo"]
    words = " ".join(page.content.decode().split())
    assert '(<bdi dir="ltr" translate="no">leo</bdi>), already in this class.' in words
    assert "Similar name to Leo Park (leo), already in this class. Check who this is." in page_text(page)


@pytest.mark.parametrize(
    ("first_name", "last_name", "manager"),
    [
        ("Ngozi", "Okafor", "okafor"),
        ("Ms", "Okafor", "okafor"),
        ("Mr", "Lind", "lind"),
        ("Dr.", "L\u0456nd", "lind"),
        ("Mr", "Jonas Lind", "lind"),
        ("Mr", "J. Lind", "lind"),
        ("Ms.N.Okafor", "", "okafor"),
        ("Mr", "Jonas", "lind"),
        ("Coach", "J0nas", "lind"),
        ("Jonas", "Lind (teacher)", "lind"),
        ("Herr Prof.", "Lind", "lind"),
        ("Ng0zi", "Okafor", "okafor"),
        ("Ngoz1", "Okafor", "okafor"),
        ("NGOZl", "OKAF0R", "okafor"),
    ],
)
def test_so_is_one_like_a_managers_with_or_without_a_title(asks, queue, first_name, last_name, manager):
    asks(first_name, last_name)

    page = queue()
    assert hooks(page, "data-looks-like") == [manager]
    role = {"okafor": "owner", "lind": "co-teacher"}[manager]
    assert f"({manager}), {role} of this class. Check who this is." in page_text(page)


def test_a_teacher_who_has_a_title_in_the_name_is_known_without_it(asks, queue, mr_lind):
    User.objects.filter(pk=mr_lind.pk).update(first_name="Mr", last_name="Ekberg")
    asks("Ekberg", "")
    asks("Mrs", "Ekberg")

    assert hooks(queue(), "data-looks-like") == ["lind", "lind"]


def test_a_pupil_without_a_title_may_have_a_teachers_first_name(asks, queue):
    asks("Jonas", "")
    asks("J.", "Berg")

    assert hooks(queue(), "data-looks-like") == []


@pytest.mark.threat("T43")
def test_a_role_behind_a_members_name_hides_nobody(asks, queue, biology, leo):
    MembershipFactory(classroom=biology, user=leo)
    asks("Leo", "Park (teacher)")
    asks("1eo", "Park")
    asks("Mr", "Park")  # Leo is a student

    assert hooks(queue(), "data-looks-like") == ["leo", "leo"]


@pytest.mark.rule("Q2")
def test_one_press_for_the_whole_page_leaves_out_who_is_warned_of(asks, queue, biology, leo):
    """A teacher in a hurry lets in everybody else."""
    MembershipFactory(classroom=biology, user=leo)
    asks("L\u0435\u043e", "Park")
    others = [asks("Finn", "Park").pk, asks("Jonas", "Berg").pk]

    page = queue()

    form = page.content.decode().split('id="approve-page"')[0].rsplit("<form", 1)[1]
    assert re.findall(r'name="request" value="(\d+)"', form) == [str(pk) for pk in others]
    assert "Let in the 2 without a warning" in page_text(page)


@pytest.mark.rule("Q10")
@pytest.mark.threat("T43")
@pytest.mark.parametrize(
    ("members", "asks_as"),
    [
        ("Fatima Haddad", "Haddad Fatima"),
        ("Fatima Haddad", "Fatima Haddad 2"),
        ("Fatima Haddad", "Fatima Haddad."),
        ("Fatima Haddad", "Fatima A Haddad"),
        ("Fatima Haddad", "Fatima Zahra Haddad"),
        ("Fatima Zahra Haddad", "Fatima Haddad"),
        ("Fatima Haddad 7b", "Fatima Haddad"),
        ("Amara Diallo", "Amara Dia\u05df\u05dfo"),  # Hebrew
        ("Amara Diallo", "Amara \u0110ial\u2c61o"),  # strokes
    ],
)
def test_a_name_is_similar_with_something_added_or_swapped(asks, queue, biology, members, asks_as):
    first_name, _, last_name = members.partition(" ")
    member = StudentFactory(first_name=first_name, last_name=last_name, username="member")
    MembershipFactory(classroom=biology, user=member)
    first_name, _, last_name = asks_as.partition(" ")
    asks(first_name, last_name)

    assert hooks(queue(), "data-looks-like") == ["member"]


@pytest.mark.parametrize(
    ("members", "asks_as"),
    [
        ("Student 1", "Student 2"),
        ("Ana María G", "Ana María P"),
        ("Ana García López", "Pablo García López"),  # her brother
        ("Ana García López", "Ana García Pérez"),
    ],
)
def test_two_people_may_differ_in_one_part_of_the_name(asks, queue, biology, members, asks_as):
    member = StudentFactory(first_name=members, last_name="", username="member")
    MembershipFactory(classroom=biology, user=member)
    asks(asks_as, "", username="asks")

    assert hooks(queue(), "data-looks-like") == []


def test_a_title_is_no_help_with_something_added(asks, queue):
    asks("Mr", "Lind 2")
    asks("Lind", "Jonas (teacher)")

    assert hooks(queue(), "data-looks-like") == ["lind", "lind"]


def test_so_is_a_username_like_a_members(asks, queue, biology, amara):
    MembershipFactory(classroom=biology, user=amara)
    asks("Robin", "Reed", username="arnara")

    assert hooks(queue(), "data-looks-like") == ["amara"]


def test_other_names_are_let_alone_even_a_brothers(asks, queue, biology, leo):
    MembershipFactory(classroom=biology, user=leo)
    asks("Finn", "Park")
    asks("Jonas", "Berg")
    asks("Noah", "Lind")

    assert hooks(queue(), "data-looks-like") == []


@pytest.mark.threat("T46")
def test_the_name_is_the_one_that_was_asked_under(asks, queue, biology, leo):
    MembershipFactory(classroom=biology, user=leo)
    join_request = asks("Leo", "Park")
    type(leo).objects.filter(pk=join_request.user_id).update(first_name="Harmless")

    assert hooks(queue(), "data-looks-like") == ["leo"]


@pytest.mark.rule("A8")
def test_so_is_the_one_they_have_taken_since(asks, queue, biology, leo):
    """The class will know them by the new name. If they have kept their name, it says nothing more."""
    MembershipFactory(classroom=biology, user=leo)
    asks("Ana", "Ruiz")
    other = asks("Sam", "Field").user
    assert (hooks(queue(), "data-looks-like"), hooks(queue(), "data-called-now")) == ([], [])

    other.rename(by=other, first_name="Leo", last_name="Park")

    page = queue()
    assert hooks(page, "data-looks-like") == ["leo"]
    assert "<bdi>Sam Field</bdi>" in page.content.decode()
    assert "Now called Leo Park" in page_text(page)


@pytest.mark.threat("T30")
@pytest.mark.parametrize("impostor", ["waits", "was let in by the Code too"])
def test_who_is_moved_to_queue_is_still_looked_after(asks, queue, biology, ms_okafor, leo, impostor):
    """After a leak, somebody who took the name of a child who was moved to the queue is still noticed."""
    joined = {"classroom": biology, "door": "join-url", "code": ""}
    MembershipFactory(user=leo, **joined)
    taken = {"first_name": "L\u0435\u043e", "last_name": "Park", "username": "leo.p"}
    if impostor == "waits":
        asks(**taken)
    else:
        MembershipFactory(user=StudentFactory(**taken), **joined)
    move_to_queue(biology, "leo", by=ms_okafor)
    expected = ["leo"]
    if impostor != "waits":
        move_to_queue(biology, "leo.p", by=ms_okafor)
        expected = ["leo", "leo.p"]

    page = queue()

    assert sorted(hooks(page, "data-looks-like")) == expected
    assert "who was moved to the queue. Check who this is." in " ".join(page.content.decode().split())


def test_in_a_huge_class_the_managers_are_compared_first(asks, queue, biology, monkeypatch):
    """The comparison has a limit, and the owner is within it."""
    MembershipFactory(classroom=biology, user=StudentFactory(first_name="A", last_name="Aab"))
    monkeypatch.setattr(look_alikes, "MOST_COMPARED", 2)
    asks("Ngozi", "Okafor")

    assert hooks(queue(), "data-looks-like") == ["okafor"]


def test_the_age_of_the_account_is_said(asks, queue, amara):
    asks("Robin", "Reed")
    assert "account created today" in queue().content.decode()

    time_passes(days=1)
    assert "account created yesterday" in queue().content.decode()
    time_passes(days=40)
    assert "account created on " in queue().content.decode()


def test_the_kind_stands_outside_the_name(asks, queue):
    """Somebody called "Owner" doesn't look like the owner."""
    asks("Owner", "Student")

    assert '<bdi>Owner Student</bdi> <span class="badge">' in queue().content.decode()


def test_a_queue_that_is_shown_again_compares_each_name_by_what_was_found_before(asks, queue):
    """Working out how a name looks took a fifth of the page's time."""
    asks("Ben", "Lee")
    asks("Robin", "Zhang")
    remembered = (skeletons, Skeletons.of, look_alikes._drawn_name, exact)
    queue()
    before = [function.cache_info().misses for function in remembered]

    queue()

    assert [function.cache_info().misses for function in remembered] == before
