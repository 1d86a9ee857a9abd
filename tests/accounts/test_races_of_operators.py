"""Two operators take the administration away from each other, or close each other's account, at the same moment."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError

from accounts import administration
from accounts.models import User
from tests.factories import TeacherFactory
from tests.joins.races import ROUNDS, raised, run_together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.threat("T59")]


def close_in_the_list(person, by):
    administration.close_accounts(User.objects.filter(pk=person.pk).exclude(pk=by.pk))
    return True


@pytest.mark.parametrize(
    "act", [administration.withdraw_access, administration.close_account, close_in_the_list]
)
def test_one_of_them_keeps_the_administration(act):
    for _ in ROUNDS:
        User.objects.all().delete()
        first, second = (TeacherFactory(is_staff=True, is_superuser=True) for _ in range(2))

        outcomes = run_together(partial(act, first, by=second), partial(act, second, by=first))

        assert (outcomes.count(True), len(raised(outcomes, ValidationError))) == (1, 1)
        assert User.objects.operators().active().count() == 1
