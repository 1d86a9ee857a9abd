"""The people who appear in every test, one class, and ways to log in."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from classroom.models import CoTeacherInvitation
from joins.acts.ask import ask_by_join_url
from joins.models import JoinCode
from tests.addresses import addresses
from tests.factories import ClassroomFactory, MembershipFactory, StudentFactory, TeacherFactory

pytest_plugins = ["tests.plugin"]


@pytest.fixture
def ms_okafor(db):
    return TeacherFactory(username="okafor", first_name="Ngozi", last_name="Okafor")


@pytest.fixture
def mr_lind(db):
    return TeacherFactory(username="lind", first_name="Jonas", last_name="Lind")


@pytest.fixture
def mr_brandt(db):
    return TeacherFactory(username="brandt", first_name="Felix", last_name="Brandt")


@pytest.fixture
def amara(db):
    return StudentFactory(username="amara", first_name="Amara", last_name="Toure")


@pytest.fixture
def leo(db):
    return StudentFactory(username="leo", first_name="Leo", last_name="Park")


@pytest.fixture
def biology(ms_okafor, mr_lind):
    """Ms Okafor owns Biology 9B, Mr Lind is co-teacher."""
    biology = ClassroomFactory(name="Biology 9B", by=ms_okafor)
    MembershipFactory(classroom=biology, user=mr_lind, role="co-teacher")
    return biology


@pytest.fixture
def amara_is_member(biology, amara):
    return MembershipFactory(classroom=biology, user=amara)


@pytest.fixture
def leo_is_member(biology, leo):
    return MembershipFactory(classroom=biology, user=leo)


@pytest.fixture
def biology_code(biology):
    """biology_code() -> the current Code of Biology 9B. Call it again after an act."""
    return lambda: JoinCode.objects.get_current(biology)


def show_second_factor(browser, user):
    if not user.authenticator_set.exists():
        TOTP.activate(user, generate_totp_secret())
    session = browser.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 0}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


@pytest.fixture
def sign_in():
    """sign_in(user) -> a browser in which that user is logged in. Operators have passed two-step verification (T58)."""

    def browser_of(user):
        browser = Client()
        browser.force_login(user)
        if user.is_staff:
            show_second_factor(browser, user)
        return browser

    return browser_of


@pytest.fixture
def url(biology):
    """url("code/lock/") -> that page of Biology 9B."""
    return lambda rest="": biology.path + rest


@pytest.fixture
def operator(db):
    return TeacherFactory(username="operator", is_staff=True, is_superuser=True)


@pytest.fixture
def operators_browser(sign_in, operator):
    return sign_in(operator)


@pytest.fixture
def okafors_browser(sign_in, ms_okafor):
    return sign_in(ms_okafor)


@pytest.fixture
def linds_browser(sign_in, mr_lind):
    return sign_in(mr_lind)


@pytest.fixture
def amaras_browser(sign_in, amara):
    return sign_in(amara)


@pytest.fixture
def mail_server(settings):
    """Mail is configured, so an address only counts once its owner has typed the code from the mail (A2)."""
    # allauth caches the list of addresses under the settings of that moment.
    reverse("account_confirm_email", args=["key"])
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True


@pytest.fixture
def everywhere(biology, amara, leo, ms_okafor):
    """Every address of Homeroom, for a class in which Amara is a member and to which Leo has asked to join."""
    MembershipFactory(classroom=biology, user=amara)
    join_request = ask_by_join_url(biology.join_url, by=leo)
    invitation, secret = CoTeacherInvitation.objects.issue(biology, ms_okafor, "ana@school.example")
    return addresses(
        invitation_id=invitation.pk,
        secret=secret,
        public_id=biology.public_id,
        username="amara",
        key=biology.join_url.key,
        request_id=join_request.pk,
        notification_id=ms_okafor.notifications.get().pk,
        uidb36="1",
    )


@pytest.fixture
def browser_of(request, client, sign_in):
    """browser_of("amara") -> her browser. browser_of("nobody") is logged out."""
    return lambda name: client if name == "nobody" else sign_in(request.getfixturevalue(name))


@pytest.fixture
def count_queries(django_assert_num_queries):
    return django_assert_num_queries
