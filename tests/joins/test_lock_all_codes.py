"""A stolen database reveals every Code, so one command locks them all."""

import pytest
from django.core.management import call_command

from accounts.models import Notification
from joins.acts import clock
from joins.acts.by_code import use_code
from joins.exceptions import UnknownCode
from joins.models import JoinCode
from joins.notices import ABOUT_ALL_LOCKED
from tests.clock import time_passes
from tests.factories import ClassroomFactory
from tests.hooks import hooks, page_text

pytestmark = pytest.mark.threat("T29")


@pytest.fixture
def lock_all(capsys):
    """lock_all() -> what the command prints."""

    def run():
        call_command("lock_all_codes", "--yes")
        return capsys.readouterr().out

    return run


def _told(user):
    return user.notifications.filter(about=ABOUT_ALL_LOCKED).count()


def test_whoever_uses_a_code_from_then_on_only_asks_to_join(lock_all, biology_code, amara):
    assert lock_all().startswith("1 Codes are locked")

    assert not use_code(biology_code().code, by=amara).is_member


def test_the_history_names_the_operator_and_not_the_clock(
    lock_all, biology, biology_code, ms_okafor, sign_in
):
    lock_all()

    act = biology.events.newest_first().first()
    assert (act.kind, act.by, act.code) == ("lock_all_codes", None, biology_code().code)
    for path in ("history/", ""):
        page = sign_in(ms_okafor).get(biology.path + path).content.decode()
        assert "administrator" in page
        assert "locked automatically" not in page
    assert hooks(sign_in(ms_okafor).get(biology.path), "data-code-state") == ["locked"]


def test_each_manager_is_told_once_however_many_classes_they_have(
    lock_all, biology, ms_okafor, mr_lind, monkeypatch
):
    for _ in range(3):
        ClassroomFactory(by=ms_okafor)
    monkeypatch.setattr(clock, "BATCH", 2)

    lock_all()
    assert lock_all().startswith("0 Codes are locked")

    assert (_told(ms_okafor), _told(mr_lind)) == (1, 1)


def test_what_the_clock_and_a_manager_have_locked_stays_theirs(lock_all, biology, biology_code, ms_okafor):
    chess_club = ClassroomFactory(by=ms_okafor)
    JoinCode.objects.get_current(chess_club).lock(by=ms_okafor)
    time_passes(days=20)

    lock_all()

    assert [biology_code().locked_by, biology_code().locked_at] == [None, biology_code().locks_at]
    assert JoinCode.objects.get_current(chess_club).locked_by == ms_okafor
    assert _told(ms_okafor) == 0


def test_an_archived_class_is_locked_in_peace(lock_all, biology, biology_code, ms_okafor):
    biology.archive(by=ms_okafor)
    Notification.objects.all().delete()

    lock_all()

    assert biology_code().state == "locked"
    assert not Notification.objects.exists()


@pytest.mark.parametrize("how_many", [1, 20])
def test_it_asks_as_little_for_many_classes_as_for_one(how_many, ms_okafor, count_queries):
    for _ in range(how_many):
        ClassroomFactory(by=ms_okafor)

    with count_queries(12):
        clock.lock_all()


@pytest.mark.rule("L4")
def test_no_slip_on_paper_lets_anybody_in_from_then_on(
    lock_all, listed_class, make_slip, biology_code, amara, leo, ms_okafor, sign_in
):
    """A slip lets in while the Code is locked, and a stolen database has its Code, too."""
    used, unused = make_slip("Ana López"), make_slip("Ben Müller")
    use_code(used, by=leo)
    biology_code().lock(by=ms_okafor)

    assert "1 slips are cancelled" in lock_all()
    assert "0 slips are cancelled" in lock_all()

    with pytest.raises(UnknownCode):
        use_code(unused, by=amara)
    assert listed_class.memberships.filter(user=leo).exists()
    assert _told(ms_okafor) == 1
    history = page_text(sign_in(ms_okafor).get(f"{listed_class.path}history/"))
    assert "The administrator of this site cancelled all unused slips" in history
