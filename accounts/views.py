import time
from copy import copy
from datetime import timedelta
from functools import partial

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.models import EmailAddress
from allauth.account.utils import passthrough_next_redirect_url, perform_login
from allauth.account.views import (
    ConfirmEmailView,
    EmailView,
    LoginView,
    LogoutView,
    PasswordResetFromKeyView,
    PasswordResetView,
    SignupView,
    email_verification_sent,
)
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Count, Max
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import forgotten_password, mailed_code, too_soon
from accounts.forms.notifications import MarkReadForm
from accounts.forms.profile import ProfileForm
from accounts.forms.sign_up import TeacherSignupForm
from accounts.models import AnonymousSessions, FormSubmission, Notification, User
from accounts.offered_again import OfferedAgainMixin
from accounts.pages import ShortPaginator
from accounts.second_press import do_once, session_key_sent
from accounts.sessions import save_now

NOTIFICATIONS_ON_A_PAGE = 30
SIGN_UP_UNKNOWN = "This browser doesn't know your sign-up any more."


@login_not_required
@require_safe
def sign_up(request):
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return TemplateResponse(request, "accounts/sign_up.html")


class WinsOverWaitingMixin:
    """A posted form wins over a log-in that still waits for a code, which somebody else may have left here (T49, T62).

    allauth would redirect to the page of that code, and what was typed would be lost. We let it do so if the form is
    from the person who waits, because they have pressed again.
    """

    def _redirect_to_pending_stage(self, request, stage):
        # There is no account if the address of a sign-up is taken, and the answer must not tell (T54).
        waiting = stage.login.user or User(email=stage.login.email)
        if request.method == "POST" and not self.was_sent_by(waiting):
            return None
        return super()._redirect_to_pending_stage(request, stage)


class LogInView(OfferedAgainMixin, WinsOverWaitingMixin, LoginView):
    """allauth's view, for a page that is pressed twice or was open while somebody logged in or out in another tab."""

    def form_valid(self, form):
        """Log in once: a second log-in would lose what the session holds, such as a request to join.

        Without a session there is nothing to lose. The password was checked before the transaction of do_once() begins,
        so that on SQLite nobody waits for that.
        """
        log_in = partial(super().form_valid, form)
        return do_once(self.request, log_in) if session_key_sent(self.request) else log_in()

    def was_sent_by(self, user):
        typed = self.request.POST.get("login", "").strip().lower()
        return typed != "" and typed in (user.username, user.email)


class SignUpView(OfferedAgainMixin, WinsOverWaitingMixin, SignupView):
    """allauth's view, for a form that may be pressed twice, and whose try_save() may still raise ValidationError."""

    # Whether this press has tried the password: once only, because each try is counted.
    has_tried_password = False

    def get_context_data(self, **context):
        notice = {"notice": settings.PRIVACY_NOTICE_URL, "consent_basis": settings.CONSENT_BASIS}
        return super().get_context_data(**context) | notice

    def post(self, request, *args, **kwargs):
        return self.log_in_if_created() or super().post(request, *args, **kwargs)

    def form_valid(self, form):
        if form.account_already_exists and (answer := self.log_in_if_created()):
            return answer
        try:
            response = super().form_valid(form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        if form.unproved_address and self.request.user.is_authenticated:
            # As on the page that changes an address: it looks the same whether another account has it or not (T54).
            address = EmailAddress(user=self.user, email=form.unproved_address)
            send_verification_email_to_address(self.request, address)
        return response

    def form_invalid(self, form):
        """If the username is taken by another press of this same form, at the same moment, answer like that press."""
        return self.log_in_if_created() or super().form_invalid(form)

    def was_sent_by(self, user):
        return user == User.objects.created_by(self.request.POST.get("form_key"))

    def log_in_if_created(self):
        """Answer a second press of a form that has created an account: log the person in to it (A9).

        Returns None if the form has created no account, or if the username or password is another one. The first press
        has ended the session that both were sent with, so the password proves who this is. It's counted as on the
        log-in page.
        """
        typed = self.request.POST
        user = User.objects.created_by(typed.get("form_key"))
        if (
            self.has_tried_password
            or not user
            or not user.logs_in_with(typed.get("email" if user.is_teacher else "username", ""))
        ):
            return None
        self.has_tried_password = True
        login = {"email": user.email} if user.is_teacher else {"username": user.username}
        try:
            if get_adapter().authenticate(self.request, **login, password=typed.get("password1", "")) != user:
                return None
        except ValidationError:  # too many wrong passwords
            return None
        self.request.is_second_press = True
        self._add_message_about_mail(user)
        return perform_login(self.request, user, redirect_url=self.get_success_url())

    def _add_message_about_mail(self, user):
        """Add the message about the mail, as the first press did. With a mail server the next page says it anyway."""
        address = user.emailaddress_set.filter(verified=False).first()
        if address and settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory":
            template = "account/messages/email_confirmation_sent.txt"
            context = {"email": address.email, "signup": True}
            get_adapter().add_message(self.request, messages.INFO, template, context)


class SignUpTeacherView(SignUpView):
    form_class = TeacherSignupForm
    template_name = "accounts/sign_up_teacher.html"


class LogsOutByPressMixin:
    """Opening a link from a mail logs nobody out (J5). allauth does so if the link is another person's."""

    def logout(self):
        if self.request.method == "POST":
            super().logout()


class NewPasswordByLinkView(LogsOutByPressMixin, PasswordResetFromKeyView):
    pass


class EmailAddressView(EmailView):
    """allauth's view, for a page that was open while the address was changed in another tab.

    Once an address has been added or removed, an earlier one can be added again at once. That is no second press.
    """

    def dispatch(self, request, *args, **kwargs):
        """Hold the person's row first, as an erasure does: in another order, the two could wait for each other."""
        if request.method == "POST" and not User.objects.active().hold_row(request.user):
            return HttpResponseRedirect(reverse("account_login"))
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        FormSubmission.objects.forget_answers(session_key_sent(self.request))
        return super().form_valid(form)

    def _get_email_address(self, request):
        """allauth does nothing if the address of the button has gone since, and says nothing either."""
        found = super()._get_email_address(request)
        if not found:
            gone = f"{request.POST['email']} isn't here any more, so your press changed nothing."
            messages.error(request, gone)
        return found

    def _action_remove(self, request):
        if too_soon.is_too_soon(request):
            messages.error(request, too_soon.PRESSED_TOO_SOON)
            return None
        FormSubmission.objects.forget_answers(session_key_sent(request))
        return super()._action_remove(request)

    def _action_primary(self, request):
        """Do nothing. No button of ours sends this, and allauth would store an address before anybody has proved it.

        If another account has that address, the database refuses it, and the answer would tell that somebody has (T54).
        """


class ForgottenPasswordView(PasswordResetView):
    """allauth's view; it also keeps where the person wanted to go until they log in with the new password."""

    def form_valid(self, form):
        if AnonymousSessions.objects.may_store(self.request):
            forgotten_password.begin(self.request, to=self.get_next_url())
        return super().form_valid(form)

    def get_success_url(self):
        return self.passthrough_next_url(str(self.success_url))  # allauth would go to `next` straight away


@login_not_required
def new_password_chosen(request):
    """The page after choosing a new password. Its link to log in leads on to where the person wanted to go."""
    context = {"next": forgotten_password.next_page(request)}
    return TemplateResponse(request, "account/password_reset_from_key_done.html", context)


@login_not_required
def confirm_address(request):
    """If no code works here any more, allauth redirects to the log-in page, or to the page with the address."""
    waiting, is_post = mailed_code.waiting_for(request.session), request.method == "POST"
    is_closed = "user_id" in waiting and not _is_active(waiting["user_id"], for_update=is_post)
    if is_post:  # allauth counts wrong codes in the session, and would count those of one moment as one (T55)
        request.session.hold()
        waiting = mailed_code.waiting_for(request.session)
    if is_closed:
        # Closed or erased meanwhile. From the right code, allauth would give an erased account its address back (T93).
        if process := EmailVerificationProcess.resume(request):
            process.abort()
        waiting = {}
    response = email_verification_sent(request)
    mailed_code.keep_earlier_code(request.session, waiting)
    if is_post and request.session.modified and request.session.session_key == session_key_sent(request):
        save_now(request.session)
        request.session.modified = False  # later, it would be written over what the next press counts
    is_redirect = response.status_code == 302
    if is_redirect and response["Location"] in {reverse("account_login"), reverse("account_email")}:
        return _explain_redirect(request, waiting, response)
    return response


def _explain_redirect(request, waiting, response):
    """Say why no code works any more, and what to do on the page that allauth's `response` leads to."""
    if request.user.is_authenticated and (not waiting or _is_confirmed(waiting)):
        return response
    list(messages.get_messages(request))  # after wrong codes, allauth's says to wait, which isn't necessary
    if request.user.is_authenticated:
        again = "Your address is still the old one. Type the new one again, and we'll send you a new code."
        messages.error(request, f"{_why_no_code_works(waiting)} {again}")
        return redirect("account_email")
    if _is_confirmed(waiting):
        messages.success(
            request, "Your email address is confirmed already. Log in with it and your password."
        )
    else:
        again = "Log in with your email and password, and we'll send you a new code."
        messages.error(request, f"{_why_no_code_works(waiting)} {again}")
    log_in = passthrough_next_redirect_url(request, response["Location"], REDIRECT_FIELD_NAME)
    return HttpResponseRedirect(log_in)


def _is_active(user_id, for_update):
    """Whether the account is neither closed nor erased. `for_update` locks its row, so that nobody erases it now."""
    users = User.objects.active()
    return users.hold_row(User(pk=user_id)) if for_update else users.filter(pk=user_id).exists()


def _is_confirmed(waiting):
    """Whether the address of this sign-up has been confirmed meanwhile, in another browser."""
    addresses = EmailAddress.objects.filter(user=waiting.get("user_id"), email=waiting.get("email"))
    return addresses.filter(verified=True).exists()


def _why_no_code_works(waiting):
    if not waiting:
        return SIGN_UP_UNKNOWN
    if time.time() - waiting["at"] > settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT:
        return "The code in the email is too old, because it works for one day."
    return "Too many wrong codes."


class ConfirmAddressByLinkView(LogsOutByPressMixin, ConfirmEmailView):
    """allauth treats a used link as one that's too old, and answers 404 to its button; this view says it was used."""

    def get_context_data(self, **context):
        return super().get_context_data(**context) | {"is_done": not self.object and self._is_confirmed()}

    def _is_confirmed(self):
        """Whether this link's address has been confirmed already, which allauth doesn't say."""
        longest = timedelta(days=app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS)
        try:
            pk = signing.loads(self.kwargs["key"], max_age=longest, salt=app_settings.SALT)
        except signing.BadSignature:
            return False
        return EmailAddress.objects.filter(pk=pk, verified=True).exists()

    def post(self, request, key):
        try:
            return super().post(request, key)
        except Http404:
            return self.get(request, key)  # says that the link has been used


class LogOutView(LogoutView):
    """allauth's view; it also empties the session of somebody who stops in the middle of logging in (T49)."""

    def logout(self):
        if not self.request.user.is_authenticated:
            self.request.session.flush()
        super().logout()


def clear_browser_again(request):
    """Tell the browser again to clear its data, because it may never have read the first answer (T62)."""
    request.has_logged_out = True


def profile(request):
    typed = request.POST if request.method == "POST" else None
    # A copy, because even an invalid form writes into its instance, and the page must show the person's saved name.
    form = ProfileForm(typed, instance=copy(request.user))
    if form.is_valid():
        try:
            request.user.edit_profile(**form.cleaned_data)
        except ValidationError as refused:  # another press used up the changes of name for today
            form.add_error(None, refused)
        else:
            messages.success(request, "Your profile is saved.")
            return redirect("accounts:profile")
    return TemplateResponse(request, "accounts/profile.html", {"form": form})


@require_safe
def notifications(request):
    mine = request.user.notifications
    page = ShortPaginator(mine.newest_first(), NOTIFICATIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = Notification.read_out(request.user, page.object_list)
    context = {"page": page} | mine.unread().aggregate(unread=Count("pk"), newest=Max("created_at"))
    return TemplateResponse(request, "accounts/notifications.html", context)


def open_notification(request, notification_id):
    """A GET only shows it, because mail scanners follow links (J5). The button marks it as read and opens its page.

    If the person can't open that page any more, they stay here, where a sentence tells them why.
    """
    found = request.user.notifications.filter(pk=notification_id).select_related("user")
    notification = get_object_or_404(found)
    follow_up = notification.follow_up
    if request.method == "POST":
        found.mark_read()
        if follow_up and follow_up.is_link_dead:
            return HttpResponseRedirect(request.path, status=303)
        if follow_up:
            messages.info(request, follow_up.sentence)
        return HttpResponseRedirect(notification.link, status=303)
    Notification.read_out(request.user, [notification])
    context = {"notification": notification, "follow_up": follow_up}
    return TemplateResponse(request, "accounts/notification.html", context)


@require_POST
def mark_notifications_read(request):
    form = MarkReadForm(request.POST)
    if form.is_valid():
        request.user.notifications.written_until(form.cleaned_data["until"]).mark_read()
    return HttpResponseRedirect(reverse("accounts:notifications"), status=303)
