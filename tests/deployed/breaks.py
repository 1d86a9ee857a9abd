"""Tasks, pages and a timetable that break, with a person's name and address in the exception's text."""

import logging
import os
import signal
import warnings
from threading import Thread

from celery import shared_task
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401
from tests.deployed.talkative import WHO

logger = logging.getLogger(__name__)


class Unpicklable(Exception):
    def __init__(self, who, why):
        super().__init__(f"{who} because {why}", lambda: who)


def fails():
    raise ValueError(WHO)


@shared_task
def raises():
    fails()


@shared_task
def raises_from_another():
    try:
        fails()
    except ValueError as error:
        raise LookupError(f"not found: {error}") from error


@shared_task
def raises_what_cannot_be_sent():
    raise Unpicklable(WHO, "of it")


@shared_task(bind=True, max_retries=1)
def tries_again(self):
    raise self.retry(exc=ValueError(WHO), countdown=0)


@shared_task
def ends_its_process():
    os.kill(os.getpid(), signal.SIGKILL)


@shared_task
def tells():
    print("printed")
    tell_in_every_way()


def tell_in_every_way():
    """Every way in which our code and packages may report an exception."""
    warnings.warn("a warning of ours", UserWarning, stacklevel=1)
    thread = Thread(target=fails)
    thread.start()
    thread.join()
    Unsaid()
    try:
        fails()
    except ValueError as error:
        logger.error(f"Not done: {error}")  # noqa: G004
        logger.error("Not done: %r", error)
        logger.error("Not done: %s", [error])
        logger.error(error)
        logger.error("Not done: %d", error)
        logger.exception("Not done: %(who)s", {"who": error})


class Unsaid:
    def __del__(self):
        fails()


@login_not_required
def page_breaks(request, who):
    fails()


@login_not_required
def page_tells(request):
    tell_in_every_way()
    return HttpResponse("told")


@login_not_required
def page_stops(request, who):
    """Django has done its part by then, so the web server reports this error."""

    def parts():
        fails()
        yield "a page"

    return StreamingHttpResponse(parts())


urlpatterns = [
    path("breaks/<str:who>/", page_breaks),
    path("tells/", page_tells),
    path("stops/<str:who>/", page_stops),
    *urlpatterns,
]
