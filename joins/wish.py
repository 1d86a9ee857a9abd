"""What somebody who is not logged in wants to join. Their session stores it until the log-in (J6, J7, T49; ADR 21).

A newer wish replaces an older one, and the log-in says so. A wish belongs to the browser at first, and to an account as
soon as that account signs up or logs in with it.
"""

import time
from dataclasses import asdict, dataclass, fields, replace

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.urls import reverse

from accounts import forgotten_password
from accounts.landing_page import set_landing_page
from accounts.models import AnonymousSessions
from accounts.transactions import retry_savepoint
from classroom.exceptions import AlreadyMember, Refusal
from classroom.models import Classroom
from joins import codes
from joins.acts.ask import ask_by_join_url, refusal_by_join_url
from joins.acts.by_code import use_typed_code
from joins.acts.join_result import JoinResult
from joins.models import JoinURL
from joins.models.join_url import join_url_with_key
from joins.throttle import CodeThrottle

FRESH_FOR = 30 * 60  # seconds; after them a wish ends, unless somebody has begun to log in or sign up with it
# Seconds for a wish with which somebody has begun; a mailed code lasts a day, and they may need a second.
BEGUN_FOR = 48 * 3600
GONE = "The class that you wanted to ask to join has been deleted, so we haven't sent a request. Talk to its teacher."
_KEY = "wish"  # of the session
# The session's key of the wishes that newer ones have replaced: for each its Join URL's key, or None if it was a Code,
# and the pk of the account that it belonged to.
_REPLACED = "replaced_wishes"
MOST_REPLACED = 5


@dataclass(frozen=True)
class Wish:
    """A Code, a Join URL or both. It is false if it has neither, that is, if nothing is wished.

    The session has it as a dict.
    """

    join_url: str | None = None  # its key
    code: str | None = None
    at: float = 0  # when it was stored, in seconds since 1970
    of: int | None = None  # the pk of the account that it belongs to
    signed_up: bool = False  # that account was created with it
    just_typed: bool = (
        False  # the sign-up page, which comes next and shows the Code once, hasn't shown it yet
    )

    def __bool__(self):
        return bool(self.join_url or self.code)

    @property
    def is_fresh(self):
        return time.time() - self.at < FRESH_FOR

    @property
    def asks_by_itself(self):
        """Whether a log-in creates the request by itself. Otherwise it leads to the page with "Ask to join"."""
        return self.of is not None or self.is_fresh

    def may_be_of(self, user):
        return self.of in (None, user.pk)

    def is_alive(self, request):
        """Whether it is younger than half an hour, or somebody has begun to log in or sign up with it (J6)."""
        if not self:
            return False
        has_begun = self.of is not None or self._is_before_forgotten_password(request)
        return time.time() - self.at < BEGUN_FOR if has_begun else self.is_fresh

    def _is_before_forgotten_password(self, request):
        """Whether somebody asked for a new password within half an hour after this wish."""
        asked_at = forgotten_password.began_at(request)
        return asked_at is not None and 0 <= asked_at - self.at < FRESH_FOR

    def find_join_url(self):
        """Return the JoinURL, or None. Needs no query if there is none in the wish."""
        return join_url_with_key.first(self.join_url) if self.join_url else None


def _read(request):
    # While servers are being replaced, the next release may have stored fields that this one doesn't know (F27).
    stored = request.session.get(_KEY, {})
    return Wish(**{field.name: stored[field.name] for field in fields(Wish) if field.name in stored})


def _write(request, wish):
    request.session[_KEY] = asdict(wish)


def store(request, **wish):
    """Store `join_url` (its key) or `code`, and replace what was stored before (T49).

    Returns False if nothing is stored, because too many strangers have had something stored lately (T97).
    """
    if not AnonymousSessions.objects.may_store(request):
        return False
    older, newer = _read(request), Wish(**wish, at=time.time())
    if older.is_alive(request):
        _note_replaced(request, older, newer)
    _write(request, newer)
    return True


def _note_replaced(request, older, newer):
    """Note what fulfil() has to say. A Code that is typed after another one is taken for its correction."""
    replaced = request.session.pop(_REPLACED, [])
    if older.join_url and older.join_url != newer.join_url:
        replaced.append([older.join_url, older.of])
    if older.code and not newer.code:
        replaced.append([None, older.of])
    if replaced:
        request.session[_REPLACED] = replaced[-MOST_REPLACED:]


def store_code_of_sign_up(request, code):
    """Store the Code of a sign-up that failed for another reason. A stored Join URL stays stored (J7, J11)."""
    wish = _read(request)
    if wish.join_url and wish.is_alive(request):
        _write(request, replace(wish, code=code))
    else:
        store(request, code=code)


def forget(request):
    request.session.pop(_KEY, None)
    request.session.pop(_REPLACED, None)


def initial_values(request):
    """Return those of a form with a Code field, so that nobody has to type their Code again.

    The Code is shown to somebody who has logged in since. Anybody else who opens the page may be the next pupil at this
    computer, and sees no Code (T49).
    """
    return _initial_values(request) if request.user.is_authenticated else {}


def take_initial_values_of_sign_up(request):
    """Return those of the sign-up page, but only once: for the page that follows the typing of the Code."""
    wish = _read(request)
    if not wish.just_typed:
        return {}
    _write(request, replace(wish, just_typed=False))
    return _initial_values(request)


def _initial_values(request):
    wish = _read(request)
    return {"code": codes.in_threes(wish.code) if wish.code and wish.is_alive(request) else ""}


def for_templates(request):
    """Return the stored wish as a dict for templates, or None.

    It says only that there is a Code, and nothing more about it (J0). `asks_by_itself`: a log-in creates the join
    request by itself. `refusal`: why nobody can ask to join now. `has_ended`: it is too old, and a log-in does nothing
    with it.
    """
    wish = _read(request)
    if not wish:
        return None
    join_url = wish.find_join_url()
    return {
        "join_url": join_url,
        "refusal": refusal_by_join_url(join_url, AnonymousUser()) if join_url else None,
        "is_gone": bool(wish.join_url) and join_url is None,
        "code": bool(wish.code),
        "has_ended": not wish.is_alive(request),
        "asks_by_itself": wish.asks_by_itself,
    }


def note_sign_up(request, result):
    """Note what the Code in the sign-up form led to. fulfil() shows it, and then ignores a stored Code."""
    request.sign_up_result = result


def claim(sender, request, user, **_):
    """Runs when somebody has typed the right password. From now on, a wish of the last half hour belongs to them."""
    wish = _read(request)
    if not wish.may_be_of(user):
        forget(request)  # it belongs to another account (T49)
    elif wish and wish.is_fresh:
        _write(request, replace(wish, of=user.pk))


def claim_by_new_password(sender, request, user, **_):
    """Runs when somebody has reset their password. The wish belongs to them, however long the mail took."""
    wish = _read(request)
    if wish.may_be_of(user) and wish.is_alive(request):
        _write(request, replace(wish, of=user.pk))


def claim_by_sign_up(sender, request, user, **_):
    """Runs when an account was created. The sign-up page showed the wish, so it belongs to the new account."""
    wish = _read(request)
    if wish.is_alive(request):
        _write(request, replace(wish, of=user.pk, signed_up=True))


def fulfil(sender, request, user, **_):
    """Runs at every log-in: join, or ask to join, what the wish says, and show what it led to.

    The Code comes first: if Code and Join URL lead to the same class, the Code decides (J7).
    """
    replaced = request.session.get(_REPLACED, [])
    wish = _take(request, user)
    sign_up_result = getattr(request, "sign_up_result", None)
    is_second_press = getattr(request, "is_second_press", False)
    has_just_signed_up = sign_up_result or is_second_press or wish.signed_up
    results = [sign_up_result, *(_results_of(user) if is_second_press else [])]
    if wish.code and not sign_up_result:
        results.append(_fulfil_code(request, user, wish))
    if wish.join_url:
        results.append(_fulfil_join_url(request, user, wish))
    # Code and Join URL of the same class lead to the same JoinResult, which is shown once (J6).
    results = [result for result in dict.fromkeys(results) if result]
    _show_results(request, results, has_new_username=has_just_signed_up and not user.is_teacher)
    _say_what_was_replaced(request, user, [key for key, of in replaced if wish and of in (None, user.pk)])


def _take(request, user):
    """Take the wish out of the session, and return it if it doesn't belong to another account."""
    wish = _read(request)
    forget(request)
    if not wish.may_be_of(user):
        return Wish()
    is_second_press = getattr(request, "is_second_press", False)
    # If it was wished after the sign-up, somebody has sent an old form again (T49).
    if not is_second_press or wish.at > user.date_joined.timestamp():
        return wish
    # The first press of the sign-up form has done this, or is doing it now, but its answer was never shown (A9).
    return replace(wish, of=user.pk, signed_up=True) if wish.is_alive(request) else Wish()


def _fulfil_code(request, user, wish):
    """Use the Code and return the JoinResult, if `user` has just signed up with it.

    Otherwise another person may have typed it before this log-in. So the next page shows it in its field, together with
    the name of the person who is about to join (T49, J11).
    """
    if wish.signed_up:
        return _try(request, lambda: use_typed_code(wish.code, user, CodeThrottle(request, user)))
    if wish.is_alive(request):
        _write(request, Wish(code=wish.code, at=time.time(), of=user.pk))
        set_landing_page(request, reverse("joins:join"))
    else:
        messages.info(
            request, "A Code was typed on this computer a while ago. If it was you, type it again to join."
        )
    return None


def _fulfil_join_url(request, user, wish):
    """Ask to join and return the JoinResult. If "Ask to join" was pressed long ago, only show its page (T49)."""
    join_url = wish.find_join_url()
    if join_url is None:
        messages.error(request, GONE)
        return None
    if wish.is_alive(request) and wish.asks_by_itself:
        return _try(request, lambda: JoinResult(join_url.classroom, ask_by_join_url(join_url, user)))
    set_landing_page(request, join_url.path)
    waits = user.join_requests.pending().filter(classroom=join_url.classroom_id).exists()
    if waits or refusal_by_join_url(join_url, user):
        return None  # that page says so, and has no button
    messages.info(
        request,
        f"“Ask to join” for {join_url.classroom.name} was pressed on this computer a while ago, so we haven't sent a "
        "request. Press it again if you still want to join.",
    )
    return None


def _say_what_was_replaced(request, user, keys):
    """Say which wishes a newer one has replaced (T49), except for the classes that the person is in or waits for."""
    if not keys:
        return
    there = user.memberships.values("classroom").union(user.join_requests.pending().values("classroom"))
    join_urls = JoinURL.objects.filter(key__in=filter(None, keys)).exclude(classroom__in=there)
    if names := ", ".join(join_urls.order_by("pk").values_list("classroom__name", flat=True)):
        messages.info(
            request,
            f"“Ask to join” was pressed here for {names} as well. We only keep the newest, so we haven't sent that "
            "request. If it was you, open the Join URL and press again.",
        )
    if None in keys:
        messages.info(
            request,
            "A Code was typed here as well. We only keep the newest, so we haven't used it. If it was you, type it "
            "again.",
        )


def _show_results(request, results, has_new_username):
    for result in results:
        show_result(request, result, has_new_username)
        if result.is_member:
            set_landing_page(request, result.classroom.path, is_default=True)
    if has_new_username and not any(result.is_member for result in results):
        messages.success(request, "Your account is ready.", extra_tags="card")


def show_result(request, result, has_new_username=False):
    """Show once, on the next page, that a class was joined, or the pop-up about a join request (J2, J6).

    A student who has just signed up sees a card with their username, to print or to write down (M2).
    """
    if result.is_member:
        tags = "card" if has_new_username else ""
        messages.success(request, f"You're in {result.classroom.name}.", extra_tags=tags)
    else:
        messages.info(request, result.join_request.pop_up, extra_tags=f"pop-up {result.join_request.pk}")


def _results_of(user):
    """Return a JoinResult for each class of a new account and for each of its pending requests."""
    places = user.memberships.select_related("classroom").order_by("pk")
    requests = user.join_requests.pending().select_related("classroom").order_by("pk")
    return [
        *(JoinResult(place.classroom) for place in places),
        *(JoinResult(join_request.classroom, join_request) for join_request in requests),
    ]


def _try(request, join):
    """Return what `join` returns. If it is refused or fails, show why and return None."""
    try:
        return retry_savepoint(join)()
    except AlreadyMember as already:
        return JoinResult(already.classroom)  # its page is shown next (J8)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    except Classroom.DoesNotExist:
        messages.error(request, GONE)
    except (OperationalError, InterfaceError):  # a busy class must not prevent the log-in (F15)
        messages.error(request, "You're logged in, but joining didn't work just now. Try again in a minute.")
    return None
