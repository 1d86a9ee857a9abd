from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from classroom.access import allowed_to, refused_on
from joins import look_alikes
from joins.forms import DecisionForm
from joins.models import JoinRequest
from joins.models.decision import Decision

PER_PAGE = 50
DONE = {Decision.APPROVE: "Let in", Decision.DENY: "Denied", Decision.KEEP_OUT: "Denied and kept out"}


def show_queue(request, classroom, status=200):
    """The queue page, or for htmx its changed part."""
    page = Paginator(classroom.join_requests.queue(), PER_PAGE).get_page(request.GET.get("page"))
    look_alikes.mark(classroom, page.object_list)
    unwarned = [join_request for join_request in page if join_request.looks_like is None]
    context = {"classroom": classroom, "page": page, "unwarned": unwarned, "waiting": page.paginator.count}
    template = "joins/queue.html#queue" if request.htmx else "joins/queue.html"
    return render(request, template, context, status=status)


@require_safe
@allowed_to("see_queue")
def queue(request, classroom):
    return show_queue(request, classroom)


@require_POST
@allowed_to("decide")
@refused_on(show_queue)
def decide(request, classroom):
    form = DecisionForm(request.POST)
    if not form.is_valid():
        for sentence in form.errors.values():
            messages.error(request, sentence[0])
        return show_queue(request, classroom, status=422)
    decision = form.cleaned_data["decision"]
    found = JoinRequest.objects.decide(classroom, form.cleaned_data["request"], decision, by=request.user)
    return _outcomes(request, classroom, found)


def _outcomes(request, classroom, found):
    """Tell each outcome (Q2): who was decided now, and of the others who decided what, when (Q3)."""
    now = [join_request for join_request in found if join_request.is_new]
    if now:
        messages.success(request, _done(request.POST["decision"], now))
    for join_request in found:
        if not join_request.is_new:
            messages.error(request, join_request.told)
    if not found:
        messages.error(request, "These requests are not in this queue. Here is what waits.")
    if now and not request.htmx:
        return redirect("joins:queue", classroom.public_id)
    return trigger_client_event(show_queue(request, classroom, status=200 if now else 409), "queue-changed")


def _done(decision, now):
    names = ", ".join(join_request.name for join_request in now)
    how_many = f", {len(now)} people" if len(now) > 1 else ""
    undo = " To undo it, see who is kept out." if decision == Decision.KEEP_OUT else ""
    return f"{DONE[decision]}{how_many}: {names}.{undo}"
