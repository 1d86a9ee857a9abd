from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.folding import InOrder
from classroom.access import not_found_if_deleted
from classroom.exceptions import Refusal
from classroom.models import Membership
from joins import wish
from joins.context import Counts
from joins.forms import CodeForm
from joins.models import JoinCode, JoinRequest
from joins.models.subqueries import aggregated

PER_PAGE = 24  # cards


@login_not_required
@require_safe
def home(request):
    if not request.user.is_authenticated:
        return render(request, "joins/home.html", {"form": CodeForm()})
    return show_home(request)


def show_home(request, status=200):
    return render(request, "joins/home.html", _home_context(request), status=status)


@require_POST
@not_found_if_deleted
def withdraw_request(request, request_id):
    mine = request.user.join_requests.select_related("classroom")
    join_request = get_object_or_404(mine, pk=request_id)
    join_request.user = request.user
    try:
        join_request.withdraw()
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return show_home(request, status=refusal.status)
    messages.success(request, f"You have cancelled your request to join {join_request.class_name}.")
    return redirect("joins:home")


@require_safe
def waiting(request):
    """Answer the request that an open page sends every few seconds: 204 if nothing has changed."""
    counts = Counts(request.user)
    if request.GET.get("v") == counts.version:
        return HttpResponse(status=204)
    return trigger_client_event(render(request, "joins/_counts.html", {"counts": counts}), "counts-changed")


def _home_context(request):
    mine = request.user.memberships.select_related("classroom")
    mine = mine.order_by(InOrder("classroom__sort_name"), "pk")
    archived = mine.exclude(classroom__archived_at=None)
    queue = JoinRequest.objects.pending().managed_by(request.user).filter(classroom=OuterRef("classroom"))
    codes = JoinCode.objects.filter(classroom=OuterRef("classroom"))
    current = mine.filter(classroom__archived_at=None).annotate(
        waiting=Subquery(aggregated(queue, "status")),
        is_unlocked=Exists(codes.unlocked()),
        locks_soon_at=Subquery(codes.in_last_days().values("locks_at")),
    )
    return {
        "memberships": Paginator(current, PER_PAGE).get_page(request.GET.get("page")),
        "archived": Paginator(archived, PER_PAGE).get_page(request.GET.get("archived")),
        "pending": _pending_requests_of(request.user),
        "form": CodeForm(initial=wish.initial_code(request)),
    }


def _pending_requests_of(user):
    answering = Membership.objects.managers().select_related("user").order_by("-role", "pk")
    return (
        JoinRequest.objects.pending()
        .filter(user=user)
        .select_related("classroom")
        .prefetch_related(Prefetch("classroom__memberships", answering, to_attr="answering"))
        .order_by("asked_at", "pk")
    )
