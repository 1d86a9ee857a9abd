"""A form that is pressed twice does its work once, and both presses get the same answer (A9, J10; ADR 22).

The second press of a double click leaves before the answer to the first arrives. So it carries the old password, which
is wrong by now, or a session that the first press has replaced. It gets the answer to the first press, and the session
in which the first press ended. It counts as the second press of the same form if it comes within half a minute, from
the same browser, to the same address and with the same fields.

once() decorates a view. The log-in view calls do_once() itself, as soon as it has checked the password, and is
decorated with once_in_a_session(). SecondPressMiddleware answers second presses of both kinds of view. ADR 22 lists how
the second presses of all other acts are recognised.
"""

from contextlib import nullcontext
from copy import deepcopy
from functools import partial, wraps

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils.crypto import salted_hmac
from django.utils.deprecation import MiddlewareMixin

from accounts.middleware import get_user
from accounts.models import FormSubmission
from accounts.sessions import browser_of, save_now


def once(view, before_repeat=None, atomic=True, shows_in_session=False):
    """Decorate a view so that a POST that redirects does its work once. A form that was refused may be pressed again.

    `before_repeat(request)` is called before a second press gets its answer. For the others see do_once().
    """

    @wraps(view)
    def decorated(request, *args, **kwargs):
        act = partial(view, request, *args, **kwargs)
        if request.method != "POST":
            return act()
        return do_once(request, act, before_repeat, atomic, shows_in_session)

    decorated.answer_second_press = partial(_answer_second_press, before_repeat=before_repeat)
    return decorated


def once_in_a_session(view):
    """Like once(), for a view that calls do_once() itself, and only for a request with a session."""

    def answer_second_press(request):
        return _answer_second_press(request) if session_key_sent(request) else None

    view.answer_second_press = answer_second_press
    return view


def do_once(request, act, before_repeat=None, atomic=True, shows_in_session=False):
    """Return what `act()` answers, or what it answered just before to the same form.

    With `atomic`, all of it is one transaction, so that a second press at the same moment waits. Without it, both
    presses call `act()`, so doing it twice must be harmless.

    With `shows_in_session`, whatever is done changes the session. So if that stays as it was, there is no answer to
    keep: people who aren't logged in could have any number of them stored, one with each press (ADR 36).
    """
    with transaction.atomic() if atomic else nullcontext():
        submission, is_first = FormSubmission.objects.begin(_key(request), session_key_sent(request))
        if not is_first and submission.location:
            return _repeat_answer(request, submission, before_repeat)
        before = _state_of(request.session) if shows_in_session else None
        response = act()
        has_done_nothing = shows_in_session and _state_of(request.session) == before
        if has_done_nothing or not isinstance(response, HttpResponseRedirect):
            submission.discard()
            return response
        _save_session(request.session)
        store = partial(_store_answer, request, submission, response)
        store()  # before the commit, so that a press that waited for it finds the answer
        if atomic:
            transaction.on_commit(store, robust=True)  # by then allauth has added messages
    return response


class SecondPressMiddleware(MiddlewareMixin):
    """Answer a second press before anything checks who is logged in, because the first may have ended the session."""

    def process_view(self, request, view, args, kwargs):
        if request.method == "POST" and hasattr(view, "answer_second_press"):
            return view.answer_second_press(request)
        return None


def _answer_second_press(request, before_repeat=None):
    """Return the answer to the first press of this form, or None if this is the first."""
    # UserMiddleware has read the session before: if the first press has ended it by now, its answer is stored too.
    submission = FormSubmission.objects.find_answered(_key(request), session_key_sent(request))
    return submission and _repeat_answer(request, submission, before_repeat)


def _repeat_answer(request, submission, before_repeat):
    if submission.ended_in != session_key_sent(request):
        request.session = type(request.session)(submission.ended_in or None)
        request.session.modified = True  # so that the browser is sent its key
        request.user = get_user(request)  # whose messages these are
    if before_repeat:
        before_repeat(request)
    for level, sentence, tags in submission.messages:
        messages.add_message(request, level, sentence, tags)
    return HttpResponseRedirect(submission.location)


def _store_answer(request, submission, response):
    new_messages = messages.get_messages(request).new_messages
    new_messages = [(message.level, str(message.message), message.extra_tags) for message in new_messages]
    submission.store_answer(response["Location"], new_messages, request.session.session_key)


def _key(request):
    """Return a keyed digest of browser, address and all fields. It identifies a form without revealing them."""
    fields = sorted(item for item in request.POST.lists() if item[0] != "csrfmiddlewaretoken")
    sent = f"{browser_of(request)} {request.get_full_path()} {fields}"
    return salted_hmac("accounts.presses", sent, algorithm="sha256").hexdigest()


def _state_of(session):
    """Return what is in the session, and its key: what stays the same as long as an act changes nothing of it."""
    return deepcopy(dict(session.items())), session.session_key


def session_key_sent(request):
    return request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")[:40]


def _save_session(session):
    """Save the session before a second press can be answered: the page that the answer leads to needs it."""
    if session.modified and not session.is_empty():
        save_now(session)
