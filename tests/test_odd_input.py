"""Whatever people send, the answer is a 4xx with a sentence in role="alert", never a 500, and nothing changes."""

import pytest
from django.core.cache import cache

from joins.acts.ask import ask_by_join_url
from tests.factories import MembershipFactory
from tests.hooks import alerts
from tests.odd_forms import FORMS, WRONG, right_fields
from tests.tables import tables

pytestmark = pytest.mark.threat("T03", "T67")

FIELDS = [(name, field) for name, form in FORMS.items() for field in form.fields]


@pytest.fixture
def send(request, biology, amara, leo, sign_in, client):
    """send("join", code="x") -> the form's answer to valid values except for these. None leaves a field out."""
    MembershipFactory(classroom=biology, user=amara)
    ask_by_join_url(biology.join_url, by=leo)
    browsers = {"": client}

    def posted(name, /, **odd):
        cache.clear()  # rate limits have their own tests
        form = FORMS[name]
        if form.person not in browsers:
            browsers[form.person] = sign_in(request.getfixturevalue(form.person))
        fields = right_fields(form, biology) | odd
        sent = {field: value for field, value in fields.items() if value is not None}
        return browsers[form.person].post(form.path.format(biology.path), sent)

    return posted


@pytest.mark.parametrize("name", FORMS)
def test_filled_in_rightly_every_form_is_taken(name, send):
    """So the refusals below are caused by the one odd field."""
    assert send(name).status_code == 302


def _kept():
    """Everything except sessions: a sign-up that fails for another reason keeps its Code there (J11)."""
    return {table: rows for table, rows in tables().items() if table != "sessions.Session"}


@pytest.mark.threat("T68")
@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_what_cannot_be_is_refused_with_a_sentence(name, field, send):
    kind, _ = FORMS[name].fields[field]
    send(name, **{field: "\0"})  # opens the browser
    before = _kept()

    for what, value in WRONG[kind].items():
        answer = send(name, **{field: value})
        assert 400 <= answer.status_code < 500, (what, answer.status_code)
        assert alerts(answer), what
    assert _kept() == before
