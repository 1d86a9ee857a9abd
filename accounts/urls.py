from django.urls import include, path

from accounts import views

accounts = [
    path("accounts/signup/teacher/", views.SignUpTeacher.as_view(), name="sign_up_teacher"),
    path("accounts/profile/", views.profile, name="profile"),
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.mark_notifications_read, name="mark_notifications_read"),
    path("notifications/<int:notification_id>/", views.open_notification, name="open_notification"),
]

urlpatterns = [
    # Before allauth's own pages at these addresses, and under the names by which allauth links to them.
    path("accounts/signup/", views.sign_up, name="account_signup"),
    path("accounts/confirm-email/", views.confirm_address, name="account_email_verification_sent"),
    path("accounts/logout/", views.LogOut.as_view(), name="account_logout"),
    path("accounts/password/reset/", views.ForgottenPassword.as_view(), name="account_reset_password"),
    path(
        "accounts/password/reset/key/done/",
        views.new_password_chosen,
        name="account_reset_password_from_key_done",
    ),
    path("", include((accounts, "accounts"))),
]
