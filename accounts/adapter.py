"""Where Homeroom's accounts differ from allauth's."""

from datetime import timedelta
from typing import NamedTuple

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.utils import passthrough_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import devices, limits, mailboxes, mailed_code, proxies, signals
from accounts.bulk import insert_together
from accounts.compiled import compiled
from accounts.landing_page import take_landing_page
from accounts.models import Letter, LogInTry, User
from accounts.models.user import account_with_username
from accounts.names import draw_username
from accounts.skeletons import looks_like_staff

# Session key: the user's session hash at the moment the log-in began, see login().
_LOGGING_IN_TO = "logging_in_to"


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is wrong, too old or used already. Type the one that your phone shows now.",
        "too_many_codes": "Too many wrong codes in a row. Choose a new password by email, or wait until tomorrow.",
        "unverified_email": "Confirm your email address first, on your profile.",
    }

    def is_mfa_enabled(self, user, types=None):
        """Do what allauth's does. Each log-in and sign-up asks, so the query is built only once (ADR 15)."""
        has_none = user.is_anonymous or user.is_signing_up
        found = [] if has_none else _second_steps_of.all(user.pk)
        return any(types is None or second_step.type in types for second_step in found)


class SecondStep(NamedTuple):
    type: str


@compiled(SecondStep)
def _second_steps_of(user_id):
    return Authenticator.objects.filter(user=user_id).values_list("type")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Wrong email address or password. Try again.",
        "username_password_mismatch": "Wrong username or password. Try again.",
        "username_taken": "Somebody already has this username. If that's you, log in. If not, choose another one.",
        "username_blacklisted": "This username sounds like the school's administrator. Choose another one.",
        "email_taken": "Another account has this email address. Log in to that account, or use another address.",
        "enter_current_password": "That isn't your current password. Type it again.",
        "incorrect_password": "That isn't your password. Type it again.",
        "incorrect_code": "That isn't the code in our newest email. Check it.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again.",
        "rate_limited": "Too many tries. Wait five minutes, then try again.",
        "one_time_over": "This password only worked for one day. Ask your teacher for a new one.",
        "too_many_mails": "We've sent several emails to this address. Check your spam folder, or try again in an hour.",
        "too_many_in_a_row": "Too many wrong passwords for this account. Choose a new one by email or ask your teacher "
        "for one; tomorrow it opens again. A device on which you have logged in before is not held up.",
        "same_as_current": "That's already your address.",
        "duplicate_email": "That's already your address.",
        "email_odd": "That isn't an email address. Check it.",
        "email_too_long": "This address is too long. Use at most 254 characters.",
    }

    def get_client_ip(self, request):
        """allauth's own answers 500 if a request passes fewer proxies than TRUSTED_PROXIES says (T100)."""
        return proxies.client_ip(request)

    def is_ajax(self, request):
        return False  # we answer with pages only; JSON would be a second way to log in (T75)

    def authenticate(self, request, **credentials):
        """Count the try, and look the account up once.

        allauth takes five statements for each count, and looks a username up as an email address too (ADR 30).
        """
        login = credentials.get("email", credentials.get("username", "")).lower()
        device = devices.device_of(request, login)
        tried, refusal = LogInTry.objects.begin(login, device, get_ip(request))
        if refusal:
            raise self._refusal(refusal)
        user = _user_with_password(login, "email" in credentials, credentials["password"])
        if user is None:
            signals.send_login_failed("wrong_password")
            return None
        tried.succeed(login, device)
        if user.one_time_is_over:
            raise self._refusal("one_time_over")  # only somebody who knows the password reads this
        return user

    def _refusal(self, reason):
        """Return the ValidationError, and count it in the metrics."""
        signals.send_login_failed(reason)
        return self.validation_error(reason)

    def set_password(self, user, password):
        """A link in a mail sets a password once, even if two people use it at the same moment (T88).

        The slower one is sent back to the same page, which says that the link has been used.
        """
        if not user.replace_password(password):
            raise ImmediateHttpResponse(HttpResponseRedirect(self.request.path))

    def get_login_stages(self):
        ours = {"allauth.account.stages.EmailVerificationStage": "accounts.login_stages.EmailVerification"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def save_user(self, request, user, form, commit=True):
        user.kind = form.kind  # fixed by the form's class, never read from what was sent (A1)
        user.time_zone = form.cleaned_data["time_zone"]
        user.form_key = form.cleaned_data["form_key"]
        if not user.is_teacher:
            user.is_signing_up, user.last_login = True, user.date_joined
        super().save_user(request, user, form, commit=False)
        insert_together(user)
        return user

    def generate_unique_username(self, txts, regex=None):
        """Only teachers need one: they log in by email, and aren't asked for a username."""
        return draw_username()

    def clean_username(self, username, shallow=False):
        if looks_like_staff(username):
            raise self.validation_error("username_blacklisted")
        return super().clean_username(username, shallow)

    def clean_email(self, email):
        if len(email) > mailboxes.LONGEST:
            raise self.validation_error("email_too_long")
        spelled = mailboxes.normalize(email) if email else ""  # students need none (A4)
        if spelled is None:
            raise self.validation_error("email_odd")
        return spelled

    def confirm_email(self, request, email_address):
        """Give the address to the person who proved that it's theirs, and take it from unproved claims (T53).

        If somebody else has proved it before, or signs up with it at this moment, they keep it (T99).
        """
        try:
            with transaction.atomic():
                if email_address.can_set_verified():
                    User.objects.exclude(pk=email_address.user_id).release_claims(email_address.email)
                    if super().confirm_email(request, email_address):
                        return True
        except IntegrityError:
            pass
        list(messages.get_messages(request))  # allauth's own says less
        messages.error(request, self.error_messages["email_taken"])
        raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_email")))

    def can_delete_email(self, email_address):
        """Students may remove their address. Teachers can only change theirs, because they need one (A2, A4).

        Everybody may remove a new address that waits, and has to before the old one: it would stand in its place.
        """
        if not email_address.user.is_teacher:
            return super().can_delete_email(email_address)
        return (
            not email_address.verified and email_address.user.emailaddress_set.filter(verified=True).exists()
        )

    def respond_email_verification_sent(self, request, user):
        """Add `next` to the address of the page that asks for the code, so that it survives the end of the session."""
        page = super().respond_email_verification_sent(request, user)["Location"]
        return HttpResponseRedirect(passthrough_next_redirect_url(request, page, REDIRECT_FIELD_NAME))

    def pre_login(self, request, user, **login):
        # allauth keeps in the session how and when somebody logged in, and the username or email address they typed,
        # which nothing reads. We drop the latter, so that an erased person's session doesn't name them (T93).
        for step in get_authentication_records(request, user):
            step.pop("username", None)
            step.pop("email", None)
        mailed_code.forget_others(request.session, user)
        request.session[_LOGGING_IN_TO] = user.get_session_auth_hash()
        return super().pre_login(request, user, **login)

    def login(self, request, user):
        """A new password ends every session, and also a log-in that still waits for its second step (T60)."""
        if request.session.pop(_LOGGING_IN_TO, None) != user.get_session_auth_hash():
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))
        super().login(request, user)

    def respond_user_inactive(self, request, user):
        signals.closed_account_tried.send(User, request=request, user=user)
        return super().respond_user_inactive(request, user)

    def post_login(self, request, user, **login):
        # Logging in may have joined a class, or left a Code to confirm. That page comes before the one they were on.
        if page := take_landing_page(request):
            login["redirect_url"] = page
        response = super().post_login(request, user, **login)
        devices.remember_device(request, response, user)
        return response

    def get_password_change_redirect_url(self, request):
        return reverse("accounts:profile")

    def get_email_verification_redirect_url(self, email_address):
        return reverse("accounts:profile")

    def send_confirmation_mail(self, request, emailconfirmation, signup):
        """Hold the mail back after too many. The page stays the same, so strangers can't shut its owner out (T53)."""
        if limits.may_mail_to_confirm(request, emailconfirmation.email_address.email):
            super().send_confirmation_mail(request, emailconfirmation, signup)
        elif app_settings.EMAIL_VERIFICATION_BY_CODE_ENABLED:
            # Nobody was sent this code, so only somebody who guesses could type it.
            emailconfirmation.state["code"] = ""

    def send_account_already_exists_mail(self, email):
        """It counts like the mail with a code, because the page must not tell them apart (T54)."""
        if limits.may_mail_to_confirm(self.request, email):
            super().send_account_already_exists_mail(email)

    def send_mail(self, template_prefix, email, context):
        """Write a row that the worker mails, so that no page waits for a mail server or loses a mail (F22, F23)."""
        mail = self.render_mail(template_prefix, email, context | {"site_url": settings.SITE_URL})
        if template_prefix == "account/email/unknown_account" and not limits.may_mail_unknown(self.request):
            return
        # None for a link: it works for three days, and we try to send it for as long.
        valid_for = (
            timedelta(seconds=app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT) if "code" in context else None
        )
        Letter.objects.enqueue(template_prefix.rpartition("/")[2], mail, context.get("user"), valid_for)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Like allauth's, but tells send_mail() whose account the mail is about, and writes to proved addresses only.

        A student may have typed a stranger's address, who would get a mail with each change of the password (T35).
        allauth gives an `email` if the address has just been replaced, which is rare (see manage_email).
        """
        if email is None and not User.objects.reachable().filter(pk=user.pk).exists():
            return
        super().send_notification_mail(template_prefix, user, {"user": user} | (context or {}), email)

    def is_safe_url(self, url):
        """Only SITE_URL's host is safe. allauth asks ALLOWED_HOSTS, which has localhost for health checks (T51)."""
        return url_has_allowed_host_and_scheme(url, {settings.SITE.netloc}, require_https=settings.ON_HTTPS)

    def logout(self, request):
        """Drop unread messages, so that the next person at this computer doesn't read them (T62)."""
        list(messages.get_messages(request))
        super().logout(request)
        messages.success(request, "You've logged out.", extra_tags="logged-out")


def _user_with_password(login, is_email, password):
    """Return the account with this username or email address, if it has this password, or None.

    Hashes a password even if there is no such account, so that the time doesn't tell (T54). Several accounts can claim
    an address until one of them has proved it.
    """
    if is_email:
        users = filter_users_by_email(login, prefer_verified=True, for_login=True)
    else:
        users = account_with_username.all(login)
    if not users:
        make_password(password)
    return next((user for user in users if user.check_password(password)), None)
