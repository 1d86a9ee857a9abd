from allauth.account import views as allauth
from allauth.account.forms import ResetPasswordForm
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes.views import view_recovery_codes
from django.conf import settings
from django.urls import include, path, re_path

from accounts.forms.profile import AddEmailForm
from accounts.offered_again import offered_again
from accounts.second_press import once, once_in_a_session
from accounts.views import (
    confirm_address,
    email_address,
    log_in,
    notifications,
    password,
    profile,
    second_step,
    sign_up,
)

accounts = [
    path("accounts/signup/teacher/", sign_up.SignUpTeacherView.as_view(), name="sign_up_teacher"),
    path("accounts/profile/", profile.profile, name="profile"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.mark_notifications_read, name="mark_notifications_read"),
    path("notifications/<int:notification_id>/", notifications.open_notification, name="open_notification"),
]

# With the names that allauth links to.
second_step_urls = [
    path("log-in/", once(second_step.show_second_factor, shows_in_session=True), name="mfa_authenticate"),
    path("", second_step.after_second_factor(mfa.index), name="mfa_index"),
    path("again/", second_step.for_operators(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("set-up/", second_step.set_up, name="mfa_activate_totp"),
    path("remove/", second_step.remove, name="mfa_deactivate_totp"),
    path("codes/", second_step.after_second_factor(view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/new/", second_step.new_codes, name="mfa_generate_recovery_codes"),
]

urlpatterns = [
    # These come before allauth's own pages at the same addresses, and have the names that allauth links to.
    path("accounts/signup/", sign_up.sign_up, name="account_signup"),
    path("accounts/login/", once_in_a_session(log_in.LogInView.as_view()), name="account_login"),
    path(
        "accounts/logout/",
        once(log_in.LogOutView.as_view(), before_repeat=log_in.clear_browser_again, shows_in_session=True),
        name="account_logout",
    ),
    # Afterwards allauth runs the interrupted request inside this one: an erasure, for example, is several transactions.
    path(
        "accounts/reauthenticate/", once(allauth.reauthenticate, atomic=False), name="account_reauthenticate"
    ),
    path(
        "accounts/email/",
        offered_again(AddEmailForm, is_of_account=True, button="action_add")(
            once(email_address.EmailAddressView.as_view())
        ),
        name="account_email",
    ),
    path(
        "accounts/confirm-email/",
        once(confirm_address.confirm_address, shows_in_session=True),
        name="account_email_verification_sent",
    ),
    path("accounts/password/change/", once(allauth.password_change), name="account_change_password"),
    path(
        "accounts/password/reset/",
        offered_again(ResetPasswordForm)(
            once(password.ForgottenPasswordView.as_view(), shows_in_session=True)
        ),
        name="account_reset_password",
    ),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        once(password.NewPasswordByLinkView.as_view()),
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        password.new_password_chosen,
        name="account_reset_password_from_key_done",
    ),
    path("accounts/second-step/", include(second_step_urls)),
    path("", include((accounts, "accounts"))),
]
if not settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED:  # then the mail has a link
    confirm = once(confirm_address.ConfirmAddressByLinkView.as_view())
    urlpatterns.append(
        re_path(r"^accounts/confirm-email/(?P<key>[-:\w]+)/$", confirm, name="account_confirm_email")
    )
