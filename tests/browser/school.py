"""A school with everything in it, and its people: which pages each of them opens first, and what they type."""

import time
from dataclasses import dataclass, field

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client, override_settings

from accounts.models import User
from accounts.models.session import Session, SessionStore
from classroom.acts import class_list
from classroom.models import CoTeacherInvitation
from classroom.models.co_teacher_invitation import path_of
from joins.acts import queue, slips
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from joins.acts.fold_account import fold
from joins.models import JoinCode, Slip
from tests.clock import time_passes
from tests.factories import (
    PASSWORD,
    ClassroomFactory,
    MembershipFactory,
    StudentFactory,
    TeacherFactory,
    created_with_code_of,
)
from tests.log_in import log_in
from tests.mailbox import code_in_the_mail

SECONDS_OF_2020 = 1_577_836_800
WITH_A_MAIL_SERVER = {
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
    "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED": True,
}
NEW_TEACHER = {
    "first_name": "Nora",
    "last_name": "Quist",
    "email": "quist@home.example",
    "password1": PASSWORD,
}


@dataclass
class Person:
    """Somebody with their own browser, the pages that they open first, and what they type into which field."""

    name: str
    browser: Client = field(default_factory=Client)
    starts: list = field(default_factory=lambda: ["/"])
    # Name of a field -> what they type into it, or a function that returns it.
    typed: dict = field(default_factory=dict)
    settings: dict = field(default_factory=dict)
    walks: bool = True  # whether they follow links; the others only press buttons on their first pages

    @property
    def cookies(self):
        return {name: cookie.value for name, cookie in self.browser.cookies.items() if cookie.value}


def typed_on(press):
    """What only one page asks for: to delete a class, people type its name."""
    return {"name": press.classroom} if press.page == "classroom:delete_class" else {}


def logged_in(name, user, proved_by="password", **more):
    """A person who has just typed their password again, unless `proved_by` is None."""
    person = Person(name, typed={"username": user.login_name} | more.pop("typed", {}), **more)
    person.browser.force_login(user)
    if proved_by:
        session = person.browser.session
        record = {"method": proved_by, "at": time.time(), "reauthenticated": True}
        session["account_authentication_methods"] = [record]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
    return person


def move_times(seconds):
    """Move every time in the school, and in the sessions of its people, so many seconds later."""
    time_passes(seconds=-seconds)
    for key in Session.objects.values_list("session_key", flat=True):
        session = SessionStore(key)
        for name, value in session.load().items():
            session[name] = _later(value, seconds)
        session.save()


def _later(value, seconds):
    if isinstance(value, dict):
        return {name: _later(each, seconds) for name, each in value.items()}
    if isinstance(value, list):
        return [_later(each, seconds) for each in value]
    is_time = isinstance(value, (int, float)) and value > SECONDS_OF_2020
    return value + seconds if is_time else value


def open_school():
    """Everybody in the school, each with their own browser."""
    okafor, lind, brandt = (
        TeacherFactory(username=username, first_name=first, last_name=last)
        for username, first, last in (
            ("okafor", "Ngozi", "Okafor"),
            ("lind", "Jonas", "Lind"),
            ("brandt", "Felix", "Brandt"),
        )
    )
    amara, leo, grace, yusuf = (
        StudentFactory(username=username, first_name=first, last_name=last)
        for username, first, last in (
            ("amara", "Amara", "Toure"),
            ("leo", "Leo", "Park"),
            ("grace", "Grace", "Tan"),
            ("yusuf", "Yusuf", "Demir"),
        )
    )
    biology = ClassroomFactory(name="Biology 9B", by=okafor)
    MembershipFactory(classroom=biology, user=lind, role="co-teacher")
    for user in (brandt, amara, grace):
        MembershipFactory(classroom=biology, user=user)
    created_with_code_of(biology, amara)
    _second_account(biology, amara)
    _fill_the_queue(biology, okafor, yusuf)
    _give_slips(biology, okafor)
    invited = _invite(biology, okafor)
    _open_other_classes(okafor, brandt, amara, leo)
    people = _signed_out(biology, brandt) + _in_it(okafor, lind, amara, leo, grace) + _operators(brandt)
    return [*people, invited, _has_just_decided(biology, lind), _has_just_removed(biology, lind)]


def _second_account(classroom, user):
    """Another account of this student, who is in the class."""
    names = {"first_name": user.first_name, "last_name": user.last_name}
    second = StudentFactory(username=f"{user.username}.2", **names)
    created_with_code_of(classroom, second)
    MembershipFactory(classroom=classroom, user=second)
    return second


def _fill_the_queue(biology, okafor, yusuf):
    for first, last in (("Ada", "Lee"), ("Ben", "Ode"), ("Grace", "Tan"), ("Dan", "Ruiz")):
        student = StudentFactory(first_name=first, last_name=last)
        if first == "Grace":  # there is another one in the class
            created_with_code_of(biology, student)
        ask_by_join_url(biology.join_url, by=student)
    queue.decide(biology, [ask_by_join_url(biology.join_url, yusuf).pk], "keep-out", by=okafor)


def _give_slips(biology, okafor):
    """One has used a slip, another name has one, a third has none."""
    class_list.keep(biology, ["Amara Toure", "Cem Kaya", "Dua Noor", "Emi Ito"], by=okafor)
    names = biology.listed_names.filter(name__in=["Cem Kaya", "Dua Noor"])
    slips.make_slips(biology, list(names.values_list("pk", flat=True)), by=okafor)
    use_code(Slip.objects.first().join_code.code, by=StudentFactory(first_name="Max", last_name="B."))


def _invite(biology, okafor):
    """A teacher who looks at the link of an invitation, which its owner can also cancel."""
    _, secret = CoTeacherInvitation.objects.issue(biology, okafor, "ana@school.example")
    ana = TeacherFactory(username="ana", first_name="Ana", last_name="Ruiz")
    return logged_in("is invited", ana, starts=[path_of(secret)], walks=False)


def _has_just_decided(biology, lind):
    """A manager whose next page has the button that undoes what one press has done to several people."""
    ids = [ask_by_join_url(biology.join_url, by=StudentFactory()).pk for _ in range(2)]
    person = logged_in("has just decided", lind, starts=["/help/"], walks=False)
    person.browser.post(f"{biology.path}requests/decide/", {"decision": "approve", "request": ids})
    return person


def _has_just_removed(biology, lind):
    """A manager whose next page has the button that puts back two members who were removed by one press."""
    members = [MembershipFactory(classroom=biology, user=StudentFactory()).user_id for _ in range(2)]
    person = logged_in("has just removed", lind, starts=["/help/"], walks=False)
    person.browser.post(f"{biology.path}members/remove/", {"member": members})
    return person


def _open_other_classes(okafor, brandt, amara, leo):
    """One class with a locked Code and a paused Join URL, an archived one, and one for which two of our people wait."""
    physics = ClassroomFactory(name="Physics 9B", by=okafor)
    JoinCode.objects.get_current(physics).lock(by=okafor)
    physics.join_url.pause(by=okafor)
    MembershipFactory(classroom=physics, user=leo)
    fold(physics, _second_account(physics, leo), by=okafor)
    ClassroomFactory(name="Biology 8B", by=okafor).archive(by=okafor)
    chess = ClassroomFactory(name="Chess club", kind="group", by=brandt)
    for user in (amara, leo):
        ask_by_join_url(chess.join_url, by=user)


def _signed_out(biology, brandt):
    code = JoinCode.objects.get_current(biology).in_threes
    everything = {
        "code": code,
        "first_name": "Robin",
        "last_name": "Sol",
        "username": "robin.sol",
        "email": "sol@home.example",
        "password1": PASSWORD,
    }
    credentials = {"login": "amara", "password": PASSWORD}
    join_url = biology.join_url.path
    visitor = Person("visitor", starts=["/", join_url], typed=everything | credentials)
    ways_in = ["/accounts/login/", "/accounts/signup/teacher/", "/accounts/signup/student/"]
    asked = Person(
        "has asked", walks=False, starts=ways_in, typed=everything | credentials | {"login": "leo"}
    )
    asked.browser.post(join_url)
    has_code = Person("has typed a Code", walks=False, starts=ways_in, typed=everything | credentials)
    has_code.browser.post("/join/", {"code": code})
    uid, token = user_pk_to_url_str(brandt), default_token_generator.make_token(brandt)
    forgotten = Person(
        "has forgotten", walks=False, starts=[f"/accounts/password/reset/key/{uid}-set-password/"]
    )
    forgotten.browser.get(f"/accounts/password/reset/key/{uid}-{token}/")
    forgotten.typed = {"password1": "plain words and more", "password2": "plain words and more"}
    return [visitor, asked, has_code, forgotten, _before_the_mail()]


def _before_the_mail():
    person = Person("waits for the mail", walks=False, starts=["/accounts/confirm-email/"])
    person.settings = WITH_A_MAIL_SERVER
    with override_settings(**WITH_A_MAIL_SERVER):
        person.browser.post("/accounts/signup/teacher/", NEW_TEACHER)
    person.typed = {"code": code_in_the_mail()}
    return person


def _in_it(okafor, lind, amara, leo, grace):
    new_password = {"password1": "plain words and more", "password2": "plain words and more"}
    profile = {
        "first_name": "Robin",
        "last_name": "Sol",
        "email": "sol@home.example",
        "oldpassword": PASSWORD,
    }
    typed = new_password | profile | {"password": PASSWORD}
    teacher = typed | {"name": "Chess", "locks_at": None, "q": "a", "note": "See www.school.example."}
    teacher |= {"names": "Dua Noor"}
    # The walk presses the buttons of the first member's page. Here that member has a corrected name and a one-time
    # password.
    amara_here = f"{amara.memberships.get().classroom.path}members/{amara.username}/"
    told = okafor.notifications.first()
    looks_at = [
        f"{amara_here}name/",
        f"{amara_here}password/",
        # Whom a form asks about, without a link to it.
        f"{amara.memberships.get().classroom.path}members/remove/?member={amara.pk}",
        # With a list of people to search, which no link leads to.
        f"{amara.memberships.get().classroom.path}code/leaked/?who=pick&pick={amara.pk}",
        f"/notifications/{told.pk}/",
        "/accounts/logout/",
        "/",
    ]
    grace_address = EmailAddress.objects.create(user=grace, email="grace@home.example")
    lind_address = EmailAddress.objects.create(user=lind, email="lind@new.example")
    noah = StudentFactory(username="noah", email="noah@home.example")
    given = StudentFactory(username="wei", first_name="Wei", last_name="Zhang")
    given.give_one_time_password(None)
    return [
        logged_in("teacher", okafor, typed=teacher, starts=looks_at),
        logged_in("co-teacher", lind, typed=teacher, starts=["/", _confirmation(lind_address)]),
        logged_in("pupil", amara, typed=typed),
        logged_in("pupil who waits", leo, typed=typed),
        logged_in("pupil with an address", grace, typed=typed, starts=["/", _confirmation(grace_address)]),
        logged_in(
            "pupil with a confirmed address", noah, typed=typed, starts=["/accounts/email/"], walks=False
        ),
        logged_in("teacher of no class", TeacherFactory(username="no-class"), typed=teacher),
        logged_in(
            "is to prove it", okafor, None, typed=typed, starts=["/accounts/data/download/"], walks=False
        ),
        logged_in("has a one-time password", given, typed=typed, walks=False),
    ]


def _confirmation(address):
    return f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/"


def _operators(brandt):
    orphaned = ClassroomFactory(name="Art 7", by=TeacherFactory(username="has-left"))
    User.objects.filter(username="has-left").update(is_active=False)
    hand_over = f"/admin/classroom/classroom/{orphaned.pk}/hand-over/"
    secret = generate_totp_secret()
    operator = _operator("operator", secret)
    new_password = {"password1": "plain words and more", "password2": "plain words and more"}
    typed = {"code": lambda page: shown_now(secret), "password": PASSWORD, "person": brandt.username}
    typed |= new_password
    halfway = Person("at the second step", walks=False, starts=["/accounts/second-step/log-in/"], typed=typed)
    log_in(halfway.browser, "operator")
    new = {"code": lambda page: shown_now(page.locator("[data-secret]").inner_text())}
    return [
        logged_in(
            "operator", operator, "mfa", typed=typed, starts=[hand_over, "/admin/", "/accounts/second-step/"]
        ),
        logged_in(
            "operator who is to prove it", operator, None, typed=typed, starts=["/admin/"], walks=False
        ),
        logged_in(
            "new operator",
            _operator("new-operator"),
            typed=new,
            starts=["/accounts/second-step/set-up/"],
            walks=False,
        ),
        halfway,
    ]


def _operator(username, secret=None):
    operator = TeacherFactory(username=username, is_staff=True, is_superuser=True)
    if secret:
        TOTP.activate(operator, secret)
        RecoveryCodes.activate(operator)
    return User.objects.get(pk=operator.pk)


def shown_now(secret):
    """The code that a phone with this key shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time() // 30)))
