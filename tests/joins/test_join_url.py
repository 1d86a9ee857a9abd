"""The public, permanent address where anybody can ask to join."""

import re

import pytest
from django.db import connection

from accounts.models import User
from classroom.models import Membership
from joins.models import JoinRequest, JoinURL
from tests.factories import ClassroomFactory, MembershipFactory
from tests.hooks import hooks, page_text, pop_ups
from tests.log_in import log_in

SENTENCE = "You have asked to join Biology 9B. Ngozi Okafor or a co-teacher has to approve it."


@pytest.fixture
def ask_to_join(sign_in, join_url):
    """ask_to_join(user) -> the page after the press, at the end of all redirects."""
    return lambda user: sign_in(user).post(join_url.path, follow=True)


@pytest.mark.rule("J3", "J9")
@pytest.mark.parametrize("person", ["amara", "mr_brandt"])
def test_the_press_asks_even_while_the_code_is_unlocked(request, ask_to_join, biology, biology_code, person):
    person = request.getfixturevalue(person)
    assert biology_code().state == "unlocked"

    page = ask_to_join(person)

    join_request = JoinRequest.objects.get()
    assert (join_request.user, join_request.status, join_request.door, join_request.join_code) == (
        person,
        "pending",
        "join-url",
        None,
    )
    assert not Membership.objects.filter(user=person).exists()
    assert page.redirect_chain == [("/", 302)]


@pytest.mark.rule("J6")
def test_the_pop_up_is_shown_once(join_url, amaras_browser):
    assert pop_ups(amaras_browser.post(join_url.path, follow=True)) == [SENTENCE]
    assert pop_ups(amaras_browser.get("/")) == []


@pytest.mark.rule("J6")
def test_the_pop_up_names_no_co_teacher_where_there_is_none(join_url, biology, mr_lind, amaras_browser):
    biology.memberships.get(user=mr_lind).leave()

    [sentence] = pop_ups(amaras_browser.post(join_url.path, follow=True))

    assert sentence == "You have asked to join Biology 9B. Ngozi Okafor has to approve it."


@pytest.mark.rule("J4", "A6")
def test_the_page_shows_the_class_and_its_owner_and_nothing_else(
    client, biology, biology_code, join_url, amara, mr_lind
):
    page = client.get(join_url.path).content.decode()

    assert "Biology 9B" in page
    assert "Ngozi Okafor" in page
    for secret in (
        biology_code().code,
        biology_code().in_threes,
        mr_lind.full_name,
        "Lind",
        biology.public_id,
        "okafor",
    ):
        assert secret not in page


@pytest.mark.rule("J8", "J10")
def test_pressing_twice_is_one_request_and_one_pop_up_each(ask_to_join, amara):
    """It stays the same request, and the managers get no second notification."""
    assert pop_ups(ask_to_join(amara)) == pop_ups(ask_to_join(amara)) == [SENTENCE]
    assert JoinRequest.objects.count() == 1
    assert [user.notifications.count() for user in User.objects.exclude(pk=amara.pk)] == [1, 1]


def test_the_page_says_before_the_press_who_will_see_the_name(sign_in, join_url, amara):
    page = sign_in(amara).get(join_url.path)

    assert "The teachers of this class see your name, and one of them decides." in page_text(page)


@pytest.mark.rule("J8")
def test_who_waits_sees_it_on_the_page_too(sign_in, join_url, amara_waits, amara):
    page = sign_in(amara).get(join_url.path)

    assert "You have asked to join. A teacher of this class has to let you in." in page_text(page)
    assert "Ask to join</button>" not in page.content.decode()
    assert "Join as" not in page_text(page)


@pytest.mark.rule("J8")
@pytest.mark.parametrize("person", ["ms_okafor", "mr_lind"])
def test_who_is_in_already_reads_so_before_the_press_and_has_a_link(
    request, sign_in, biology, join_url, person
):
    """This includes the owner and co-teachers, who don't ask to join their own class."""
    page = sign_in(request.getfixturevalue(person)).get(join_url.path)

    assert "You're in this class." in page_text(page)
    assert biology.path in hooks(page, "href")
    assert "Ask to join</button>" not in page.content.decode()
    assert "Join as" not in page_text(page)


@pytest.mark.rule("J8")
@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (
            "denied lately",
            "A teacher said no to your last request to join Biology 9B. You can ask again tomorrow after",
        ),
        ("kept out", "You can't join this class right now."),
        ("archived", "Biology 9B is archived, so nobody can join it."),
        ("paused", "Nobody can ask to join right now, because the teachers of this class have paused it."),
    ],
)
def test_what_keeps_somebody_from_asking_is_said_before_the_press(
    sign_in, decide, biology, join_url, amara_waits, amara, ms_okafor, state, sentence
):
    decide(ms_okafor, "keep-out" if state == "kept out" else "deny", amara_waits)
    if state in {"archived", "paused"}:
        JoinRequest.objects.all().delete()
        biology.archive(by=ms_okafor) if state == "archived" else join_url.pause(by=ms_okafor)
    browser = sign_in(amara)

    page = browser.get(join_url.path)

    assert sentence in page_text(page)
    assert page.status_code == 200
    assert "Ask to join</button>" not in page.content.decode()
    assert "Join as" not in page_text(page)
    assert browser.post(join_url.path).status_code in {403, 409}


@pytest.mark.rule("J11", "J8")
@pytest.mark.threat("T49")
@pytest.mark.parametrize("state", ["waits", "is in", "denied", "keep-out", "paused", "archived"])
def test_what_is_told_instead_of_the_button_names_whom_it_is_about(
    sign_in, decide, biology, join_url, amara_waits, amara, ms_okafor, state
):
    """On a tablet of the class, the next student read "You have asked to join", and went away."""
    if state in {"is in", "denied", "keep-out"}:
        decide(ms_okafor, {"is in": "approve", "denied": "deny"}.get(state, state), amara_waits)
    if state == "paused":
        join_url.pause(by=ms_okafor)
        amara_waits.withdraw()
    if state == "archived":
        biology.archive(by=ms_okafor)
    browser = sign_in(amara)

    page = browser.get(join_url.path)

    assert "You're logged in as Amara Toure (amara). Not you? Log out ." in page_text(page)
    assert browser.post("/accounts/logout/", {"next": join_url.path})["Location"] == join_url.path


@pytest.mark.rule("J8", "C4", "C6")
@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("archived", "Biology 9B is archived, so nobody can join it. If you need it, talk to its teacher."),
        (
            "without a teacher",
            "Biology 9B has no teacher right now, so nobody can join it. Talk to your school.",
        ),
        ("paused", "Nobody can ask to join right now, because the teachers of this class have paused it."),
    ],
)
def test_what_keeps_everybody_from_asking_is_said_before_the_log_in(
    client, biology, join_url, ms_okafor, state, sentence
):
    biology.archive(by=ms_okafor) if state == "archived" else None
    User.objects.update(is_active=state != "without a teacher")
    join_url.pause(by=ms_okafor) if state == "paused" else None

    page = client.get(join_url.path)

    assert sentence in page_text(page)
    assert "Ask to join</button>" not in page.content.decode()


@pytest.mark.rule("J6", "J8", "C4")
@pytest.mark.parametrize("state", ["archived", "paused"])
def test_nothing_is_promised_to_who_asks_on_an_older_page_and_is_logged_out(
    client, biology, join_url, ms_okafor, state
):
    biology.archive(by=ms_okafor) if state == "archived" else join_url.pause(by=ms_okafor)

    page = client.post(join_url.path)

    assert page.status_code == 409
    assert ("is archived" if state == "archived" else "its teachers have paused that") in page_text(page)
    assert "we'll send your request" not in page_text(client.get("/accounts/login/"))


@pytest.mark.rule("J8", "C4")
def test_who_logs_in_from_a_shut_door_comes_back_to_it(client, biology, join_url, ms_okafor, amara):
    """A member is shown the way to the class there, although nobody can join it."""
    MembershipFactory(classroom=biology, user=amara)
    biology.archive(by=ms_okafor)

    assert f"/accounts/login/?next={join_url.path}" in hooks(client.get(join_url.path), "href")
    page = log_in(client, "amara", next=join_url.path, follow=True)
    assert "You're in this class." in page_text(page)


@pytest.mark.rule("J7")
def test_a_student_without_an_account_reads_before_the_press_what_it_takes(client, sign_in, join_url, amara):
    page = client.get(join_url.path)
    before, _, _ = page.content.decode().partition("Ask to join</button>")

    assert "To create one you also need a class Code. Ask your teacher for it." in before
    assert "Then we'll send your request" in before
    assert "also need a class Code" not in page_text(sign_in(amara).get(join_url.path))


@pytest.mark.rule("J8")
@pytest.mark.parametrize("person", ["ms_okafor", "mr_lind"])
def test_who_is_in_already_is_taken_to_the_class(request, ask_to_join, biology, person):
    page = ask_to_join(request.getfixturevalue(person))

    assert page.redirect_chain == [(biology.path, 302)]
    assert "You're already in Biology 9B." in page_text(page)
    assert not JoinRequest.objects.exists()


@pytest.mark.rule("J4")
def test_the_address_never_changes(biology, join_url, biology_code, ms_okafor, mr_lind):
    biology_code().lock(by=ms_okafor)
    biology_code().unlock(by=mr_lind)
    biology_code().reset(by=ms_okafor)
    biology.edit(by=ms_okafor, name="Biology 10B")
    biology.archive(by=ms_okafor)
    biology.restore(by=ms_okafor)
    biology.transfer(by=ms_okafor, to=User.objects.get(pk=mr_lind.pk))

    assert JoinURL.objects.get(classroom=biology).key == join_url.key


@pytest.mark.threat("T48")
def test_the_key_is_random_and_shares_nothing_with_the_class(biology, join_url, biology_code):
    keys = {join_url.key, *(ClassroomFactory().join_url.key for _ in range(20))}

    assert len(keys) == 21
    assert all(re.fullmatch(r"[\w-]{22}", key) for key in keys)
    assert biology.public_id not in join_url.key
    assert biology_code().code not in join_url.key


@pytest.mark.threat("T63")
def test_it_is_shared_as_the_site_is_called(settings, sign_in, client, biology, join_url, ms_okafor):
    settings.SITE_URL = "https://homeroom.example"

    page = sign_in(ms_okafor).get(biology.path, headers={"host": "127.0.0.1"})

    assert hooks(page, "data-join-url") == [f"https://homeroom.example/j/{join_url.key}/"]


@pytest.mark.threat("T48")
@pytest.mark.parametrize("key", ["x", "A" * 22, "A" * 500, "%00", "..", "\N{LATIN SMALL LETTER LONG S}"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_key_that_never_was_is_not_found(client, db, key, method):
    assert getattr(client, method)(f"/j/{key}/").status_code in {404, 400}


@pytest.mark.threat("T86")
@pytest.mark.parametrize("act", ["ask", "withdraw"])
def test_a_class_deleted_in_that_very_moment_is_not_found(
    sign_in, biology, join_url, amara_waits, amara, ms_okafor, act
):
    """Another request deletes the class after the page has found it and before the act begins."""
    path = join_url.path if act == "ask" else f"/requests/{amara_waits.pk}/withdraw/"
    looked_up = "joins_joinurl" if act == "ask" else "joins_joinrequest"
    browser, left = sign_in(amara), [biology]

    def deleted_meanwhile(execute, sql, *args):
        found = execute(sql, *args)
        if looked_up in sql and left:
            left.pop().delete_class(by=ms_okafor)
        return found

    with connection.execute_wrapper(deleted_meanwhile):
        assert browser.post(path).status_code == 404
