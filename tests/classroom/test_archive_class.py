"""Nobody can join an archived class. Members can read it, and requests stay in the queue."""

import pytest
from django.urls import reverse

from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.models import JoinCode, JoinRequest
from tests.classroom.addresses import SHUT_IN_THE_ARCHIVE
from tests.clock import time_passes
from tests.hooks import alerts, hooks, page_text

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


@pytest.mark.rule("J10")
def test_an_older_page_does_not_say_that_the_code_is_locked(
    biology, biology_code, ms_okafor, url, acts, okafors_browser
):
    """It was restored in another tab an hour ago, and its Code has been unlocked since."""
    biology.archive(by=ms_okafor)
    biology.restore(by=ms_okafor)
    biology_code().unlock(by=ms_okafor)
    time_passes(hours=1)
    before = acts()

    page = page_text(okafors_browser.post(url("restore/"), follow=True))

    assert "Biology 9B is open already." in page
    assert "Its Code is locked" not in page
    assert (biology_code().state, acts()) == ("unlocked", before)


def test_both_doors_are_shut_and_say_so_kindly(archived, biology_code, amara, amaras_browser):
    by_code = amaras_browser.post("/join/", {"code": biology_code().code})
    by_join_url = amaras_browser.post(archived.join_url.path)

    assert (by_code.status_code, by_join_url.status_code) == (409, 409)
    assert (alerts(by_code), alerts(by_join_url)) == ([SHUT], [SHUT])
    page = amaras_browser.get(archived.join_url.path).content.decode()
    assert SHUT in page
    assert not JoinRequest.objects.exists()
    assert not archived.memberships.filter(user=amara).exists()
    assert "Ask to join</button>" not in page


@pytest.mark.parametrize("member", ["ms_okafor", "mr_lind", "amara"])
def test_members_still_read_an_archived_class(member, request, archived, amara_is_member, sign_in, url):
    browser = sign_in(request.getfixturevalue(member))

    page = browser.get(url())
    assert page.status_code == 200
    assert len(hooks(page, "data-member")) == 3
    assert hooks(page, "data-code") == hooks(page, "data-join-url") == []
    assert browser.get(url("members/")).status_code == 200


@pytest.mark.parametrize("manager", ["ms_okafor", "mr_lind"])
@pytest.mark.parametrize("page", ["", "requests/", "today/", "members/", "history/", "kept-out/"])
def test_no_page_of_an_archived_class_offers_what_it_refuses(
    page, manager, request, biology, ms_okafor, amara, leo, sign_in, url
):
    """A manager can still read who waits and who joined today."""
    ask_by_join_url(biology.join_url, by=leo)
    use_code(JoinCode.objects.get_current(biology).code, by=amara)
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
        person = ["amara"] if name in ("joins:move_to_queue", "joins:fold_account") else []
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


@pytest.mark.parametrize("act", ["requests/decide/", "members/amara/move-to-queue/"])
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
    assert use_code(code, by=leo).join_request.status == "pending"
