from functools import wraps

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404

from accounts.transactions import again_if_undone
from classroom.exceptions import NotAllowed, Refusal
from classroom.models import Membership
from classroom.rights import RIGHTS


def gone_is_404(view):
    """A class that is deleted while the view acts on it does not exist, nor does its Code, its Join URL, its owner."""

    @wraps(view)
    def found(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except ObjectDoesNotExist:
            raise Http404 from None

    return found


def allowed_to(right, again=None):
    """Give the view its class, if the role of who asks has `right` (C2).

    Who is not in the class gets the 404 of a class that does not exist; who is in it and lacks the right gets 403.
    The view finds the asker's Membership as `request.membership`. For acts that take the right away with them,
    `again(request, classroom_id)` answers the second press of who has done it, and None for everybody else (J10).
    """
    roles = RIGHTS[right]

    def decorate(view):
        @wraps(view)
        def found(request, classroom_id, **kwargs):
            try:
                return as_member(request, classroom_id, **kwargs)
            except (Http404, PermissionDenied):
                answer = again(request, classroom_id) if again and request.method == "POST" else None
                if answer is None:
                    raise
                return answer

        def as_member(request, classroom_id, **kwargs):
            mine = Membership.objects.select_related("classroom").filter(user=request.user)
            membership = mine.filter(classroom__public_id=classroom_id).first()
            if membership is None:
                raise Http404
            if membership.role not in roles:
                raise PermissionDenied
            membership.user = request.user
            request.membership = membership
            return again_if_undone(gone_is_404(view))(request, membership.classroom, **kwargs)

        found.right = right
        return found

    return decorate


def refused_on(show):
    """A refused act answers a page again, `show(request, classroom, status)`, with the refusal's sentence."""

    def decorate(view):
        @wraps(view)
        def answered(request, classroom, **kwargs):
            try:
                return view(request, classroom, **kwargs)
            except NotAllowed:
                raise PermissionDenied from None
            except Refusal as refusal:
                messages.error(request, refusal.message)
                classroom.refresh_from_db()
                return show(request, classroom, status=refusal.status)

        return answered

    return decorate
