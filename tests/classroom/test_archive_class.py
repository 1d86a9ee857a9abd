"""Nobody can join an archived class. Members can read it, and requests stay in the queue."""

import pytest
from django.urls import reverse

from classroom.exceptions import ClassArchived, NotAllowed
from joins.acts import clock, queue
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinCode, JoinRequest
from tests.classroom.addresses import SHUT_IN_THE_ARCHIVE
from tests.clock import time_passes
from tests.hooks import alerts, hooks, page_text
from tests.notifications import notification_texts

pytestmark = pytest.mark.rule("C4")

SHUT = "Biology 9B is archived, so nobody can join it. If you need it, talk to its teacher."


@pytest.fixture
def archived(biology, ms_okafor):
    biology.archive(by=ms_okafor)
    biology.refresh_from_db()
    return biology


def test_the_owner_archives_and_restores(biology, ms_okafor, url, acts, okafors_browser):
    assert okafors_browser.get(url("archive/")).status_code == 200
    assert okafors_browser.post(url("archive/")).headers["Location"] == biology.path
    biology.refresh_from_db()
    assert (biology.is_archived, biology.archived_by) == (True, ms_okafor)

    assert okafors_browser.get(url("restore/")).status_code == 200
    assert okafors_browser.post(url("restore/")).headers["Location"] == biology.path
    biology.refresh_from_db()
    assert not biology.is_archived
    assert [act for act, *_ in acts()] == ["archive_class", "restore_class", "lock_code"]


def test_neither_door_of_an_archived_class_opens(archived, biology_code, amara):
    with pytest.raises(ClassArchived):
        use_code(biology_code().code, by=amara)
    with pytest.raises(ClassArchived):
        ask_by_join_url(archived.join_url, by=amara)

    assert not JoinRequest.objects.exists()
    assert not archived.memberships.filter(user=amara).exists()


def test_both_doors_say_kindly_that_they_are_shut(archived, biology_code, amaras_browser):
    by_code = amaras_browser.post("/join/", {"code": biology_code().code})
    by_join_url = amaras_browser.post(archived.join_url.path)

    assert (by_code.status_code, by_join_url.status_code) == (409, 409)
    assert (alerts(by_code), alerts(by_join_url)) == ([SHUT], [SHUT])
    page = amaras_browser.get(archived.join_url.path).content.decode()
    assert SHUT in page
    assert "Ask to join</button>" not in page


@pytest.mark.parametrize("member", ["ms_okafor", "mr_lind", "amara"])
def test_members_still_read_an_archived_class(member, request, archived, amara_is_member, sign_in, url):
    browser = sign_in(request.getfixturevalue(member))

    page = browser.get(url())
    assert page.status_code == 200
    assert len(hooks(page, "data-member")) == 3
    assert hooks(page, "data-code") == hooks(page, "data-join-url") == []
    assert browser.get(url("members/")).status_code == 200


def test_who_waits_goes_on_waiting_and_is_answered_after_restoring(biology, amara, ms_okafor, mr_lind):
    waits = ask_by_join_url(biology.join_url, by=amara)
    biology.archive(by=ms_okafor)
    assert list(JoinRequest.objects.pending()) == [waits]

    biology.restore(by=ms_okafor)
    queue.decide(biology, [waits.pk], "approve", by=mr_lind)
    assert biology.memberships.filter(user=amara).exists()


def test_an_archived_class_answers_nobody_and_turns_no_key(archived, leo, url, okafors_browser):
    for act in ["code/lock/", "code/unlock/", "code/reset/", "requests/decide/"]:
        answer = okafors_browser.post(url(act), {"decision": "approve", "request": "1"})
        assert (answer.status_code, alerts(answer)) == (409, ["This class is archived. Restore it first."])


@pytest.mark.parametrize("manager", ["ms_okafor", "mr_lind"])
@pytest.mark.parametrize("page", ["", "requests/", "today/", "members/", "history/", "kept-out/"])
def test_no_page_of_an_archived_class_offers_what_it_refuses(
    page, manager, request, biology, ms_okafor, amara, leo, sign_in, url
):
    """A manager can still read who waits and who joined today."""
    ask_by_join_url(biology.join_url, by=leo)
    use_code(JoinCode.objects.current_of(biology).code, by=amara)
    biology.archive(by=ms_okafor)

    answer = sign_in(request.getfixturevalue(manager)).get(url(page))

    refused = [reverse(name, args=args) for name, args in _refused(biology)]
    assert not set(refused) & {*hooks(answer, "action"), *hooks(answer, "href"), *hooks(answer, "hx-post")}
    assert hooks(answer, "data-request") == ([str(leo.join_requests.get().pk)] if page == "requests/" else [])
    restore = reverse("classroom:restore_class", args=[biology.public_id])
    says_how = page in ("", "requests/", "today/")
    assert (restore in hooks(answer, "href")) == (says_how and manager == "ms_okafor")
    assert ("Only its owner, Ngozi Okafor, can restore it." in page_text(answer)) == (
        says_how and manager == "mr_lind"
    )


def _refused(biology):
    for name, _ in SHUT_IN_THE_ARCHIVE:
        person = ["amara"] if name == "joins:move_to_queue" else []
        yield name, [biology.public_id, *person]


@pytest.mark.rule("C2", "C6")
def test_who_may_not_restore_is_told_who_may(archived, ms_okafor, url, linds_browser):
    def refusal():
        return alerts(linds_browser.post(url("code/lock/")))

    assert refusal() == ["This class is archived. Only its owner, Ngozi Okafor, can restore it."]

    ms_okafor.is_active = False
    ms_okafor.save()
    assert refusal() == [
        "This class is archived. Only its owner could restore it, whose account is closed. "
        "Ask your school's administrator."
    ]


@pytest.mark.parametrize("act", ["requests/decide/", "members/amara/set-aside/"])
def test_an_open_page_of_a_class_archived_meanwhile_is_loaded_anew(
    act, biology, amara_is_member, leo, ms_okafor, sign_in, url
):
    """The open page still offers what the class now refuses."""
    waits = ask_by_join_url(biology.join_url, by=leo)
    biology.archive(by=ms_okafor)
    browser = sign_in(ms_okafor)

    typed = {"decision": "approve", "request": waits.pk}
    answer = browser.post(url(act), typed, headers={"HX-Request": "true"})

    assert answer.headers["HX-Refresh"] == "true"
    assert alerts(browser.get(url("requests/"))) == ["This class is archived. Restore it first."]


@pytest.mark.parametrize("lay_in_the_archive", [0, 30])
def test_restoring_brings_the_same_code_back_locked(
    lay_in_the_archive, archived, biology_code, ms_okafor, leo
):
    code = biology_code().code
    time_passes(days=lay_in_the_archive)

    archived.restore(by=ms_okafor)

    assert (biology_code().code, biology_code().state) == (code, "locked")
    assert use_code(code, by=leo).status == "pending"


@pytest.mark.rule("J10")
def test_archiving_and_restoring_twice_changes_nothing_more(biology, ms_okafor, acts):
    biology.archive(by=ms_okafor)
    biology.refresh_from_db()
    since = biology.archived_at
    biology.archive(by=ms_okafor)
    biology.refresh_from_db()
    assert biology.archived_at == since

    biology.restore(by=ms_okafor)
    biology.restore(by=ms_okafor)
    assert [act for act, *_ in acts()] == ["archive_class", "restore_class", "lock_code"]


@pytest.mark.rule("K6")
def test_the_clock_tells_nobody_about_an_archived_class(archived, ms_okafor):
    time_passes(days=20)

    clock.lock_due()

    assert notification_texts(ms_okafor) == []


@pytest.mark.rule("C2")
@pytest.mark.threat("T09")
def test_a_co_teacher_neither_archives_nor_restores(biology, mr_lind, ms_okafor):
    with pytest.raises(NotAllowed):
        biology.archive(by=mr_lind)
    biology.archive(by=ms_okafor)
    with pytest.raises(NotAllowed):
        biology.restore(by=mr_lind)
