"""For the views of a class: who gets to a view, and what a refused act answers (C2; rights.py)."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404
from django.urls import Resolver404, resolve
from django_htmx.http import HttpResponseClientRefresh

from accounts.compiled import compiled
from accounts.too_soon import is_too_soon
from accounts.transactions import retry_transaction
from classroom.exceptions import NotAllowed, PressedTooSoon, Refusal
from classroom.models import Membership
from classroom.rights import RIGHTS


def find_membership(user, public_id):
    """Return the Membership of `user` in this class, with the class, or None."""
    return _membership_with_class.first(user.pk, public_id)


@compiled(Membership)
def _membership_with_class(user_id, public_id):
    mine = Membership.objects.filter(user=user_id, classroom__public_id=public_id)
    return mine.with_role_now().select_related("classroom")


def not_found_if_deleted(view):
    """Answer 404 if the class is deleted while the view runs, so that its rows are suddenly missing."""

    @wraps(view)
    def decorated(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except ObjectDoesNotExist:
            raise Http404 from None

    return decorated


def allowed_to(right, refusals_on=None):
    """Pass the class to the view if the user's role in it has `right` (C2).

    Somebody outside the class gets a 404, the same as for a class that does not exist. A member without the right
    gets a 403. The view finds the user's Membership in `request.membership`.

    If the view raises a Refusal, its message is shown on the page that `refusals_on(request, classroom, status)`
    renders. NotAllowed becomes a 403 instead. A press that comes too soon is such a Refusal (J10).

    If the database breaks off the view's transaction, the whole view runs again (ADR 13).
    """
    roles = RIGHTS[right]

    def decorate(view):
        answering = _show_refusals(view, refusals_on) if refusals_on else view
        view_that_retries = retry_transaction(not_found_if_deleted(answering))

        @wraps(view)
        def decorated(request, public_id, **kwargs):
            membership = find_membership(request.user, public_id)
            if membership is None:
                raise Http404
            if membership.role not in roles:
                raise PermissionDenied
            membership.user = request.user
            request.membership = membership
            return view_that_retries(request, membership.classroom, **kwargs)

        decorated.right = right
        return decorated

    return decorate


def _show_refusals(view, page):
    @wraps(view)
    def decorated(request, classroom, **kwargs):
        try:
            check_not_too_soon(request)
            return view(request, classroom, **kwargs)
        except NotAllowed:
            raise PermissionDenied from None
        except Refusal as refusal:
            messages.error(request, refusal.message)
            classroom.refresh_from_db()
            return page(request, classroom, status=refusal.status)

    return decorated


def answer_refusal(request, classroom, status, show_page, show_row):
    """Show the page with the message; for htmx only the message and the row, so that none moves under a pointer (J10).

    In an archived class none of its rows can be acted on, so htmx reloads the page.
    """
    if not request.htmx:
        return show_page(request, classroom, status)
    return HttpResponseClientRefresh() if classroom.is_archived else show_row(request, classroom, status)


def answer_if_done_before(answer):
    """Decorate, above allowed_to(), a view whose act takes away the user's own right, such as leaving the class.

    A second press of the button finds no class or no right. `answer(request, public_id)` returns what it gets instead
    of the 404 or 403, or None if the history doesn't say that this user has just done the act (J10; ADR 22, which lists
    how each second press is recognised).
    """

    def decorate(view):
        @wraps(view)
        def decorated(request, public_id):
            try:
                return view(request, public_id)
            except (Http404, PermissionDenied):
                response = answer(request, public_id) if request.method == "POST" else None
                if response is None:
                    raise
                return response

        return decorated

    return decorate


def why_closed(user, path):
    """Return a sentence if `user` can't open the page of a class at `path`, otherwise an empty string.

    Like the 404, it doesn't tell somebody outside the class whether the class still exists.
    """
    try:
        page = resolve(path)
    except Resolver404:
        return ""
    if not hasattr(page.func, "right"):
        return ""
    membership = find_membership(user, page.kwargs["public_id"])
    if membership is None:
        return "You're not in this class any more, or it has been deleted."
    if page.func.right not in membership.rights:
        return "Your role in this class has changed, so you can't open its page any more."
    return ""


def check_not_too_soon(request):
    """Raise PressedTooSoon, a Refusal, as accounts.too_soon explains (J10)."""
    if is_too_soon(request):
        raise PressedTooSoon
