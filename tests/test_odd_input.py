"""Whatever people send, the answer is a 4xx with a sentence in role="alert", never a 500, and nothing changes."""

from importlib import import_module
from pathlib import Path

import pytest
from django.core.cache import cache
from django.forms import BaseForm
from django.test import Client

from joins.acts.ask import ask_by_join_url
from tests.factories import MembershipFactory
from tests.hooks import alerts
from tests.odd_forms import FORMS, WRONG, right_fields
from tests.tables import tables, undone

pytestmark = pytest.mark.threat("T03", "T67")

# Forms that get no odd input here, and why.
NOT_ODD = {
    "AddEmailForm": "asks for the password first; accounts/test_email_address.py",
    "ConfirmPasswordForm": "has the field of the log-in",
    "CorrectNameForm": "has the fields of the profile",
    "EraseSomebodyForm": "is for operators; accounts/test_admin_pages.py",
    "ExportSchoolForm": "is for operators; classroom/test_export_school.py",
    "GivePasswordHereForm": "has no field that people fill in",
    "HandOverOrphanedForm": "is for operators; classroom/test_hand_over_class.py",
    "LeakForm": "only counts again if a field is odd; joins/test_page_of_a_leak.py",
    "LinkForm": "reads a mailed link; accounts/test_links_in_mails.py",
    "ListForm": "keeps the lines that are names; joins/test_class_list.py",
    "LogInSlipsForm": "has no field that people fill in; joins/test_slips_page.py",
    "MailedCodeForm": "needs a sign-up that waits for a mail; accounts/test_mailed_code.py",
    "MarkReadForm": "has no field that people fill in; accounts/test_notifications.py",
    "NewPasswordByLinkForm": "has the fields of the change of a password",
    "SecondStepAgainForm": "is for operators; accounts/test_second_step.py",
    "SecondStepForm": "is for operators; accounts/test_second_step.py",
    "SetUpSecondStepForm": "is for operators; accounts/test_second_step.py",
    "SlipsForm": "has no field that people fill in; joins/test_slips_page.py",
    "StudentsOfForm": "only fills a field; joins/test_class_list.py",
    "UndoAllForm": "has no field that people fill in",
    "UndoForm": "has no field that people fill in",
}
APPS = ("accounts", "classroom", "joins", "privacy")
FIELDS = [(name, field) for name, form in FORMS.items() for field in form.fields]
OPTIONAL = [(name, field) for name, field in FIELDS if FORMS[name].fields[field][0].startswith("optional ")]


@pytest.fixture
def browsers():
    """The browsers that are open: a person's fixture -> theirs."""
    return {}


@pytest.fixture
def send(request, browsers, biology, amara, leo, sign_in):
    """send("join", code="x") -> the form's answer to valid values except for these. None leaves a field out."""
    MembershipFactory(classroom=biology, user=amara)
    ask_by_join_url(biology.join_url, by=leo)

    def posted(name, /, **odd):
        cache.clear()  # rate limits have their own tests
        form = FORMS[name]
        if form.person not in browsers:
            person = request.getfixturevalue(form.person) if form.person else None
            browsers[form.person] = sign_in(person) if person else Client()
        fields = right_fields(form, biology) | odd
        sent = {field: value for field, value in fields.items() if value is not None}
        return browsers[form.person].post(form.path.format(biology.path), sent)

    return posted


@pytest.mark.parametrize("name", FORMS)
def test_filled_in_rightly_every_form_is_taken(name, send):
    """So the refusals below are caused by the one odd field."""
    assert send(name).status_code == 302


@pytest.mark.rule("A7")
@pytest.mark.parametrize(("name", "field"), OPTIONAL)
def test_what_may_be_left_out_is_not_asked_for(name, field, send):
    """For example the last name, of people who have only one."""
    assert send(name, **{field: ""}).status_code == 302


def _of_ours(form=BaseForm):
    """Our own forms that no other one is made of."""
    below = form.__subclasses__()
    if not below and form.__module__.split(".")[0] in APPS:
        yield form
    for each in below:
        yield from _of_ours(each)


def test_every_form_of_ours_is_among_them(send, browsers, monkeypatch):
    """A new form needs a line in odd_forms.py, or one in NOT_ODD with the reason."""
    for path in [path for app in APPS for path in Path(app).glob("forms/*.py")]:
        import_module(
            ".".join(path.with_suffix("").parts)
        )  # some are only imported when their page is opened
    read, full_clean = set(), BaseForm.full_clean
    monkeypatch.setattr(BaseForm, "full_clean", lambda form: (read.add(type(form)), full_clean(form)))

    for name in FORMS:
        with undone():
            browsers.clear()
            send(name)

    assert sorted(form.__name__ for form in set(_of_ours()) - read) == sorted(NOT_ODD)


def _kept():
    """Everything but sessions, as a sign-up that fails for another reason keeps its Code there (J11), and failures."""
    left_out = {"sessions.Session", "accounts.AnonymousSessions", "accounts.LogInTry"}
    return {table: rows for table, rows in tables().items() if table not in left_out}


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
