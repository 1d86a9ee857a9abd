"""Show who joined today, and move people nobody knows to the queue (T30)."""

from django.contrib import messages
from django.db.models import Case, Count, Max, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.paginators import ShortPaginator
from accounts.times import midnight
from classroom.access import allowed_to, answer_refusal
from classroom.acts import class_list
from classroom.models import Door
from classroom.models.listed_name import slip_name
from classroom.redirects import redirect_to_list
from classroom.same_name import exact
from joins.acts import move_to_queue as acts
from joins.class_list import attendance
from joins.times import exact_moment

PER_PAGE = 50


def show_today(request, classroom, status=200):
    """Show the page, or for htmx only the list; 204 if an open page asks and nothing has changed."""
    joined_today = classroom.memberships.joined_today()
    by_door = _count_by_door(joined_today)
    version = ".".join(
        [
            f"{classroom.is_archived:d}",
            class_list.version(classroom),
            *(f"{row['n']}-{row['newest']}" for row in by_door),
        ]
    )
    if request.htmx and request.GET.get("v") == version:
        return HttpResponse(status=204)
    people = joined_today.select_related("user").annotate(slip_name=slip_name())
    page = ShortPaginator(people, PER_PAGE).get_page(request.GET.get("page"))
    for member in page:
        name = member.slip_name
        member.has_other_name = bool(name) and exact(name) != exact(member.user.full_name)
    context = {"classroom": classroom, "page": page, "by_door": by_door, "version": version}
    context["midnight"] = exact_moment(midnight())
    context["attendance"] = attendance(classroom)
    template = "joins/today.html#today" if request.htmx else "joins/today.html"
    return render(request, template, context, status=status)


def show_refusal(request, classroom, status):
    return answer_refusal(request, classroom, status, show_today, _render_outcome)


def _render_outcome(request, classroom, status=200, gone=None, sentence=""):
    """Answer htmx: `sentence` replaces the row of `gone`, a member. After a refusal there is neither."""
    by_door = _count_by_door(classroom.memberships.joined_today())
    context = {
        "gone": gone,
        "sentence": sentence,
        "by_door": by_door,
        "today": sum(row["n"] for row in by_door),
    }
    return render(request, "joins/_moved_to_queue.html", context, status=status)


def _count_by_door(memberships):
    """Return a dict for each door and Code: `door`, `of_code`, `n` memberships, and the pk of the `newest`.

    The slips are counted together.
    """
    of_code = Case(When(door=Door.SLIP, then=Value("")), default="code")
    by_door = memberships.annotate(of_code=of_code).order_by("door", "of_code").values("door", "of_code")
    return list(by_door.annotate(n=Count("pk"), newest=Max("pk")))


@require_safe
@allowed_to("see_today")
def today(request, classroom):
    return show_today(request, classroom)


@require_POST
@allowed_to("move_to_queue", refusals_on=show_refusal)
def move_to_queue(request, classroom, username):
    user = acts.move_to_queue(classroom, username, by=request.user)
    sentence = f"{user.full_name} is now waiting in the approval queue."
    if request.htmx:
        response = _render_outcome(request, classroom, gone=user, sentence=sentence)
        return trigger_client_event(response, "queue-changed")
    messages.success(request, sentence)
    return redirect_to_list(request, "joins:today", classroom)
