"""Requests that are odd as a whole: NUL characters, unexpected fields, repeated fields and broken bodies."""

import pytest
from django.core.cache import cache

from accounts.models import User
from classroom.models import Classroom
from joins.acts.ask import ask_by_join_url
from joins.models import JoinRequest
from tests.factories import MembershipFactory
from tests.hooks import alerts
from tests.odd_forms import FORMS, right_fields
from tests.tables import tables

pytestmark = pytest.mark.engine_free

URL_ENCODED = "application/x-www-form-urlencoded"
# What people may not choose for themselves, under every name by which it is stored.
STOLEN = {
    "username": "boss",
    "role": "owner",
    "status": "approved",
    "is_staff": "1",
    "is_superuser": "1",
    "is_active": "",
    "user": "1",
    "by": "1",
    "classroom": "1",
    "decided_by": "1",
    "door": "code",
    "public_id": "mine",
    "archived_at": "2020-01-01",
    "date_joined": "2020-01-01",
    "id": "1",
    "pk": "1",
}


@pytest.fixture
def form_of(request, biology, amara, leo, sign_in, client):
    """form_of("join") -> the browser, the address and valid values for this form."""
    MembershipFactory(classroom=biology, user=amara)
    ask_by_join_url(biology.join_url, by=leo)

    def found(name):
        form = FORMS[name]
        browser = sign_in(request.getfixturevalue(form.person)) if form.person else client
        return browser, form.path.format(biology.path), right_fields(form, biology)

    return found


@pytest.mark.threat("T67")
@pytest.mark.parametrize("name", FORMS)
def test_nul_is_refused_before_any_form_sees_it(name, form_of):
    """PostgreSQL would answer with an error, SQLite would not."""
    browser, path, fields = form_of(name)
    before = tables()

    for field in fields:
        cache.clear()
        assert browser.post(path, fields | {field: "a\0b"}).status_code == 400, field
    assert browser.post(path, fields | {"a\0b": "c"}).status_code == 400
    assert browser.post(path, "a=%00", content_type=URL_ENCODED).status_code == 400
    assert browser.post(f"{path}?a=%00", fields).status_code == 400
    assert browser.get(f"{path}?%00=a").status_code == 400
    assert browser.get(f"{path}%00").status_code == 400
    assert tables() == before


@pytest.mark.rule("A1")
@pytest.mark.threat("T03")
@pytest.mark.parametrize("name", FORMS)
def test_a_field_that_was_not_asked_for_does_nothing(name, form_of, biology):
    browser, path, fields = form_of(name)
    kinds = {"sign up as a student": "student", "sign up as a teacher": "teacher"}

    answer = browser.post(path, STOLEN | fields | ({} if "kind" in fields else {"kind": "teacher"}))

    assert answer.status_code == 302
    for person in User.objects.all():
        assert (person.is_active, person.is_staff, person.is_superuser) == (True, False, False)
    if name in kinds:
        assert User.objects.latest("pk").kind == kinds[name]
    assert not User.objects.filter(username="boss").exists()
    assert User.objects.get(username="amara").kind == "student"
    for classroom in Classroom.objects.exclude(pk=biology.pk):
        assert (classroom.owner.username, classroom.is_archived) == ("okafor", False)
        assert len(classroom.public_id) == 12
    if name in {"join", "sign up as a student"}:
        assert biology.memberships.latest("pk").role == "member"


@pytest.mark.threat("T02", "T03")
def test_a_request_with_stolen_fields_is_only_a_request(biology, mr_brandt, sign_in):
    sign_in(mr_brandt).post(biology.join_url.path, STOLEN)

    join_request = JoinRequest.objects.get(user=mr_brandt)
    assert (join_request.status, join_request.door, join_request.decided_by) == ("pending", "join-url", None)
    assert not biology.memberships.filter(user=mr_brandt).exists()


@pytest.mark.parametrize("name", ["new class", "edit", "profile", "join", "hand over", "decide"])
def test_of_a_field_that_comes_twice_the_last_one_counts_and_is_looked_at(name, form_of):
    browser, path, fields = form_of(name)
    field = next(iter(fields))
    before = tables()

    answer = browser.post(path, fields | {field: [fields[field], "\u202e"]})

    assert (400 <= answer.status_code < 500, bool(alerts(answer))) == (True, True)
    assert tables() == before


@pytest.mark.parametrize("name", sorted(FORMS.keys() - {"unlock", "make co-teacher"}))  # one optional field
def test_a_post_without_any_field_is_answered_with_a_sentence(name, form_of):
    browser, path, _ = form_of(name)

    for answer in (browser.post(path), browser.post(path, "{", content_type="application/json")):
        assert (answer.status_code, bool(alerts(answer))) == (422, True)
