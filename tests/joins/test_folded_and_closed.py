"""What a manager's "Undo" does to an account that an administrator has closed or reopened meanwhile (L5)."""

import pytest

from accounts import administration
from joins.acts import fold_account as acts
from joins.exceptions import CannotFold
from tests.factories import MembershipFactory, StudentFactory, created_with_code_of
from tests.hooks import page_text

pytestmark = [pytest.mark.django_db, pytest.mark.rule("L5")]


@pytest.fixture
def twin(biology, amara_is_member, ms_okafor):
    """Amara's second account, which Ms Okafor has just put together with the first."""
    twin = StudentFactory(username="amara2", first_name="Amara", last_name="Toure")
    created_with_code_of(biology, twin)
    MembershipFactory(classroom=biology, user=twin)
    acts.fold(biology, twin, by=ms_okafor)
    return twin


@pytest.fixture
def undo(biology, ms_okafor):
    return lambda user: acts.undo_fold(biology, user, by=ms_okafor)


@pytest.mark.threat("T59")
def test_no_manager_reopens_what_an_administrator_has_closed(
    undo, okafors_browser, url, biology, twin, operator
):
    """The administrator reopened the account, saw that somebody else was using it, and closed it."""
    administration.reopen_account(twin, by=operator)
    administration.close_account(twin, by=operator)

    assert "Undo" not in page_text(okafors_browser.get(url("members/amara2/fold/")))
    with pytest.raises(CannotFold, match="Ask your school's administrator"):
        undo(twin)
    twin.refresh_from_db()
    assert not twin.is_active
    assert not biology.memberships.filter(user=twin).exists()


@pytest.mark.threat("T59")
def test_an_administrator_who_closes_it_too_keeps_it_closed(undo, twin, operator):
    """Their page was open when the manager put the accounts together, and it says "account closed"."""
    assert administration.close_account(twin, by=operator)

    with pytest.raises(CannotFold):
        undo(twin)


def test_undo_gives_the_place_back_in_an_account_that_an_administrator_reopened(
    undo, biology, twin, operator
):
    administration.reopen_account(twin, by=operator)

    undo(twin)

    twin.refresh_from_db()
    assert twin.is_active
    assert biology.memberships.filter(user=twin).exists()
