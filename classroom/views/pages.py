from allauth.account.adapter import get_adapter
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from classroom.access import allowed_to
from classroom.links import split_at_addresses

PER_PAGE = 50


def list_query(request):
    """Return the list's search and page number as a query string.

    Forms in the list append it to their address, so that redirect_to_list() can return to the same place.
    """
    place = {name: request.GET[name] for name in ("q", "page") if request.GET.get(name)}
    return f"?{urlencode(place)}" if place else ""


def redirect_to_list(request, name, classroom):
    """Redirect to the class's list named `name`, with the search and page from which the form was sent."""
    return redirect(reverse(name, args=[classroom.public_id]) + list_query(request))


def redirect_to_next(request, otherwise):
    """Redirect to the page of this site that the form sent as `next`, or else to the page named `otherwise`."""
    page = request.POST.get("next")
    return HttpResponseRedirect(page if get_adapter().is_safe_url(page) else reverse(otherwise))


@require_safe
@allowed_to("see_class")
def class_page(request, classroom):
    return show_class(request, classroom)


@require_safe
@allowed_to("see_class")
def members(request, classroom):
    return show_members(request, classroom)


@require_safe
@allowed_to("see_kept_out")
def kept_out(request, classroom):
    return show_kept_out(request, classroom)


def show_class(request, classroom, status=200):
    context = _people(request, classroom) | {"note_pieces": split_at_addresses(classroom.note)}
    return render(request, "classroom/class_page.html", context, status=status)


def show_members(request, classroom, status=200):
    return render(request, "classroom/members.html", _people(request, classroom), status=status)


def show_kept_out(request, classroom, status=200):
    rows = classroom.kept_out.select_related("user", "by").order_by("-at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "classroom/kept_out.html", {"classroom": classroom, "page": page}, status=status)


def _people(request, classroom):
    """Return the template context for a list of members.

    Only managers can search, because searching by username would show other members' usernames (A6, T11).
    """
    membership = request.membership
    q = request.GET.get("q", "").strip()[:60] if membership.is_manager else ""
    members = classroom.memberships.seen_by(membership).search(q)
    members = members.as_listed() if membership.is_manager else members.as_classmates_see()
    page = Paginator(members, PER_PAGE).get_page(request.GET.get("page"))
    return {"classroom": classroom, "membership": membership, "may": membership.rights, "page": page, "q": q}
