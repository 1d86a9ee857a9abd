"""The requests that are decided: undo a decision, or let somebody in after all. The queue is in queue.py."""

from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.paginators import ShortPaginator
from classroom.access import allowed_to, answer_refusal
from classroom.names_in_sentence import SHOWN_NAMES, names_in_sentence
from classroom.redirects import redirect_to_list
from joins.acts import undo as acts
from joins.decision_lines import PER_PAGE, as_text, for_lines, lines_of, read_lines
from joins.forms.queue import UndoAllForm, UndoForm
from joins.models import JoinRequest
from joins.request_rows import mark, request_rows
from joins.views.queue import render_rows, show_refusal

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
    """Show the page. After an act it has the lines that it had before, so that nobody comes under a pointer (J10)."""
    decided = classroom.join_requests.decided()

    def read(of_page):
        """Join people only to this page: to join them to all decisions, PostgreSQL would read every account."""
        return list(for_lines(decided.filter(pk__in=of_page.values("pk"))))

    page = ShortPaginator(decided, PER_PAGE, read).get_page(request.GET.get("page"))
    shown = request.POST.get("lines") or request.GET.get("lines", "")
    lines = read_lines(classroom, shown, request.user) or lines_of(classroom, page, request.user)
    context = {"classroom": classroom, "page": page, "lines": lines, "lines_text": as_text(lines)}
    return render(request, "joins/decided.html", context, status=status)


def _is_of_decided(request):
    """Return whether the button stood on the page of recent decisions, as its form says.

    Its answer stays on that page: in the queue, "Block" of somebody who waits may be where "Undo" was (J10).
    """
    return "lines" in request.POST


def _answer_in_its_line(request, classroom, line, sentence):
    """Answer an act on the page of recent decisions. `line` is the line that it changes, as as_text() writes it.

    htmx gets that line alone. Without it the page comes back with all of its lines, at this one.
    """
    if request.htmx:
        return trigger_client_event(_render_line(request, classroom, line, sentence), "queue-changed")
    messages.success(request, sentence)
    response = redirect_to_list(request, "joins:decided", classroom, lines=request.POST.get("lines"))
    response["Location"] += f"#decided-{line}"
    return response


def _render_line(request, classroom, line="", sentence="", status=200):
    context = {
        "classroom": classroom,
        "lines": read_lines(classroom, line, request.user),
        "lines_text": request.POST.get("lines", ""),
        "sentence": sentence,
    }
    return render(request, "joins/_decided_line.html", context, status=status)


def _show_refusal(request, classroom, status):
    if _is_of_decided(request):
        return answer_refusal(request, classroom, status, show_decided, _show_line)
    return show_refusal(request, classroom, status)


def _show_line(request, classroom, status):
    """Show the line and what is so now, because somebody else may have undone the decision."""
    line = request.resolver_match.kwargs.get("request_id") or request.POST.get("line", "")
    return _render_line(request, classroom, str(line), status=status)


@require_POST
@of_its_class
@allowed_to("undo_decisions", refusals_on=_show_refusal)
def undo_decision(request, classroom, request_id):
    join_request = classroom.join_requests.get(pk=request_id)
    acts.undo(join_request, by=request.user, event_id=UndoForm(request.POST).event_id)
    sentence = f"{join_request.name} is waiting again."
    if _is_of_decided(request):
        return _answer_in_its_line(request, classroom, str(request_id), sentence)
    if request.htmx:
        waits = list(classroom.join_requests.queue().filter(pk=request_id))
        mark(classroom, waits)
        answer = render_rows(request, classroom, rows=request_rows(waits), announced=sentence)
        return trigger_client_event(answer, "queue-changed")
    messages.success(request, sentence)
    return redirect_to_list(request, "joins:queue", classroom)


@require_POST
@allowed_to("undo_decisions", refusals_on=_show_refusal)
def undo_decisions(request, classroom):
    """Undo all that one press has decided, and say for whom that is too late."""
    form = UndoAllForm(request.POST)
    sent = form.cleaned_data if form.is_valid() else {"first": 0, "last": 0, "line": ""}
    undone = acts.undo_all(classroom, sent["first"], sent["last"], by=request.user)
    for sentence in undone.others[:SHOWN_NAMES]:
        messages.error(request, sentence)
    if more := len(undone.others[SHOWN_NAMES:]):
        messages.error(request, f"{more} more can't be undone either. The history shows what happened.")
    if not undone.names and not undone.others:
        messages.error(request, NOTHING_TO_UNDO)
    if not undone.names:
        return _show_refusal(request, classroom, status=409)
    n, names = len(undone.names), names_in_sentence(undone.names)
    sentence = f"{names} is waiting again." if n == 1 else f"{n} people are waiting again: {names}."
    if _is_of_decided(request):
        return _answer_in_its_line(request, classroom, sent["line"], sentence)
    messages.success(request, sentence)
    return redirect_to_list(request, "joins:queue", classroom)


@require_POST
@of_its_class
@allowed_to("decide", refusals_on=_show_refusal)
def let_in_after_all(request, classroom, request_id):
    join_request = classroom.join_requests.get(pk=request_id)
    acts.let_in_after_all(join_request, by=request.user, event_id=UndoForm(request.POST).event_id)
    return _answer_in_its_line(request, classroom, str(request_id), f"{join_request.name} is in.")
