"""The approval queue: who waits, and a manager's decisions. The decided requests, and undoing, are in undo.py."""

from typing import NamedTuple

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from accounts.compiled import compiled
from accounts.paginators import CompiledPaginator
from classroom.access import allowed_to, answer_refusal
from classroom.names_in_sentence import SHOWN_NAMES, names_in_sentence
from classroom.redirects import place_in_list, redirect_to_list
from joins.acts import queue as acts
from joins.acts import undo
from joins.class_list import is_listed
from joins.forms.queue import NOT_IN_QUEUE, DecisionForm, RequestsForm
from joins.models import JoinRequest
from joins.name_marks import has_warning
from joins.request_rows import mark, request_rows

PER_PAGE = 50


def show_queue(request, classroom, status=200):
    """Show the queue page, or for htmx only the part with the queue."""
    page = CompiledPaginator(_waiting, [classroom.pk], PER_PAGE).get_page(request.GET.get("page"))
    mark(classroom, page.object_list, is_whole_queue=not page.has_other_pages())
    within_quota = [join_request for join_request in page if not join_request.over_quota]
    over_quota = [join_request for join_request in page if join_request.over_quota]
    ticked = request.GET.getlist("request")  # after "Cancel" on the page of say_no()
    context = {
        "classroom": classroom,
        "page": page,
        "waiting": page.paginator.count,
        "within_quota": within_quota,
        "over_quota": over_quota,
        "rows": request_rows(within_quota, ticked),
        "rows_over_quota": request_rows(over_quota, ticked),
        "let_in": _let_in_buttons(classroom, within_quota, of_page=not over_quota),
        "let_in_over_quota": _let_in_buttons(classroom, over_quota, of_page=False),
        "codes": _count_codes(over_quota),
    }
    if page.has_other_pages() and not classroom.is_archived:
        context["queue_counts"] = acts.count_queue(classroom)
        context["newest"] = context["queue_counts"].newest
    else:
        context["newest"] = max((join_request.pk for join_request in page), default=0)
    template = "joins/queue.html#queue" if request.htmx else "joins/queue.html"
    return render(request, template, context, status=status)


@compiled(JoinRequest)
def _waiting(classroom_id):
    return JoinRequest.objects.filter(classroom=classroom_id).queue()


def _count_codes(join_requests):
    """Count the Codes that created these accounts; 0 if one of them has no Code, because a teacher signed up alone."""
    people = [join_request.user for join_request in join_requests]
    if not all(hasattr(user, "sign_up") for user in people):
        return 0
    return len({user.sign_up.join_code_id for user in people})


class LetInButton(NamedTuple):
    """A button that lets in several people at once. `who` says which: "listed", "unwarned", "page" or "these"."""

    name: str
    join_requests: list
    who: str
    is_main: bool = True


def _let_in_buttons(classroom, join_requests, of_page):
    """Return the buttons for those on the class list, and for all of these people. Neither is for one person alone.

    Both leave out people with a warning (T42), or who can't be let in. `of_page` is whether nobody else is on the page.
    """
    unwarned = [each for each in join_requests if each.user.is_active and not has_warning(each)]
    listed = [each for each in unwarned if is_listed(each)]
    everybody = "page" if of_page else "these"
    who = "unwarned" if len(unwarned) < len(join_requests) else everybody
    buttons = []
    if len(listed) > 1:
        buttons.append(LetInButton("listed", listed, "listed"))
    if len(unwarned) > max(1, len(listed)):
        buttons.append(LetInButton("page", unwarned, who, is_main=not classroom.list_kept_at))
    return buttons


def show_refusal(request, classroom, status):
    return answer_refusal(request, classroom, status, show_queue, render_rows)


@require_safe
@allowed_to("see_queue")
def queue(request, classroom):
    return show_queue(request, classroom)


@require_POST
@allowed_to("decide", refusals_on=show_refusal)
def decide(request, classroom):
    form = DecisionForm(request.POST)
    if not form.is_valid():
        for sentence in form.errors.values():
            messages.error(request, sentence[0])
        return show_refusal(request, classroom, status=422)
    if form.needs_question:
        return _redirect_to_question(request, classroom, form.cleaned_data["request"])
    decision, seen, listed = (form.cleaned_data[name] for name in ("decision", "seen", "listed"))
    if seen is not None:
        outcomes = acts.decide_all(classroom, seen, decision, by=request.user, only_listed=listed)
        left = acts.waiting_at(classroom, seen).count()
    else:
        outcomes = acts.decide(classroom, form.cleaned_data["request"], decision, by=request.user)
        left = 0
    if not outcomes:
        _say_who_decided(request, classroom, form, left)
    return _answer_decision(request, classroom, outcomes, decision, _still_waiting(left, listed))


def _say_who_decided(request, classroom, form, left=0):
    """Tell a manager who pressed too late what became of the requests that the RequestsForm is about (Q3)."""
    if form.cleaned_data["seen"] is not None:
        sentences = acts.who_decided_since(classroom, form.cleaned_data["seen"], request.user)
    else:
        asked = classroom.join_requests.filter(pk__in=form.cleaned_data["request"]).exclude(decided_at=None)
        found = asked.select_related("decided_by")[:SHOWN_NAMES]
        sentences = [join_request.who_decided(request.user) for join_request in found]
    if not sentences and not left:
        sentences = [NOT_IN_QUEUE]
    for sentence in sentences:
        messages.error(request, sentence)


def _redirect_to_question(request, classroom, ids):
    query = urlencode({"request": ids} | place_in_list(request), doseq=True)
    question = f"{reverse('joins:say_no', args=[classroom.public_id])}?{query}"
    return HttpResponseClientRedirect(question) if request.htmx else redirect(question)


@require_safe
@allowed_to("see_queue")
def say_no(request, classroom):
    """Ask before saying no to several people. The button of the page sends the same as that of the queue."""
    form = RequestsForm(request.GET)
    if not form.is_valid() or classroom.is_archived:
        return redirect_to_list(request, "joins:queue", classroom)
    seen = form.cleaned_data["seen"]
    if seen is not None:
        waiting = acts.waiting_at(classroom, seen)
    else:
        waiting = classroom.join_requests.pending().filter(pk__in=form.cleaned_data["request"])
    people = list(waiting.oldest_first().values_list("pk", "name"))
    if not people:
        _say_who_decided(request, classroom, form)
        return redirect_to_list(request, "joins:queue", classroom)
    context = {
        "classroom": classroom,
        "how_many": len(people),
        "names": [name for _, name in people[:SHOWN_NAMES]],
        "more": len(people[SHOWN_NAMES:]),
        "seen": seen,
        "ids": [pk for pk, _ in people] if seen is None else [],
    }
    return render(request, "joins/say_no.html", context)


def _still_waiting(left, listed):
    """Return the sentence about the people that an act on all who waited has left out; empty if there are none."""
    if not left:
        return ""
    who, verb = ("1 person", "is") if left == 1 else (f"{left} people", "are")
    if listed:
        return f"{who} {verb} still waiting: not on your list, or with a warning. Check who they are."
    return f"{who} with a warning {verb} still waiting. Check who they are."


def _answer_decision(request, classroom, outcomes, decision, still_waiting):
    """Show each outcome (Q2). If somebody decided a request earlier, say who decided what and when (Q3).

    `still_waiting` is a sentence about the people that an act on all who waited has left out, or empty.
    """
    now = [outcome for outcome in outcomes if outcome.is_done]
    status = 200 if now else 409
    if now and not (request.htmx and len(now) == 1):
        undoable = undo.undoable(classroom, now)
        tag = undoable.as_tag() if undoable else ""
        messages.success(request, _success_message(decision, now), extra_tags=tag)
    for outcome in outcomes:
        if not outcome.is_done and not (request.htmx and outcome.join_request.is_decided):
            messages.error(request, str(outcome))
    if still_waiting:
        messages.info(request, still_waiting)
    if request.htmx:
        announced = str(now[0]) if len(now) == 1 else ""
        rows = render_rows(request, classroom, status, outcomes=outcomes, announced=announced)
        return trigger_client_event(rows, "queue-changed")
    if now:
        return redirect_to_list(request, "joins:queue", classroom)
    return show_queue(request, classroom, status)


def render_rows(request, classroom, status=200, rows=(), **changed):
    """Answer htmx with the rows that have changed, each for its place, and with the counts of the page.

    `rows` are those that wait again.
    """
    counts = acts.count_queue(classroom)
    context = {
        "classroom": classroom,
        "waiting": counts.waiting,
        "queue_counts": counts,
        "rows": rows,
    } | changed
    context["has_other_pages"] = counts.waiting > PER_PAGE
    return render(request, "joins/_queue_answer.html", context, status=status)


def _success_message(decision, now):
    if len(now) == 1:
        return str(now[0])
    names = names_in_sentence([outcome.join_request.name for outcome in now])
    return acts.EFFECTS[decision].sentence_of_many.format(len(now), names)
