"""Lock, unlock and reset a Code; its history."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.paginators import ShortPaginator
from accounts.times import format_moment
from classroom.access import allowed_to
from classroom.models import Door, Event
from classroom.models.event import SECOND_PRESS_WITHIN
from classroom.models.listed_name import slip_name
from classroom.views.class_page import show_class
from joins.exceptions import BadMoment
from joins.forms.code import LockAtForm, ShownCodeForm, UnlockForm
from joins.models import JoinCode
from joins.templatetags.joins import door_panel_context
from joins.times import lock_choices
from joins.views.board import show_board

PER_PAGE = 50


def show_door_panel(request, classroom, status=200, half=Door.CODE):
    """Answer an act on Code or Join URL: with the panel for htmx, otherwise with the class page.

    `half` says which half of the panel gets the focus. If the class has been archived in the meantime, there is no
    panel any more, so htmx reloads the page. The buttons on the board (W1) send "?board", and lead back to it.
    """
    if "board" in request.GET:
        if status == 200 and not request.htmx:
            return redirect("joins:board", classroom.public_id)
        return show_board(request, classroom, status)
    if request.htmx and classroom.is_archived:
        return HttpResponseClientRefresh()
    if request.htmx:
        context = door_panel_context(classroom, request.membership) | {"focus": half}
        context["typed"] = request.POST.get("locks_at") if status != 200 else ""
        return render(request, "joins/_door.html", context, status=status)
    return show_class(request, classroom, status) if status != 200 else redirect(classroom.path)


@require_POST
@allowed_to("lock_code", refusals_on=show_door_panel)
def lock_code(request, classroom):
    JoinCode.objects.get_current(classroom).lock(by=request.user)
    messages.success(request, "The Code is locked. Anyone who uses it now has to ask to join.")
    return show_door_panel(request, classroom)


@require_POST
@allowed_to("lock_code_at", refusals_on=show_door_panel)
def lock_code_at(request, classroom):
    form, current = LockAtForm(request.POST), JoinCode.objects.get_current(classroom)
    until = _locks_at(form, classroom, current)
    form.shown_code(current).lock_at(by=request.user, until=until)
    messages.success(request, f"The Code locks on {format_moment(until)}.")
    return show_door_panel(request, classroom)


@require_POST
@allowed_to("unlock_code", refusals_on=show_door_panel)
def unlock_code(request, classroom):
    form, current = UnlockForm(request.POST), JoinCode.objects.get_current(classroom)
    until = _locks_at(form, classroom, current)
    restarts = form.cleaned_data["restarts"]
    form.shown_code(current).unlock(by=request.user, until=until, restarts=restarts)
    until = format_moment(JoinCode.objects.get_current(classroom).locks_at)
    messages.success(request, f"The Code is unlocked until {until}. Anyone with it joins straight away.")
    return show_door_panel(request, classroom)


@allowed_to("reset_code", refusals_on=show_door_panel)
def reset_code(request, classroom):
    current = JoinCode.objects.get_current(classroom)
    if request.method != "POST":
        classroom.check_not_archived(request.user)
        waiting = classroom.join_requests.pending().count()
        form = ShownCodeForm(initial={"join_code": current.pk})
        context = {"classroom": classroom, "join_code": current, "waiting": waiting, "form": form}
        return render(request, "joins/reset_code.html", context)
    ShownCodeForm(request.POST).shown_code(current).reset(by=request.user)
    messages.success(request, "The Code is reset. Here's the new one. The old Code no longer works.")
    return redirect(classroom.path)


@require_safe
@allowed_to("see_history")
def history(request, classroom):
    events = classroom.events.select_related("by", "user", "rename").annotate(slip_name=slip_name())
    context = {
        "classroom": classroom,
        "codes": _codes_with_counts(classroom),
        "page": ShortPaginator(events.newest_first(), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "joins/history.html", context)


def _locks_at(form, classroom, current):
    """Return the moment of this LockMomentForm, or None if it has none. Raises BadMoment."""
    for name in ("locks_at", "choice"):
        if name in form.errors:
            raise BadMoment(form.errors[name][0])
    choice = form.cleaned_data["choice"]
    if not choice:
        return form.cleaned_data["locks_at"]
    choices = lock_choices(classroom.now())
    if choice not in choices:
        raise BadMoment
    _, moment = choices[choice]
    # The second press of a double click may come in the next minute.
    before = current.locks_at
    return before if timedelta() <= moment - before <= SECOND_PRESS_WITHIN else moment


def _codes_with_counts(classroom):
    """Return all Codes of the class, newest first, with how many joined and asked to join with each (K9).

    Those of slips are left out. The history says who joined by one.
    """
    found = list(
        classroom.join_codes.of_classes()
        .with_state()
        .select_related("created_by", "locked_by", "retired_by")
        .order_by("-created_at", "-pk")
    )
    counts = classroom.events.exclude(code="").values("code").order_by()
    by_code = {
        row["code"]: row
        for row in counts.annotate(
            join_count=Count("pk", filter=Q(kind=Event.Kind.JOIN)),
            request_count=Count("pk", filter=Q(kind=Event.Kind.ASK)),
        )
    }
    for join_code in found:
        row = by_code.get(join_code.code, {})
        join_code.join_count = row.get("join_count", 0)
        join_code.request_count = row.get("request_count", 0)
    return found
