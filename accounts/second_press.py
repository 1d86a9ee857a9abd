"""A form that is pressed twice does its work once, and both presses get the same answer (A9, J10; ADR 22).

The second press of a double click leaves before the answer to the first arrives. So it carries the old password, which
is wrong by now, or a session that the first press has replaced. It gets the answer to the first press, and the session
in which the first press ended. It counts as the second press of the same form if it comes within half a minute, from
the same browser, to the same address and with the same fields.
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
    """Decorate a view so that a POST that redirects does its work once. A form that was refused may be pressed again.

    `again(request)` is called before a second press gets its answer. For `as_one` see do_once().
    """

    @wraps(view)
    def pressed(request, *args, **kwargs):
        act = partial(view, request, *args, **kwargs)
        return do_once(request, act, again, as_one) if request.method == "POST" else act()

    pressed.answer_again = partial(_answer_again, again=again)
    return pressed


def once_in_a_session(view):
    """Like once(), for a view that calls do_once() itself, and only for a request with a session."""
    view.answer_again = lambda request: _answer_again(request) if session_sent(request) else None
    return view


def do_once(request, act, again=nothing, as_one=True):
    """Return what `act()` answers, or what it answered just before to a press of the same form.

    With `as_one`, all of it is one transaction, so that a second press at the same moment waits. Without it, both
    presses call `act()`, so doing it twice must be harmless.
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
        remember()  # before the commit, so that a press that waited for it finds the answer
        if as_one:
            transaction.on_commit(remember, robust=True)  # by then allauth has added messages
    return response


class SecondPressMiddleware:
    """Answer a second press before anything checks who is logged in, because the first may have ended the session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method == "POST" and hasattr(view, "answer_again"):
            return view.answer_again(request)
        return None


def _answer_again(request, again=nothing):
    """Return the answer to the first press of this form, or None if this is the first."""
    # Read the session before the answer: if the first press has ended the session by now, its answer is stored too.
    str(request.user)
    press = Press.objects.answered(_key(request), session_sent(request))
    return press and _tell_again(request, press, again)


def _key(request):
    """Return a keyed digest of browser, address and all fields. It identifies a press without revealing them."""
    fields = sorted(item for item in request.POST.lists() if item[0] != "csrfmiddlewaretoken")
    pressed = f"{browser_of(request)} {request.get_full_path()} {fields}"
    return salted_hmac("accounts.presses", pressed, algorithm="sha256").hexdigest()


def session_sent(request):
    return request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")[:40]


def _save(session):
    """Save the session before a second press can be answered: the page that the answer leads to needs it."""
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
