"""The people who are blocked, and unblocking one of them."""

from django.contrib import messages
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.paginators import ShortPaginator
from classroom.access import allowed_to
from classroom.models import Event
from classroom.redirects import redirect_to_list

PER_PAGE = 50


@require_safe
@allowed_to("see_kept_out")
def kept_out(request, classroom):
    return show_kept_out(request, classroom)


def show_kept_out(request, classroom, status=200):
    rows = classroom.kept_out.select_related("user", "by").order_by("-at", "-pk")
    page = ShortPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "classroom/kept_out.html", {"classroom": classroom, "page": page}, status=status)


@require_POST
@allowed_to("let_back", refusals_on=show_kept_out)
def let_back(request, classroom, username):
    kept_out = classroom.kept_out.select_related("user").filter(user__username=username).first()
    if kept_out:
        kept_out.let_back(by=request.user)
        user = kept_out.user
    else:
        user = classroom.events.get_repeated(Event.Kind.LET_BACK, request.user, user__username=username).user
    messages.success(request, f"{user.full_name} can join again.")
    return redirect_to_list(request, "classroom:kept_out", classroom)
