"""Slips: Codes on paper for those on the class list (L4), and paper with the usernames of members."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.paginators import ShortPaginator
from classroom.access import allowed_to
from classroom.redirects import redirect_to_list
from joins.acts import slips as acts
from joins.addresses import as_typed, full_address, join_page
from joins.forms.slips import LogInSlipsForm, SlipsForm
from joins.slip_lines import slip_lines
from joins.views.board import qr_with_code

PER_SHEET = 8
PER_PAGE = 10 * PER_SHEET


def show_slips(request, classroom, status=200):
    found = slip_lines(classroom)
    page = ShortPaginator(found, PER_PAGE).get_page(request.GET.get("page"))
    unused = [line.unused for line in page if line.unused]
    cards = [] if classroom.is_archived else [(slip, qr_with_code(slip.join_code)) for slip in unused]
    context = {
        "classroom": classroom,
        "page": page,
        "without": sum(line.needs_slip for line in found),
        "unused": sum(line.unused is not None for line in found),
        "how_many": len(cards),
        "sheets": _sheets(cards),
        "ends_at": found and classroom.list_kept_at + settings.CLASS_LISTS_KEPT_FOR,
        "join_page": as_typed(join_page()),
        "ticked": request.POST.getlist("line"),
    }
    return render(request, "joins/slips.html", context, status=status)


@allowed_to("slips", refusals_on=show_slips)
def slips(request, classroom):
    if request.method != "POST":
        return show_slips(request, classroom)
    form = SlipsForm(request.POST)
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return show_slips(request, classroom, status=422)
    messages.success(request, _act(classroom, form, request.user))
    return redirect_to_list(request, "joins:slips", classroom)


def _act(classroom, form, by):
    """Make or cancel slips. Returns a sentence, which is the same after a second press."""
    if form.cancels_all:
        acts.cancel_slips(classroom, by)
        return "All unused slips are cancelled. Their Codes no longer work."
    if form.slip_id:
        acts.cancel_slips(classroom, by, form.slip_id)
        return "The slip is cancelled. Its Code no longer works."
    if form.is_for_missing:
        ids = [line.pk for line in slip_lines(classroom) if line.needs_slip]
    else:
        ids = form.cleaned_data["line"]
    acts.make_slips(classroom, ids, by)
    return "The slips are ready. Print them, then cut them out."


def _sheets(cards):
    return [cards[start : start + PER_SHEET] for start in range(0, len(cards), PER_SHEET)]


@require_safe
@allowed_to("log_in_slips")
def log_in_slips(request, classroom):
    """Show, to print, with which username and where the students of the class log in. Nothing on it is secret."""
    form = LogInSlipsForm(request.GET)
    members = classroom.memberships.plain().as_listed()
    if form.is_valid() and form.cleaned_data["member"]:
        members = members.filter(user__in=form.cleaned_data["member"])
    shown = [member for member in members.values_for_list() if not member.is_teacher]
    context = {
        "classroom": classroom,
        "how_many": len(shown),
        "sheets": _sheets(shown),
        "log_in_page": as_typed(full_address(reverse("account_login"))),
    }
    return render(request, "joins/log_in_slips.html", context)
