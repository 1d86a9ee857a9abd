"""Homeroom with pages that break, to see what people are shown then."""

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401

TYPED = "-".join(["BDK", "RTW", "XZM"]).replace("-", "")  # in no line of the source code


@login_not_required
def broken(request):
    raise ValueError(TYPED)


@login_not_required
def away(request):
    raise OperationalError(TYPED)


urlpatterns = [path("broken/", broken), path("away/", away), *urlpatterns]
