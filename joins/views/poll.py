from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh, trigger_client_event

from joins.context_processors import Counts


@require_safe
def poll(request):
    """Answer the request that an open page sends every few seconds: 204 if nothing has changed.

    A page of a class names the class, so that its own numbers are counted, too. The page also says whose it is. If
    somebody else has logged in since, it is loaded again: parts of it would come for them, under another name (J11).
    So is a manager's page if they manage the class no more, or it is deleted: it shows a Code, or names (C2).
    """
    own = str(request.user.pk)
    if request.GET.get("of", own) != own:
        messages.info(request, f"You're logged in as {request.user.full_name} now.")
        return HttpResponseClientRefresh()
    counts = Counts(request.user, request.GET.get("in", ""))
    if "manages" in request.GET and not counts.members:
        if request.user.memberships.filter(classroom__public_id=counts.public_id).exists():
            messages.info(request, "You don't manage this class any more.")
        answer = HttpResponseClientRefresh()
        answer.status_code = HTTPStatus.NOT_FOUND
        return answer
    if request.GET.get("v") == counts.version:
        return HttpResponse(status=204)
    return trigger_client_event(render(request, "joins/_counts.html", {"counts": counts}), "counts-changed")
