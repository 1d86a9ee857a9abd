from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh, trigger_client_event

from classroom.access import allowed_to, show_refusals_with
from classroom.views.pages import redirect_to_list
from joins import look_alikes
from joins.acts import queue as acts
from joins.acts import undo
from joins.acts.queue import Decision
from joins.forms import NOT_IN_QUEUE, DecisionForm, RequestsForm, UndoForm
from joins.models import JoinRequest

PER_PAGE = 50
SHOWN_NAMES = 5  # how many people the question "Say no to several?" names
DONE = {Decision.APPROVE: "Let in", Decision.DENY: "Said no", Decision.KEEP_OUT: "Said no and blocked"}


def show_queue(request, classroom, status=200):
    """Show the queue page, or for htmx only the part with the queue."""
    page = Paginator(classroom.join_requests.queue(), PER_PAGE).get_page(request.GET.get("page"))
    look_alikes.mark_look_alikes(classroom, page.object_list)
    classroom.join_requests.mark_denied_before(page.object_list)
    within_quota = [join_request for join_request in page if not join_request.over_quota]
    over_quota = [join_request for join_request in page if join_request.over_quota]
    context = {
        "classroom": classroom,
        "page": page,
        "waiting": page.paginator.count,
        "within_quota": within_quota,
        "over_quota": over_quota,
        "unwarned": _without_warning(within_quota),
        "unwarned_over_quota": _without_warning(over_quota),
        "codes": {join_request.user.sign_up.join_code_id for join_request in over_quota},
    }
    template = "joins/queue.html#queue" if request.htmx else "joins/queue.html"
    return render(request, template, context, status=status)


def _without_warning(join_requests):
    return [
        join_request
        for join_request in join_requests
        if join_request.looks_like is None and join_request.user.is_active
    ]


def show_refusal(request, classroom, status):
    """Show the queue page with the message; for htmx only the message, so that no row moves under a pointer (J10).

    In an archived class nobody can decide, so htmx reloads the page.
    """
    if not request.htmx:
        return show_queue(request, classroom, status)
    if classroom.is_archived:
        return HttpResponseClientRefresh()
    return _render_outcomes(request, classroom, [], status)


@require_safe
@allowed_to("see_queue")
def queue(request, classroom):
    return show_queue(request, classroom)


@require_POST
@allowed_to("decide")
@show_refusals_with(show_refusal)
def decide(request, classroom):
    form = DecisionForm(request.POST)
    if not form.is_valid():
        for sentence in form.errors.values():
            messages.error(request, sentence[0])
        return show_refusal(request, classroom, status=422)
    if form.needs_question:
        return _redirect_to_question(request, classroom, form.cleaned_data["request"])
    decision = form.cleaned_data["decision"]
    outcomes = acts.decide(classroom, form.cleaned_data["request"], decision, by=request.user)
    return _answer_decision(request, classroom, outcomes, decision)


def _redirect_to_question(request, classroom, ids):
    place = {"page": request.GET["page"]} if request.GET.get("page") else {}
    query = urlencode({"request": ids} | place, doseq=True)
    question = f"{reverse('joins:say_no', args=[classroom.public_id])}?{query}"
    return HttpResponseClientRedirect(question) if request.htmx else redirect(question)


@require_safe
@allowed_to("see_queue")
def say_no(request, classroom):
    """Ask before saying no to several people. The button of the page sends the same as that of the queue."""
    form = RequestsForm(request.GET)
    ids = form.cleaned_data["request"] if form.is_valid() else []
    waiting = list(classroom.join_requests.queue().filter(pk__in=ids))
    if not waiting or classroom.is_archived:
        return redirect_to_list(request, "joins:queue", classroom)
    context = {"classroom": classroom, "waiting": waiting, "more": len(waiting[SHOWN_NAMES:])}
    return render(request, "joins/say_no.html", context)


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
    page = Paginator(classroom.join_requests.decided(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "joins/decided.html", {"classroom": classroom, "page": page})


@require_POST
@of_its_class
@allowed_to("decide")
@show_refusals_with(show_refusal)
def undo_decision(request, classroom, request_id):
    join_request = classroom.join_requests.get(pk=request_id)
    undo.undo(join_request, by=request.user, event_id=UndoForm(request.POST).event_id)
    sentence = f"{join_request.name} waits again."
    if request.htmx:
        waits = list(classroom.join_requests.queue().filter(pk=request_id))
        look_alikes.mark_look_alikes(classroom, waits)
        classroom.join_requests.mark_denied_before(waits)
        answer = _render_rows(request, classroom, join_requests=waits, announced=sentence)
        return trigger_client_event(answer, "queue-changed")
    messages.success(request, sentence)
    return redirect_to_list(request, "joins:queue", classroom)


@require_POST
@of_its_class
@allowed_to("decide")
@show_refusals_with(show_refusal)
def let_in(request, classroom, request_id):
    join_request = classroom.join_requests.get(pk=request_id)
    outcome = undo.let_in(join_request, by=request.user)
    return _answer_decision(request, classroom, [outcome], Decision.APPROVE)


def _answer_decision(request, classroom, outcomes, decision):
    """Show each outcome (Q2). If somebody decided a request earlier, say who decided what and when (Q3)."""
    now = [outcome for outcome in outcomes if outcome.is_new]
    status = 200 if now else 409
    if now and not request.htmx:
        # With the request and its decision as a tag, _flash.html draws the Undo button.
        undone_by = f"undo {now[0].join_request.pk} {now[0].event_id}" if len(now) == 1 else ""
        messages.success(request, _success_message(decision, now), extra_tags=undone_by)
    for outcome in outcomes:
        if not outcome.is_new and not (request.htmx and outcome.join_request.is_decided):
            messages.error(request, str(outcome))
    if not outcomes:
        messages.error(request, NOT_IN_QUEUE)
    if request.htmx:
        return trigger_client_event(_render_outcomes(request, classroom, outcomes, status), "queue-changed")
    return (
        redirect_to_list(request, "joins:queue", classroom) if now else show_queue(request, classroom, status)
    )


def _render_outcomes(request, classroom, outcomes, status):
    """Answer htmx with the outcome of each row, which replaces the row."""
    announced = " ".join(str(outcome) for outcome in outcomes if outcome.is_new)
    return _render_rows(request, classroom, status, outcomes=outcomes, announced=announced)


def _render_rows(request, classroom, status=200, **rows):
    context = {"classroom": classroom, "waiting": classroom.join_requests.pending().count()} | rows
    return render(request, "joins/_decided.html", context, status=status)


def _success_message(decision, now):
    names = ", ".join(outcome.join_request.name for outcome in now)
    if len(now) == 1:
        return f"{DONE[decision]}: {names}."
    return f"{DONE[decision]}, {len(now)} people: {names}. You can undo this under Recent decisions."
