"""The requests that are decided: undo a decision, or let somebody in after all. The queue is in queue.py."""

from functools import wraps
from itertools import groupby

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.pages import ShortPaginator
from classroom.access import allowed_to, show_refusals_with
from classroom.views.pages import redirect_to_list
from joins import look_alikes
from joins.acts import undo as acts
from joins.acts.queue import Decision
from joins.forms import UndoAllForm, UndoForm
from joins.models import JoinRequest
from joins.request_rows import mark_denied_before, request_rows
from joins.views.queue import (
    PER_PAGE,
    SHOWN_NAMES,
    answer_decision,
    listed,
    render_rows,
    show_refusal,
)

NOTHING_TO_UNDO = "There's nothing to undo here any more. The history shows what happened."


def of_its_class(view):
    """Pass the public_id of the request's class to the view, as allowed_to() needs it. 404 if there is no request."""

    @wraps(view)
    def decorated(request, request_id):
        found = JoinRequest.objects.filter(pk=request_id).values_list("classroom__public_id", flat=True)
        public_id = found.first()
        if public_id is None:
            raise Http404
        return view(request, public_id=public_id, request_id=request_id)

    return decorated


@require_safe
@allowed_to("see_queue")
def decided(request, classroom):
    return show_decided(request, classroom)


def show_decided(request, classroom, status=200):
    decided = classroom.join_requests.decided()

    def read(of_page):
        """Join people only to this page: to join them to all decisions, PostgreSQL would read every account."""
        return list(decided.filter(pk__in=of_page.values("pk")).for_undoing().with_blocks())

    page = ShortPaginator(decided, PER_PAGE, read).get_page(request.GET.get("page"))
    context = {
        "classroom": classroom,
        "page": page,
        "presses": _by_press(classroom, page, request.user),
        "undo_leads_back_here": True,
    }
    return render(request, "joins/decided.html", context, status=status)


def _is_of_decided(request):
    """Return whether the button stood on the page of recent decisions, as its form says.

    Its answer stays on that page: in the queue, "Block" of somebody who waits may be where "Undo" was (J10).
    """
    return "decided" in request.POST


def _redirect_to_its_page(request, classroom):
    name = "joins:decided" if _is_of_decided(request) else "joins:queue"
    return redirect_to_list(request, name, classroom)


def _show_its_page(request, classroom, status):
    show = show_decided if _is_of_decided(request) else show_refusal
    return show(request, classroom, status)


def _by_press(classroom, decided, user):
    """Return a dict for each press that `user` can undo as a whole, and for each other decision of the page."""
    runs = [list(run) for _, run in groupby(decided, key=lambda one: (one.decided_at, one.decided_by_id))]
    is_recent = any(len(run) > 1 and run[0].is_within_undo for run in runs) and not classroom.is_archived
    recent = acts.recent_presses(classroom, user) if is_recent else []
    found = []
    for run in runs:
        moves = [one.last_move for one in run if one.decision_stands]
        press = [press for press in recent if len(moves) > 1 and press[0] <= moves[0] <= press[1]]
        if press:
            names = listed([one.name for one in reversed(run)])
            undoable = acts.Undoable(classroom.public_id, run[0].pk, *press[0], len(run))
            found.append({"join_requests": run, "names": names, "undoable": undoable})
        else:
            found += [{"join_requests": [one]} for one in run]
    return found


@require_POST
@of_its_class
@allowed_to("decide")
@show_refusals_with(_show_its_page)
def undo_decision(request, classroom, request_id):
    join_request = classroom.join_requests.get(pk=request_id)
    acts.undo(join_request, by=request.user, event_id=UndoForm(request.POST).event_id)
    sentence = f"{join_request.name} is waiting again."
    if request.htmx:
        waits = list(classroom.join_requests.queue().filter(pk=request_id))
        look_alikes.mark_look_alikes(classroom, waits)
        mark_denied_before(classroom, waits)
        answer = render_rows(request, classroom, rows=request_rows(waits), announced=sentence)
        return trigger_client_event(answer, "queue-changed")
    messages.success(request, sentence)
    return _redirect_to_its_page(request, classroom)


@require_POST
@allowed_to("undo_decisions")
@show_refusals_with(_show_its_page)
def undo_decisions(request, classroom):
    """Undo all that one press has decided, and say for whom that is too late."""
    form = UndoAllForm(request.POST)
    sent = form.cleaned_data if form.is_valid() else {"first": 0, "last": 0}
    undone = acts.undo_all(classroom, sent["first"], sent["last"], by=request.user)
    if undone.names:
        n, names = len(undone.names), listed(undone.names)
        messages.success(
            request, f"{names} is waiting again." if n == 1 else f"{n} people are waiting again: {names}."
        )
    for sentence in undone.others[:SHOWN_NAMES]:
        messages.error(request, sentence)
    if more := len(undone.others[SHOWN_NAMES:]):
        messages.error(request, f"{more} more can't be undone either. The history shows what happened.")
    if not undone.names and not undone.others:
        messages.error(request, NOTHING_TO_UNDO)
    if undone.names:
        return _redirect_to_its_page(request, classroom)
    return _show_its_page(request, classroom, status=409)


@require_POST
@of_its_class
@allowed_to("decide")
@show_refusals_with(show_decided)
def let_in_after_all(request, classroom, request_id):
    join_request = classroom.join_requests.get(pk=request_id)
    outcome = acts.let_in_after_all(join_request, by=request.user)
    return answer_decision(request, classroom, [outcome], Decision.APPROVE, back_to="joins:decided")
