"""Report that a Code has leaked (T30)."""

from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

from django.contrib import messages
from django.db.models import Max
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.too_soon import is_too_soon
from classroom.access import allowed_to
from joins.acts import leak as acts
from joins.exceptions import CodeChanged
from joins.forms.code import ShownCodeForm
from joins.forms.leak import LeakForm
from joins.models import JoinCode
from joins.times import datetime_local, exact_moment
from joins.views.code import show_door_panel

MOST_SHOWN = 200  # people in the list at most, beside those who are ticked
# People; each is a field of the form, and a request has at most DATA_UPLOAD_MAX_NUMBER_FIELDS.
MOST_TICKED = 900
QUIET = timedelta(hours=1)  # how long nobody joins between the class and a crowd, or between two crowds


def _show_refusal(request, classroom, status):
    """After a press that came too soon the page comes again, with what was chosen (J10)."""
    if is_too_soon(request) and not classroom.is_archived:
        form, current = LeakForm(request.POST), JoinCode.objects.get_current(classroom)
        with suppress(CodeChanged):
            return _show_leak(request, classroom, form.shown_code(current), form, status)
    return show_door_panel(request, classroom, status)


@allowed_to("report_leak", refusals_on=_show_refusal)
def report_leak(request, classroom):
    """Show the page, count again, or act. The act needs the press of somebody who has seen the sentence about it."""
    classroom.check_not_archived(request.user)
    current = JoinCode.objects.get_current(classroom)
    if request.method != "POST":
        leaked = ShownCodeForm(request.GET).shown_code(current)
        return _show_leak(request, classroom, leaked, LeakForm(_with_default(request.GET, leaked)))
    form = LeakForm(request.POST)
    leaked = form.shown_code(current)
    # The form sends itself after a change (count_again.js), which is no press, even if it was counted already.
    only_counts = request.htmx or "count" in request.POST
    if only_counts or not form.is_valid() or form.choice != form.cleaned_data["counted"]:
        return _show_leak(request, classroom, leaked, form)
    seen = form.cleaned_data["seen"] or 0
    report = acts.report_leak(leaked, by=request.user, seen=seen, **form.who_goes)
    return _answer(request, classroom, leaked, report)


def _answer(request, classroom, leaked, report):
    """Say what has happened. Who joined while the page was open stays; the page comes again with them ticked."""
    stay = classroom.memberships.plain().count()
    moved = f"Moved to the queue: {report.moved or 'nobody'}. Still in the class: {stay or 'nobody'}."
    locked = "The old Code no longer works, and the new one is locked: unlock it when you share it."
    messages.success(request, f"{locked} {moved}" if report.is_reset else moved)
    if not report.later:
        return redirect("joins:queue", classroom.public_id)
    messages.warning(request, _late_sentence(len(report.later)))
    ticked = {"join_code": leaked.pk, "who": "pick", "pick": [user.pk for user in report.later[:MOST_SHOWN]]}
    page = reverse("joins:report_leak", args=[classroom.public_id])
    return redirect(f"{page}?{urlencode(ticked, doseq=True)}")


def _late_sentence(n):
    if n > MOST_SHOWN:
        return (
            f"{n} more joined while you were looking. The latest {MOST_SHOWN} are ticked here. "
            "To move all of them, choose a time instead."
        )
    if n == 1:
        return "1 more joined while you were looking, and is ticked here."
    return f"{n} more joined while you were looking, and are ticked here."


def _show_leak(request, classroom, leaked, form, status=None):
    seen = classroom.events.aggregate(seen=Max("pk"))["seen"]  # before anybody is counted
    context = {"classroom": classroom, "join_code": leaked, "form": form, "seen": seen}
    context["is_reported"] = leaked.retired_at and acts.reports_of(leaked).exists()
    context["earlier"] = (
        JoinCode.objects.retired_with_members(classroom).first() if leaked.retired_at is None else None
    )
    context["how_many"] = leaked.members_joined().count()
    if form.is_valid():
        context["go"] = acts.who_goes(leaked, **form.who_goes).count()
        context["stay"] = classroom.memberships.plain().count() - context["go"]
    since = form.cleaned_data.get("since")
    context["since"] = since and datetime_local(since)
    has_picks = request.htmx and "has_picks" in request.POST
    # The list also comes, hidden, with ticks beside another choice, which may be wrong: nobody is ticked twice.
    if (form.cleaned_data.get("who") == "pick" or form.cleaned_data.get("pick")) and not has_picks:
        context |= _list(leaked, form)
    if request.htmx:
        return render(request, "joins/_leak_count.html", context)
    is_refused = request.method == "POST" and form.errors
    return render(request, "joins/report_leak.html", context, status=status or (422 if is_refused else 200))


def _list(leaked, form):
    """Return the people in the list: those who are ticked already, then the latest that the search has found.

    There are never more than MOST_TICKED, so that the page can be sent with all of them ticked.
    """
    joined = leaked.members_joined().select_related("user")
    ticked = list(joined.filter(user__in=form.cleaned_data.get("pick", [])))
    found = joined.search(form.cleaned_data.get("q", ""))
    unticked = found.exclude(pk__in=[one.pk for one in ticked])
    room = min(MOST_SHOWN, max(MOST_TICKED - len(ticked), 0))
    members = list(unticked[: room + 1])
    return {
        "ticked": ticked,
        "members": members[:room],
        "has_more": len(members) > room,
        "found": found.count(),
    }


def _with_default(query, leaked):
    data = query.copy()
    joined = leaked.members_joined().values_list("joined_at", flat=True)
    data.setdefault("since", exact_moment(start_of_latest_run(list(joined) or [leaked.created_at])))
    if not joined:
        data["who"] = "everyone"  # the page has no other choice, so the sentence has to be about this one
    return data


def start_of_latest_run(moments):
    """Return the full hour, in the user's time zone, in which the latest of several joins in a row began.

    `moments` are the latest first, and at least one. Strangers come together, and usually long after the class.
    """
    began = next((later for later, earlier in pairwise(moments) if later - earlier >= QUIET), moments[-1])
    return timezone.localtime(began).replace(minute=0, second=0, microsecond=0)
