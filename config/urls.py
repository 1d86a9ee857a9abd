import gc

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config import health, views

urlpatterns = [
    path("", include("joins.urls")),
    path("", include("classroom.urls")),
    path("", include("accounts.urls")),
    path("", include("privacy.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", views.robots),
]
if not settings.ADMIN_OFF:
    urlpatterns.append(path("admin/", admin.site.urls))

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error

gc.freeze()  # all views are imported and stay, as in config.checks.refuse_to_start()
