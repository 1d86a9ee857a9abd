from allauth.account import views as allauth
from allauth.account.forms import ResetPasswordForm
from django.conf import settings
from django.urls import include, path, re_path

from accounts import views
from accounts.offered_again import offered_again
from accounts.second_press import once, once_in_a_session

accounts = [
    path("accounts/signup/teacher/", views.SignUpTeacherView.as_view(), name="sign_up_teacher"),
    path("accounts/profile/", views.profile, name="profile"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.mark_notifications_read, name="mark_notifications_read"),
    path("notifications/<int:notification_id>/", views.open_notification, name="open_notification"),
]

urlpatterns = [
    # These come before allauth's own pages at the same addresses, and have the names that allauth links to.
    path("accounts/signup/", views.sign_up, name="account_signup"),
    path("accounts/login/", once_in_a_session(views.LogInView.as_view()), name="account_login"),
    path(
        "accounts/logout/",
        once(views.LogOutView.as_view(), before_repeat=views.clear_browser_again),
        name="account_logout",
    ),
    # Afterwards allauth runs the interrupted request inside this one: an erasure, for example, is several transactions.
    path(
        "accounts/reauthenticate/", once(allauth.reauthenticate, atomic=False), name="account_reauthenticate"
    ),
    path("accounts/email/", once(views.EmailAddressView.as_view()), name="account_email"),
    path("accounts/confirm-email/", once(views.confirm_address), name="account_email_verification_sent"),
    path("accounts/password/change/", once(allauth.password_change), name="account_change_password"),
    path(
        "accounts/password/reset/",
        offered_again(ResetPasswordForm)(once(views.ForgottenPasswordView.as_view())),
        name="account_reset_password",
    ),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        once(views.NewPasswordByLinkView.as_view()),
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        views.new_password_chosen,
        name="account_reset_password_from_key_done",
    ),
    path("", include((accounts, "accounts"))),
]
if not settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED:  # then the mail has a link
    confirm = once(views.ConfirmAddressByLinkView.as_view())
    urlpatterns.append(
        re_path(r"^accounts/confirm-email/(?P<key>[-:\w]+)/$", confirm, name="account_confirm_email")
    )
