"""The people inside Biology 9B."""

import pytest

from classroom.acts.invite import invite
from joins.acts.ask import ask_by_join_url
from tests.factories import MembershipFactory, StudentFactory, TeacherFactory, created_with_code_of
from tests.mailbox import links_of_invitations


@pytest.fixture
def mr_brandt_is_member(biology, mr_brandt):
    """Mr Brandt is a plain member, although he is a teacher."""
    return MembershipFactory(classroom=biology, user=mr_brandt)


@pytest.fixture
def acts(biology):
    """acts() -> (act, by whom, to whom) from the history of Biology 9B after its opening, oldest first."""

    def lines():
        found = biology.events.order_by("pk").values_list("kind", "by__username", "user__username")
        return list(found)[1:]

    return lines


@pytest.fixture
def everybody(biology, ms_okafor, mr_lind, mr_brandt, amara, leo):
    """One person for each relation to Biology 9B, by the name of that relation, and Robin, a student in it."""
    berg, robin = TeacherFactory(username="berg"), StudentFactory(username="robin")
    hana = StudentFactory(username="hana")
    for member in (berg, amara, robin):
        MembershipFactory(classroom=biology, user=member)
    created_with_code_of(biology, robin)
    MembershipFactory(classroom=biology, user=hana).remove(by=ms_okafor, keep_out=True)
    ask_by_join_url(biology.join_url, by=leo)
    invite(biology, by=ms_okafor, email="ben@school.example")
    inside = {"owner": ms_okafor, "co-teacher": mr_lind, "teacher": berg, "student": amara}
    outside = {
        "a teacher": mr_brandt,
        "a student": StudentFactory(),
        "who waits": leo,
        "who is kept out": hana,
    }
    return inside | outside


@pytest.fixture
def ana(db):
    """A teacher. Some tests let Ms Okafor invite her."""
    return TeacherFactory(username="ana", first_name="Ana", last_name="Ruiz")


@pytest.fixture
def invite_by_mail(okafors_browser, url):
    """invite_by_mail() -> what the page answers to Ms Okafor, who invites ana@school.example or another address."""
    return lambda email="ana@school.example": okafors_browser.post(url("invite/"), {"email": email})


@pytest.fixture
def link(invite_by_mail):
    """The path in the mail, whose invitation is open."""
    invite_by_mail()
    return links_of_invitations()[-1]


@pytest.fixture
def role_of(biology):
    """role_of(user) -> their role in Biology 9B, or None."""
    return lambda user: biology.memberships.filter(user=user).values_list("role", flat=True).first()
