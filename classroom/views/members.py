"""Removing members, changing their roles, and exporting the list. The list is in member_list.py."""

from contextlib import suppress

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.post_data import post_data
from accounts.times import last_day, long_last_day
from classroom import roster
from classroom.access import allowed_to
from classroom.acts import several
from classroom.acts import undo_removal as acts
from classroom.exceptions import NotAMember
from classroom.forms.co_teachers import CoTeacherForm
from classroom.forms.members import SeveralMembersForm, UndoPressForm
from classroom.models import Event
from classroom.names_in_sentence import names_in_sentence
from classroom.redirects import redirect_to_member
from classroom.views.member_list import show_members
from classroom.views.several import answer_several, show_nobody_ticked, show_several

TOO_LATE = "It's too late to undo this. Somebody who isn't blocked can join again."


@allowed_to("remove_member", refusals_on=show_members)
def remove_member(request, classroom, username):
    try:
        member = classroom.member(username)
        if not member.can_be_removed_by(request.membership):
            raise PermissionDenied
        if request.method == "POST":
            member.remove(by=request.user, keep_out="keep_out" in request.POST)
            return _removed(request, classroom, member.user)
    except NotAMember:
        return _gone_before(request, classroom, username)
    return show_several(request, classroom, "classroom/remove_members.html", {"going": [member]})


@allowed_to("remove_members", refusals_on=show_members)
def remove_members(request, classroom):
    """Ask before removing those who are ticked, then do it."""
    form = SeveralMembersForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        return show_nobody_ticked(request, classroom, form)
    ids = form.cleaned_data["member"]
    if request.method != "POST":
        going, staying = several.removable(classroom, ids, request.user)
        context = {"going": going, "staying": staying, "why_stays": several.WHY_NOT_REMOVED}
        return show_several(request, classroom, "classroom/remove_members.html", context)
    outcome = several.remove_members(classroom, ids, by=request.user, keep_out="keep_out" in request.POST)
    blocked = set(classroom.kept_out.filter(user__in=outcome.done).values_list("user", flat=True))
    sentence = _removed_several(outcome.done, blocked)
    tag = _undo_tag(request, classroom, outcome.done)
    return answer_several(request, classroom, outcome, sentence, tag)


@require_POST
@allowed_to("undo_removal", refusals_on=show_members)
def undo_removal(request, classroom):
    """Put back the members that one press has removed. If it's too late for some of them, say so."""
    form = UndoPressForm(request.POST)
    sent = form.cleaned_data if form.is_valid() else {"first": 0, "last": 0}
    outcome = acts.undo_removal(classroom, sent["first"], sent["last"], by=request.user)
    names = [user.full_name for user in outcome.done]
    if names:
        n = len(names)
        sentence = f"{names[0]} is back." if n == 1 else f"{n} people are back: {names_in_sentence(names)}."
        messages.success(request, sentence)
    for other in outcome.others or ([] if names else [TOO_LATE]):
        messages.error(request, other)
    if names:
        return redirect_to_member(request, classroom, outcome.done[0].pk)
    return show_members(request, classroom, status=409)


@allowed_to("make_co_teacher", refusals_on=show_members)
def make_co_teacher(request, classroom, username):
    member = classroom.member(username)
    member.check_can_be_co_teacher()
    end = member.co_teacher_until
    form = CoTeacherForm(post_data(request), initial={"until": end and last_day(end)})
    if not form.is_valid():
        context = {"classroom": classroom, "member": member, "form": form}
        return render(request, "classroom/co_teacher.html", context, status=422 if form.errors else 200)
    until = form.cleaned_data["until"]
    member.make_co_teacher(by=request.user, until=until)
    name, end = member.user.full_name, until and long_last_day(until)
    for_good = f"{name} is now a co-teacher."
    messages.success(request, f"{name} is now a co-teacher, until the end of {end}." if until else for_good)
    return redirect_to_member(request, classroom, member.user_id)


@require_POST
@allowed_to("make_member", refusals_on=show_members)
def make_member(request, classroom, username):
    member = classroom.member(username)
    member.make_member(by=request.user)
    messages.success(request, f"{member.user.full_name} is a member now.")
    return redirect_to_member(request, classroom, member.user_id)


@require_POST
@allowed_to("export_roster", refusals_on=show_members)
def export_roster(request, classroom):
    people = classroom.export_roster(by=request.user)
    headers = {"Content-Disposition": 'attachment; filename="members.xlsx"'}
    return HttpResponse(roster.workbook(people), content_type=roster.CONTENT_TYPE, headers=headers)


def _gone_before(request, classroom, username):
    """Answer a press about somebody who is gone. If they left by themselves, they are blocked if the box is ticked.

    A second press by the manager who removed them is answered like the first. Raises DoneByAnother if another manager
    removed them, and NotAMember if they are gone for another reason.
    """
    if request.method != "POST":
        raise NotAMember
    if "keep_out" in request.POST:
        user_ids = list(User.objects.filter(username=username).values_list("pk", flat=True))
        for user in several.block_if_left(classroom, user_ids, by=request.user):
            messages.success(request, f"{user.full_name} had left already, and is blocked now.")
            return redirect_to_member(request, classroom, request.POST.get("beside"))
    with suppress(Event.DoesNotExist):
        event = classroom.events.get_repeated(Event.Kind.REMOVE_MEMBER, request.user, user__username=username)
        return _removed(request, classroom, event.user)
    raise NotAMember


def _removed(request, classroom, user):
    is_blocked = classroom.kept_out.filter(user=user).exists()
    sentence = f"{user.full_name} is removed and blocked." if is_blocked else f"{user.full_name} is removed."
    messages.success(request, sentence, extra_tags=_undo_tag(request, classroom, [user]))
    return redirect_to_member(request, classroom, request.POST.get("beside"))


def _removed_several(users, blocked):
    """Return the sentence that says who is removed, and who is blocked. `blocked` is a set of pks of users."""
    n = len(users)
    if blocked.issuperset(user.pk for user in users):
        names = names_in_sentence([user.full_name for user in users])
        return (
            f"Removed and blocked 1 person: {names}."
            if n == 1
            else f"Removed and blocked {n} people: {names}."
        )
    names = names_in_sentence(
        [f"{user.full_name} (blocked)" if user.pk in blocked else user.full_name for user in users]
    )
    return f"Removed 1 person: {names}." if n == 1 else f"Removed {n} people: {names}."


def _undo_tag(request, classroom, users):
    """Return the tag that gives the message an Undo button, or no tag."""
    undoable = acts.undoable(classroom, users, by=request.user)
    return undoable.as_tag() if undoable else ""
