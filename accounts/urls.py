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
    # Before allauth's own page at this address, and under the name by which allauth links to it.
    path("accounts/signup/", views.sign_up, name="account_signup"),
    path("", include((accounts, "accounts"))),
]
