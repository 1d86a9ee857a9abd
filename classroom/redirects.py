"""The ways back to a list, at the place where somebody has left it."""

import re

from allauth.account.adapter import get_adapter
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

# Most characters of a search. Every row of a list repeats its place, and nginx refuses an answer whose headers exceed
# 4 kB, although the act that it answers is done.
LONGEST_VALUE = 60
PK = re.compile(r"\d{1,18}", re.ASCII)


def place_in_list(request):
    """Return the list's search, part, order, page number, and who is ticked, as they are in the page's address."""
    asked = {name: request.GET.get(name, "") for name in ("q", "part", "sort", "choose", "page")}
    place = {name: value for name, value in asked.items() if 0 < len(value) <= LONGEST_VALUE}
    ticked = ticked_in_list(request)
    return place | {"member": ticked} if ticked else place


def ticked_in_list(request):
    """Return the pks, as texts, of those who are ticked in a list with boxes."""
    return request.GET.getlist("member") if request.GET.get("choose") else []


def list_query(request, /, **changes):
    """Return place_in_list() with these changes as a query string; a change to None leaves the name out.

    Forms in the list append it to their address, so that redirect_to_list() can return to the same place.
    """
    place = place_in_list(request) | changes
    texts = {
        name: value if isinstance(value, list) else str(value)
        for name, value in place.items()
        if value is not None
    }
    return f"?{urlencode(texts, doseq=True)}" if texts else ""


def redirect_to_list(request, name, classroom, **changes):
    """Redirect to the class's list named `name`, at the place from which the form was sent, with these changes."""
    return redirect(reverse(name, args=[classroom.public_id]) + list_query(request, **changes))


def redirect_to_member(request, classroom, user_id, **changes):
    """Redirect to the row of this person in the list of members, or to its top if `user_id`, as sent, is no pk."""
    response = redirect_to_list(request, "classroom:members", classroom, **changes)
    if PK.fullmatch(str(user_id)):
        response["Location"] += f"#member-{user_id}"
    return response


def redirect_to_next(request, otherwise):
    """Redirect to the page of this site that the form sent as `next`, or else to the page named `otherwise`."""
    page = request.POST.get("next")
    return HttpResponseRedirect(page if get_adapter().is_safe_url(page) else reverse(otherwise))
