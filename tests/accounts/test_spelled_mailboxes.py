"""An upgrade gives addresses that were stored in another spelling the one of their mailbox."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from accounts.models import User
from tests.accounts.test_mailboxes import SPELLINGS
from tests.accounts.test_sign_up_teacher import ADA
from tests.factories import StudentFactory, TeacherFactory
from tests.log_in import log_in

pytestmark = pytest.mark.django_db

MIGRATION = "0007_spelled_mailboxes"
XN_ADA = "ada@xn--bcher-kva.example"


def spelled_before(email, username, verified=True):
    """An account whose address was stored before each mailbox had one spelling."""
    user = TeacherFactory(username=username, email=email)
    user.emailaddress_set.update(verified=verified)
    return user


def upgrade():
    """With the models as they were then."""
    apps = MigrationLoader(connection).project_state(("accounts", MIGRATION)).apps
    import_module(f"accounts.migrations.{MIGRATION}").spell_mailboxes(apps, None)


@pytest.mark.rule("A4")
@pytest.mark.parametrize(
    ("email", "spelled"),
    [*((email.lower(), ADA["email"]) for email in SPELLINGS), (XN_ADA, "ada@bücher.example")],
)
def test_after_an_upgrade_an_old_account_logs_in_with_every_spelling(email, spelled):
    user = spelled_before(email, "ada")

    upgrade()

    for typed in (email, spelled):
        assert log_in(Client(), typed).status_code == 302
    assert [address.email for address in user.emailaddress_set.all()] == [spelled]


@pytest.mark.threat("T53", "T99")
def test_the_upgrade_leaves_addresses_alone_whose_mailbox_another_account_has():
    """Of two that would get one spelling, the one that was proved gets it. All still log in by username."""
    claims = spelled_before(SPELLINGS[0], "eve", verified=False)
    proved, third = spelled_before(SPELLINGS[1], "ada"), spelled_before(SPELLINGS[2], "mia")
    of_other = spelled_before("ana@ｓchool.example", "ana")
    spelled_before("ana@school.example", "ana2")
    odd, student = spelled_before("leo@[127.0.0.1]", "leo"), StudentFactory(username="amara")

    upgrade()
    upgrade()

    emails = dict(User.objects.values_list("username", "email"))
    assert emails == {
        "eve": claims.email,
        "ada": "ada@school.example",
        "mia": third.email,
        "ana": of_other.email,
        "ana2": "ana@school.example",
        "leo": odd.email,
        "amara": student.email,
    }
    assert proved.emailaddress_set.get().email == "ada@school.example"
