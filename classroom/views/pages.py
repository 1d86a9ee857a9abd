import re

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.compiled import compiled
from accounts.pages import CompiledPaginator, ShortPaginator
from classroom.access import allowed_to
from classroom.links import split_at_addresses
from classroom.member_rows import classmate_rows, describe_way, member_rows, paper_rows
from classroom.models import Membership
from classroom.models.listed_members import ManagedMember, usual_way
from classroom.models.membership_queryset import SORTS, MembershipQuerySet

PER_PAGE = 50
PK = re.compile(r"\d{1,18}", re.ASCII)
# The part of the members that a manager wants to see. Everybody, if it's none of these.
PARTS = {
    "teachers": lambda members: members.teachers(),
    "today": lambda members: members.joined_today(),
}


def place_in_list(request):
    """Return the list's search, part, order, page number, and who is ticked, as they are in the page's address."""
    place = {
        name: request.GET[name] for name in ("q", "part", "sort", "choose", "page") if request.GET.get(name)
    }
    ticked = ticked_in_list(request)
    return place | {"member": ticked} if ticked else place


def ticked_in_list(request):
    """Return the pks, as texts, of those who are ticked in a list with boxes."""
    return request.GET.getlist("member") if request.GET.get("choose") else []


def list_query(request, /, **changes):
    """Return place_in_list() with these changes as a query string; a change to None leaves the name out.

    Forms in the list append it to their address, so that redirect_to_list() can return to the same place.
    """
    place = place_in_list(request) | changes
    texts = {
        name: value if isinstance(value, list) else str(value)
        for name, value in place.items()
        if value is not None
    }
    return f"?{urlencode(texts, doseq=True)}" if texts else ""


def redirect_to_list(request, name, classroom, **changes):
    """Redirect to the class's list named `name`, at the place from which the form was sent, with these changes."""
    return redirect(reverse(name, args=[classroom.public_id]) + list_query(request, **changes))


def redirect_to_member(request, classroom, user_id, **changes):
    """Redirect to the row of this person in the list of members, or to its top if `user_id`, as sent, is no pk."""
    response = redirect_to_list(request, "classroom:members", classroom, **changes)
    if PK.fullmatch(str(user_id)):
        response["Location"] += f"#member-{user_id}"
    return response


def redirect_to_next(request, otherwise):
    """Redirect to the page of this site that the form sent as `next`, or else to the page named `otherwise`."""
    page = request.POST.get("next")
    return HttpResponseRedirect(page if get_adapter().is_safe_url(page) else reverse(otherwise))


@require_safe
@allowed_to("see_class")
def class_page(request, classroom):
    return show_class(request, classroom)


@require_safe
@allowed_to("see_class")
def members(request, classroom):
    return show_members(request, classroom)


@require_safe
@allowed_to("print_members")
def print_members(request, classroom):
    """Show everybody on one page, to print; the pages of the list show 50 each."""
    sort = chosen_sort(request)
    members = paper_rows(classroom.memberships.as_listed(sort).values_for_list(), sort)
    return render(request, "classroom/print_members.html", {"classroom": classroom, "members": members})


@require_safe
@allowed_to("see_kept_out")
def kept_out(request, classroom):
    return show_kept_out(request, classroom)


def show_class(request, classroom, status=200):
    context = _people(request, classroom) | {"note_pieces": split_at_addresses(classroom.note)}
    return render(request, "classroom/class_page.html", context, status=status)


def show_members(request, classroom, status=200):
    return render(request, "classroom/members.html", _people(request, classroom), status=status)


def show_kept_out(request, classroom, status=200):
    rows = classroom.kept_out.select_related("user", "by").order_by("-at", "-pk")
    page = ShortPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "classroom/kept_out.html", {"classroom": classroom, "page": page}, status=status)


def _people(request, classroom):
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
    q, part, sort = _searched(request), _chosen_part(request), chosen_sort(request)
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
    return members.search(_searched(request)).as_listed(chosen_sort(request))


def _searched(request):
    return request.GET.get("q", "").strip()[:60]


def _chosen_part(request):
    part = request.GET.get("part")
    return part if part in PARTS else ""


def chosen_sort(request):
    sort = request.GET.get("sort")
    return sort if sort in SORTS else "last"


def _page_of(request, members, read):
    return ShortPaginator(members, PER_PAGE, read).get_page(request.GET.get("page"))


@compiled(ManagedMember)
def _managed_members(classroom_id):
    return Membership.objects.filter(classroom=classroom_id).as_listed().managed_columns()


def answer_refusal(request, classroom, status, show_page, show_row):
    """Show the page with the message; for htmx only the message and the row, so that none moves under a pointer (J10).

    In an archived class none of its rows can be acted on, so htmx reloads the page.
    """
    if not request.htmx:
        return show_page(request, classroom, status)
    return HttpResponseClientRefresh() if classroom.is_archived else show_row(request, classroom, status)


def show_several(request, classroom, template, context):
    """Show the page that asks before an act on several people: `going`, and not `staying`, as `why_stays` explains."""
    if not context["going"]:
        stays = [f"{member.user.full_name} stays. {context['why_stays']}" for member in context["staying"]]
        for sentence in stays or ["Nobody you ticked is in this class any more."]:
            messages.error(request, sentence)
        return show_members(request, classroom)
    beside = beside_in_list(request, classroom, {member.user_id for member in context["going"]})
    return render(request, template, {"classroom": classroom, "beside": beside} | context)


def show_nobody_ticked(request, classroom, form):
    """Show the list with what is wrong in a SeveralMembersForm. No message is stored for a page to come."""
    messages.error(request, form.errors["member"][0])
    return show_members(request, classroom, status=422 if request.method == "POST" else 200)


def answer_several(request, classroom, outcome, sentence, tag=""):
    """Show `sentence` if the act was done for anybody, and one more sentence for each reason why it wasn't for others.

    `tag` gives the sentence a button, as Undoable.as_tag() does.

    Then the list has no boxes any more, so that the message can stay in sight at its foot.
    """
    if outcome.done:
        messages.success(request, sentence, extra_tags=tag)
    for other in outcome.others:
        messages.error(request, other)
    if outcome.done:
        return redirect_to_member(request, classroom, request.POST.get("beside"), choose=None)
    return show_members(request, classroom, status=409)


def post_data(request):
    """Return the data for the form; None for a GET. An empty POST counts as sent, so that the form shows its errors."""
    return request.POST if request.method == "POST" else None
