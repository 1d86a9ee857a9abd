import pytest
from django.db import connection

from accounts.models import Notification, Session
from classroom.models import Classroom, Event, Membership
from joins import sentences
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.exceptions import UnknownCode
from joins.models import JoinCode, JoinRequest, JoinURL
from tests.hooks import alerts
from tests.notifications import notification_texts

GONE = "Biology 9B has been deleted by Ngozi Okafor."


@pytest.mark.rule("C4")
def test_deleting_asks_for_the_name_of_the_class(biology, url, okafors_browser):
    assert 'name="name"' in okafors_browser.get(url("delete/")).content.decode()

    answer = okafors_browser.post(url("delete/"), {"name": "Biology 9B"})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert not Classroom.objects.exists()
    assert okafors_browser.get(url()).status_code == 404


@pytest.mark.rule("C4")
@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Ms Okafor's class", "Ms Okafor’s class"),
        ("Ms Okafor’s class", "ms okafor's  class "),
        ("Café club", "Cafe\u0301 club"),
        ("Biology 9B", "Biology\u00a09B\u200b"),
        ("Biology – 9B", "Biology - 9B"),
    ],
)
def test_the_name_counts_however_a_keyboard_writes_it(name, typed, biology, ms_okafor, sign_in, url):
    """A phone types curly apostrophes, and nobody sees how many spaces there are."""
    biology.edit(by=ms_okafor, name=name)

    answer = sign_in(ms_okafor).post(url("delete/"), {"name": typed})

    assert (answer.status_code, Classroom.objects.exists()) == (302, False)


@pytest.mark.rule("C4")
@pytest.mark.parametrize(
    "name", ["", "Biology", "Biology 9A", "9B Biology", "yes", "Biology 9B " + "." * 500]
)
def test_another_name_deletes_nothing(name, biology, ms_okafor, sign_in, url):
    answer = sign_in(ms_okafor).post(url("delete/"), {"name": name})

    assert (answer.status_code, bool(alerts(answer))) == (422, True)
    assert Classroom.objects.get() == biology


def test_with_the_class_go_its_members_requests_and_history(biology, amara_is_member, leo, ms_okafor):
    ask_by_join_url(biology.join_url, by=leo)

    biology.delete_class(by=ms_okafor)

    for model in (Membership, JoinRequest, JoinURL, Event):
        assert not model.objects.exists(), model


@pytest.mark.rule("K4", "K8")
def test_the_codes_of_a_deleted_class_are_dead_and_stay_written_down(biology, biology_code, ms_okafor, leo):
    biology_code().reset(by=ms_okafor)
    codes = set(JoinCode.objects.values_list("code", flat=True))

    biology.delete_class(by=ms_okafor)

    assert set(JoinCode.objects.values_list("code", flat=True)) == codes
    assert not JoinCode.objects.current().exists()
    for code in codes:
        with pytest.raises(UnknownCode):
            use_code(code, by=leo)


@pytest.mark.rule("Q4")
def test_members_and_who_waits_are_told_and_the_owner_is_not(
    biology, biology_code, amara_is_member, amara, leo, ms_okafor, mr_lind
):
    biology_code().lock(by=ms_okafor)
    use_code(biology_code().code, by=leo)

    biology.edit(by=ms_okafor, name="Support B")

    biology.delete_class(by=ms_okafor)

    assert notification_texts(amara) == [GONE.replace("Biology 9B", "Support B")]
    assert notification_texts(mr_lind)[-1] == GONE.replace("Biology 9B", "Support B")
    # Under the name that they knew (T10).
    assert notification_texts(leo) == ["Biology 9B has been deleted, and your request to join it with it."]
    assert GONE not in notification_texts(ms_okafor)


@pytest.mark.rule("N1")
def test_no_manager_is_left_with_a_request_that_nobody_can_answer(biology, leo, ms_okafor):
    """A notification links to where the manager can act on it, and that page would be gone."""
    ask_by_join_url(biology.join_url, by=leo)

    biology.delete_class(by=ms_okafor)

    assert not Notification.objects.unread().filter(kind=sentences.ASKED).exists()


@pytest.mark.rule("C2")
@pytest.mark.threat("T86")
def test_whose_class_is_deleted_before_the_act_begins_finds_nothing(biology, ms_okafor, sign_in, url):
    """Another request deletes the class after the right was checked and before the Code is read."""
    browser, left = sign_in(ms_okafor), [biology]

    def deleted_meanwhile(execute, sql, *args):
        found = execute(sql, *args)
        if "classroom_membership" in sql and left:
            left.pop().delete_class(by=ms_okafor)
        return found

    with connection.execute_wrapper(deleted_meanwhile):
        assert browser.post(url("code/lock/")).status_code == 404


@pytest.mark.threat("T60")
def test_who_logs_out_in_another_tab_at_this_moment_deletes_nothing(
    monkeypatch, biology, okafors_browser, url
):
    delete = Classroom.delete_class

    def delete_and_log_out(classroom, by):
        delete(classroom, by)
        Session.objects.all().delete()

    monkeypatch.setattr(Classroom, "delete_class", delete_and_log_out)

    assert okafors_browser.post(url("delete/"), {"name": "Biology 9B"}).status_code == 400
    assert Classroom.objects.exists()


def test_an_archived_class_can_be_deleted(biology, ms_okafor):
    biology.archive(by=ms_okafor)

    biology.delete_class(by=ms_okafor)

    assert not Classroom.objects.exists()
