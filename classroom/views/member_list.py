"""The list of members, on a page of its own and on the page of the class. The acts on members are in members.py."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.compiled import compiled
from accounts.paginators import CompiledPaginator, ShortPaginator
from classroom.access import allowed_to
from classroom.member_rows import classmate_rows, describe_way, member_rows, paper_rows
from classroom.models import Membership
from classroom.models.membership_queryset import SORTS, MembershipQuerySet
from classroom.models.shown_members import ManagedMember, usual_way
from classroom.redirects import PK, place_in_list, ticked_in_list

PER_PAGE = 50
# The part of the members that a manager wants to see. Everybody, if it's none of these.
PARTS = {
    "teachers": lambda members: members.teachers(),
    "today": lambda members: members.joined_today(),
}


@require_safe
@allowed_to("see_class")
def members(request, classroom):
    return show_members(request, classroom)


@require_safe
@allowed_to("print_members")
def print_members(request, classroom):
    """Show everybody on one page, to print; the pages of the list show 50 each."""
    sort = _chosen_sort(request)
    members = paper_rows(classroom.memberships.as_listed(sort).values_for_list(), sort)
    return render(request, "classroom/print_members.html", {"classroom": classroom, "members": members})


def show_members(request, classroom, status=200):
    return render(request, "classroom/members.html", list_context(request, classroom), status=status)


def list_context(request, classroom):
    """Return the template context for a list of members.

    Only managers can search, because searching by username would show other members' usernames, and only they can
    choose the order (A6, T11).
    """
    membership = request.membership
    context = {"classroom": classroom, "membership": membership, "may": membership.rights}
    seen = classroom.memberships.seen_by(membership)
    if not membership.is_manager:
        page = _page_of(request, seen.as_classmates_see(), MembershipQuerySet.values_for_list)
        return context | {"page": page, "members": classmate_rows(page, membership)}
    q, part, sort = _searched(request), _chosen_part(request), _chosen_sort(request)
    is_usual_list = membership.sees_everybody and sort == "last" and not (q or part)
    if is_usual_list:
        page = CompiledPaginator(_managed_members, [classroom.pk], PER_PAGE).get_page(request.GET.get("page"))
    else:
        page = _page_of(request, _found(request, seen), MembershipQuerySet.values_for_managers)
    ticked = ticked_in_list(request)
    on_page = {str(member.user_id) for member in page}
    elsewhere = [pk for pk in ticked if pk not in on_page]
    usual = None if sort in ("joined", "door") else usual_way(page)
    return context | {
        "page": page,
        "members": member_rows(page, membership, sort, usual, classroom.is_archived, ticked),
        "q": q,
        "sort": sort,
        "part": part,
        "chooses": "choose" in request.GET,
        "place": place_in_list(request),
        "ticked_elsewhere": _still_members(classroom, elsewhere) if elsewhere else [],
        "member_count": seen.count() if q or part else page.paginator.count,
        "usual": describe_way(usual),
    }


def _still_members(classroom, ticked):
    """Return those of these pks, as texts, whose people are in the class: the address may be from before an act."""
    user_ids = [int(pk) for pk in ticked if PK.fullmatch(pk)]
    return [str(pk) for pk in _user_ids(classroom.memberships.filter(user__in=user_ids).order_by("pk"))]


def beside_in_list(request, classroom, user_ids):
    """Return the pk of the person whose row will be where these people's first row is now, when they have gone.

    If nobody is below, it's the person above. None if these people aren't on the page of the list, or fill it.
    The page that asks sends it, so that a second press also leads there.
    """
    page = _page_of(request, _found(request, classroom.memberships), _user_ids)
    first = next((place for place, user_id in enumerate(page) if user_id in user_ids), None)
    if first is None:
        return None
    nearest = [*page[first:], *reversed(page[:first])]
    return next((user_id for user_id in nearest if user_id not in user_ids), None)


def _user_ids(members):
    return list(members.values_list("user_id", flat=True))


def _found(request, members):
    """Filter and sort these members as the manager has chosen."""
    part = _chosen_part(request)
    members = PARTS[part](members) if part else members
    return members.search(_searched(request)).as_listed(_chosen_sort(request))


def _searched(request):
    return request.GET.get("q", "").strip()[:60]


def _chosen_part(request):
    part = request.GET.get("part")
    return part if part in PARTS else ""


def _chosen_sort(request):
    sort = request.GET.get("sort")
    return sort if sort in SORTS else "last"


def _page_of(request, members, read):
    return ShortPaginator(members, PER_PAGE, read).get_page(request.GET.get("page"))


@compiled(ManagedMember)
def _managed_members(classroom_id):
    return Membership.objects.filter(classroom=classroom_id).as_listed().managed_columns()
