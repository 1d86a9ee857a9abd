"""Report that a Code has leaked (T30)."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from classroom.access import allowed_to, show_refusals_with
from joins.acts import leak as acts
from joins.exceptions import CodeChanged
from joins.forms import LeakForm, datetime_local, exact
from joins.models import JoinCode
from joins.times import format_moment, midnight
from joins.views.code import show_door_panel

MOST_SHOWN = 200  # people on the page at most


@require_http_methods(["GET", "HEAD", "POST"])
@allowed_to("report_leak")
@show_refusals_with(show_door_panel)
def report_leak(request, classroom):
    current = JoinCode.objects.with_now().current_of(classroom)
    if request.method != "POST":
        classroom.check_not_archived(request.user)
        return _show_leak(request, classroom, current, LeakForm(request.GET))
    form = LeakForm(request.POST)
    leaked = form.shown_code(current)
    try:
        chosen = {name: form.cleaned_data[name] for name in ("since", "keep")}
        moved = acts.report_leak(leaked, by=request.user, **chosen)
    except CodeChanged:
        report = acts.reports_of(leaked, by=request.user).first()
        if report is None:
            raise
        waiting = classroom.join_requests.pending().filter(moved_to_queue=True)
        moved = waiting.filter(asked_at__gte=report.at).count()
    sentence = "The old Code no longer works, and the new one is locked: unlock it when you share it."
    messages.success(request, f"{sentence} Moved to the queue: {moved}.")
    return redirect("joins:queue", classroom.public_id)


def _show_leak(request, classroom, current, form):
    since = form.cleaned_data["since"] if form.is_valid() else None
    joined = current.members_joined(since)
    context = {
        "classroom": classroom,
        "join_code": current,
        "form": form,
        "since": since and exact(since),
        "since_typed": since and datetime_local(since),
        "moment": since and format_moment(since),
        "choices": list(leak_choices(current.now)),
        "how_many": joined.count(),
        "members": joined.select_related("user")[:MOST_SHOWN],
    }
    return render(request, "joins/report_leak.html", context)


def leak_choices(now):
    yield "Since it was made", ""
    yield "Today", exact(midnight(now))
    yield "In the last hour", exact(now - timedelta(hours=1))
