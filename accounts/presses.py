"""A form that is pressed twice is answered twice, and does its work once (A9, J10; ADR 22).

The second press of a double click goes out before the answer to the first is there: with the old password, which is
wrong by now, and with a session that has moved on. It's told what the first press was told, and put into the session in
which that one ended. What has to hold is the same browser, the same address, the same fields and half a minute.
"""

from functools import partial, wraps

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils.crypto import salted_hmac

from accounts.models import Press
from accounts.sessions import browser_of


def once(view, again=None):
    """Let a POST that leads to another page do its work once; a form that is refused may be pressed again.

    `again(request)` is called before the answer is given once more. All of it is one transaction, so that a second
    press in the same moment waits. Not for the log-in page: on SQLite a whole school would queue there.
    """

    @wraps(view)
    def pressed(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            press, is_first = Press.objects.begin(_key(request), _session_sent(request))
            if not is_first and press.location:
                return _tell_again(request, press, pressed.again)
            response = view(request, *args, **kwargs)
            if not isinstance(response, HttpResponseRedirect):
                press.forget()
                return response
            session = request.session
            if session.modified and not session.is_empty():
                session.save()  # the page to which a second press leads needs it
            answer = partial(_keep_answer, request, press, response["Location"])
            answer()
            transaction.on_commit(answer)  # with what allauth says after the commit
        return response

    pressed.again = again or (lambda request: None)
    return pressed


class PressedTwice:
    """Answer a second press before anybody asks who is logged in, because the first may have moved the session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method != "POST" or not hasattr(view, "again"):
            return None
        str(
            request.user
        )  # read first: if the first press has ended this session by now, its answer is there too
        press = Press.objects.answered(_key(request), _session_sent(request))
        return press and _tell_again(request, press, view.again)


def _key(request):
    """The name of a press: by browser, address and all fields, none of which can be read from it."""
    fields = sorted(item for item in request.POST.lists() if item[0] != "csrfmiddlewaretoken")
    pressed = f"{browser_of(request)} {request.get_full_path()} {fields}"
    return salted_hmac("accounts.presses", pressed, algorithm="sha256").hexdigest()


def _session_sent(request):
    return request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")[:40]


def _keep_answer(request, press, location):
    said = [
        (said.level, str(said.message), said.extra_tags) for said in messages.get_messages(request).just_said
    ]
    press.answer(location, said, request.session.session_key)


def _tell_again(request, press, again):
    if press.ended_in not in ("", _session_sent(request)):
        request.session = type(request.session)(press.ended_in)
        request.session.modified = True  # so that the browser is sent its key
    again(request)
    for level, sentence, tags in press.said:
        messages.add_message(request, level, sentence, tags)
    return HttpResponseRedirect(press.location)
