"""Names that contain markup, as if they had passed every check: on all pages, in fragments and in mails."""

import pytest
from django.core import mail

from accounts.models import Notification, User
from accounts.tasks import deliver_digests
from classroom.acts import class_list
from classroom.models import Classroom, KeptOut, ListedName
from joins.acts import slips
from joins.acts.by_code import use_code
from joins.models import JoinCode, JoinRequest, Slip
from tests.addresses import VISITORS
from tests.clock import time_passes
from tests.factories import StudentFactory

MARKUP = "\"'><img src=x onerror=a()>"
ESCAPED = "&quot;&#x27;&gt;&lt;img"
HTMX = {"hx-request": "true", "hx-current-url": "http://testserver/"}


@pytest.fixture
def joined_by_code(everywhere, biology):
    """The members joined with the Code that the class has now, so the page about a leak lists them."""
    biology.memberships.plain().update(code=JoinCode.objects.get_current(biology).code)


@pytest.fixture
def hostile(everywhere, biology, ms_okafor):
    """Every person and every thing has markup in its name. Of two slips, one is used."""
    class_list.keep(biology, ["Ana López", "Ben Müller"], by=ms_okafor)
    slips.make_slips(biology, list(biology.listed_names.values_list("pk", flat=True)), by=ms_okafor)
    use_code(Slip.objects.first().join_code.code, by=StudentFactory())
    for listed in biology.listed_names.all():
        ListedName.objects.filter(pk=listed.pk).update(name=f"{MARKUP}{listed.pk}")
    User.objects.update(first_name=MARKUP, last_name=MARKUP)
    Classroom.objects.update(
        name=MARKUP, subject=MARKUP, grade=MARKUP, note=f"{MARKUP} http://a.example/{MARKUP}"
    )
    JoinRequest.objects.update(name=MARKUP, class_name=MARKUP)
    Notification.objects.update(text=MARKUP)


def is_unharmed(answer):
    page = answer.content.decode()
    return MARKUP[:3] not in page and "<img src=x" not in page


@pytest.mark.threat("T45")
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["whole", "fragments"])
@pytest.mark.parametrize("visitor", VISITORS)
def test_on_every_page_it_is_only_text(hostile, everywhere, browser_of, visitor, headers):
    browser = browser_of(visitor)
    pages = {path: browser.get(path, headers=headers) for path in everywhere}

    assert [path for path, page in pages.items() if not is_unharmed(page)] == []
    assert visitor == "mr_brandt" or [p for p in pages.values() if ESCAPED in p.content.decode()] != []


@pytest.mark.threat("T43")
@pytest.mark.parametrize(
    "page",
    [
        "members/",
        "members/?sort=first",
        "members/print/",
        "today/",
        "requests/",
        "kept-out/",
        "slips/log-in/",
        "members/amara/remove/",
        "code/leaked/?who=pick",
    ],
)
def test_a_name_from_right_to_left_turns_nothing_round(
    everywhere, joined_by_code, biology, mr_lind, ms_okafor, sign_in, page
):
    """A username or a badge beside the name stays in its place."""
    name = "\u05d3\u05d1\u05d5\u05e8\u05d4 \u05dc\u05d5\u05d9"
    KeptOut.objects.create(classroom=biology, user=StudentFactory(), by=mr_lind)
    User.objects.filter(kind="student").update(first_name=name.split()[0], last_name=name.split()[1])
    JoinRequest.objects.update(name=name)

    body = sign_in(ms_okafor).get(biology.path + page).content.decode()

    # This list shows the last name first.
    as_shown = ", ".join(reversed(name.split())) if page in ("members/", "members/print/") else name
    assert f"<bdi>{as_shown}</bdi>" in body


@pytest.mark.threat("T45")
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["whole", "fragments"])
@pytest.mark.parametrize("words", ["", MARKUP])
def test_in_the_list_of_a_leak_it_is_only_text(
    hostile, joined_by_code, biology, sign_in, ms_okafor, headers, words
):
    """So are the words that are searched for."""
    query = {"who": "pick", "q": words}

    page = sign_in(ms_okafor).get(f"{biology.path}code/leaked/", query, headers=headers)

    assert is_unharmed(page)
    assert f'row__name"><bdi>{ESCAPED}' in page.content.decode()


@pytest.mark.threat("T45")
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["whole", "fragments"])
@pytest.mark.parametrize("decision", ["approve", "deny", "keep-out"])
def test_what_an_act_answers_is_only_text(hostile, biology, sign_in, ms_okafor, headers, decision):
    """The sentence about each request, on the page and in what htmx swaps into it."""
    fields = {"decision": decision, "request": biology.join_requests.get().pk}

    answer = sign_in(ms_okafor).post(f"{biology.path}requests/decide/", fields, headers=headers, follow=True)

    assert is_unharmed(answer)
    assert ESCAPED in answer.content.decode()


@pytest.mark.threat("T45")
@pytest.mark.parametrize("path", ["members/amara/remove/", "delete/", "edit/", "note/", "transfer/"])
def test_a_form_sent_back_is_only_text(hostile, biology, sign_in, ms_okafor, path):
    answer = sign_in(ms_okafor).post(
        f"{biology.path}{path}", {"name": MARKUP * 9, "username": MARKUP, "note": MARKUP}, follow=True
    )

    assert is_unharmed(answer)


@pytest.mark.threat("T45")
@pytest.mark.parametrize("path", ["members/remove/", "members/move-to-queue/"])
def test_the_question_before_many_and_its_outcome_are_only_text(hostile, biology, sign_in, ms_okafor, path):
    browser = sign_in(ms_okafor)
    fields = {"member": [member.user_id for member in biology.memberships.all()]}

    for answer in (
        browser.get(biology.path + path, fields),
        browser.post(biology.path + path, fields, follow=True),
    ):
        assert is_unharmed(answer)
        assert ESCAPED in answer.content.decode()


@pytest.mark.threat("T44", "T45")
def test_in_a_mail_it_is_only_text(hostile):
    time_passes(minutes=16)

    deliver_digests()

    for sent in mail.outbox:
        assert ESCAPED in sent.alternatives[0].content
        assert "<img" not in sent.alternatives[0].content
    # The other one is about the slip.
    assert {sent.subject for sent in mail.outbox} == {
        f"1 person asks to join {MARKUP}, and 1 more new notification"
    }
