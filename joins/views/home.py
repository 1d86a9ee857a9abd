from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.compiled import compiled
from accounts.folding import InOrder
from accounts.paginators import CompiledPaginator
from classroom.access import check_not_too_soon, not_found_if_deleted
from classroom.exceptions import Refusal
from classroom.models import Membership
from classroom.redirects import redirect_to_next
from joins import wish
from joins.forms.code import CodeForm
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
        check_not_too_soon(request)
        join_request.withdraw()
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return show_home(request, status=refusal.status)
    messages.success(request, f"You have cancelled your request to join {join_request.class_name}.")
    return redirect("joins:home")


@require_POST
def hide_first_steps(request):
    """Put away the first steps on the page of a teacher's first class. A second press does the same (J10)."""
    request.user.hide_first_steps()
    return redirect_to_next(request, "joins:home")


def _home_context(request):
    mine = [request.user.pk]
    return {
        "memberships": CompiledPaginator(_current, mine, PER_PAGE).get_page(request.GET.get("page")),
        "archived": CompiledPaginator(_archived, mine, PER_PAGE).get_page(request.GET.get("archived")),
        # Called by the template, and only if the counts in the head of the page say that there are some.
        "pending": partial(_pending_requests_of, request.user),
        "form": CodeForm(initial=wish.initial_values(request)),
    }


def _memberships(user_id):
    mine = Membership.objects.filter(user=user_id).with_role_now().select_related("classroom")
    return mine.order_by(InOrder("classroom__sort_name"), "pk")


@compiled(Membership)
def _current(user_id):
    queue = JoinRequest.objects.pending().managed_by(user_id).filter(classroom=OuterRef("classroom"))
    codes = JoinCode.objects.filter(classroom=OuterRef("classroom"))
    return (
        _memberships(user_id)
        .filter(classroom__archived_at=None)
        .annotate(
            waiting=Subquery(aggregated(queue, "status")),
            is_unlocked=Exists(codes.unlocked()),
            locks_soon_at=Subquery(codes.in_last_days().values("locks_at")),
        )
    )


@compiled(Membership)
def _archived(user_id):
    return _memberships(user_id).exclude(classroom__archived_at=None)


@compiled(JoinRequest)
def _pending(user_id):
    mine = JoinRequest.objects.pending().with_waits_long().filter(user=user_id)
    return mine.select_related("classroom").order_by("asked_at", "pk")


def _pending_requests_of(user):
    answering = Membership.objects.answering().owner_first()
    pending = _pending.all(user.pk)
    prefetch_related_objects(pending, Prefetch("classroom__memberships", answering, to_attr="answering"))
    return pending
