"""A form that is pressed twice is answered twice, and does its work once (A9, J10; ADR 22).

The second press of a double click goes out before the answer to the first is there: with the old password, which is
wrong by now, and with a session that has moved on. It's told what the first press was told, and put into the session in
which that one ended. What has to hold is the same browser, the same address, the same fields and half a minute.
"""

from contextlib import nullcontext
from functools import partial, wraps

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils.crypto import salted_hmac

from accounts.models import Press
from accounts.sessions import browser_of


def nothing(request):
    pass


def once(view, again=nothing, as_one=True):
    """Let a POST that leads to another page do its work once; a form that is refused may be pressed again.

    `again(request)` is called before the answer is given once more. For `as_one` see do_once().
    """

    @wraps(view)
    def pressed(request, *args, **kwargs):
        act = partial(view, request, *args, **kwargs)
        return do_once(request, act, again, as_one) if request.method == "POST" else act()

    pressed.answer_again = partial(_answer_again, again=again)
    return pressed


def once_in_a_session(view):
    """As once(), for a view that calls do_once() itself, and only where the press comes in a session."""
    view.answer_again = lambda request: _answer_again(request) if session_sent(request) else None
    return view


def do_once(request, act, again=nothing, as_one=True):
    """Return what `act` answers, or what it has answered to a press of the same form just before.

    All of it is one transaction, so that a second press in the same moment waits. Where the act must not be one
    transaction, both do it, which has to do no harm.
    """
    with transaction.atomic() if as_one else nullcontext():
        press, is_first = Press.objects.begin(_key(request), session_sent(request))
        if not is_first and press.location:
            return _tell_again(request, press, again)
        response = act()
        if not isinstance(response, HttpResponseRedirect):
            press.forget()
            return response
        _save(request.session)
        remember = partial(_keep_answer, request, press, response)
        remember()  # before the commit, or a press that has waited might find no answer yet
        if as_one:
            transaction.on_commit(remember, robust=True)  # allauth says more by then
    return response


class SecondPressMiddleware:
    """Answer a second press before anybody asks who is logged in, because the first may have moved the session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method == "POST" and hasattr(view, "answer_again"):
            return view.answer_again(request)
        return None


def _answer_again(request, again=nothing):
    """The answer to the first press of this form, or None where this is the first."""
    # The person first: if the first press has ended their session by now, its answer is there as well.
    str(request.user)
    press = Press.objects.answered(_key(request), session_sent(request))
    return press and _tell_again(request, press, again)


def _key(request):
    """The name of a press: by browser, address and all fields, none of which can be read from it."""
    fields = sorted(item for item in request.POST.lists() if item[0] != "csrfmiddlewaretoken")
    pressed = f"{browser_of(request)} {request.get_full_path()} {fields}"
    return salted_hmac("accounts.presses", pressed, algorithm="sha256").hexdigest()


def session_sent(request):
    return request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")[:40]


def _save(session):
    """Before a second press is answered: the page to which that leads needs it."""
    if session.modified and not session.is_empty():
        session.save()


def _keep_answer(request, press, response):
    said = [
        (said.level, str(said.message), said.extra_tags) for said in messages.get_messages(request).just_said
    ]
    press.answer(response["Location"], said, request.session.session_key)


def _tell_again(request, press, again):
    if press.ended_in not in ("", session_sent(request)):
        request.session = type(request.session)(press.ended_in)
        request.session.modified = True  # so that the browser is sent its key
    again(request)
    for level, sentence, tags in press.said:
        messages.add_message(request, level, sentence, tags)
    return HttpResponseRedirect(press.location)
