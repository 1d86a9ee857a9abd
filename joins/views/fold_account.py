"""Put two accounts of one student together (L5)."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from classroom.access import allowed_to
from classroom.redirects import redirect_to_member
from classroom.views.member_list import show_members
from joins.acts import fold_account as acts


@allowed_to("fold_account", refusals_on=show_members)
def fold_account(request, classroom, username):
    """Ask, and say afterwards what has been done, as long as it can be undone."""
    classroom.check_not_archived(request.user)
    user = acts.find(classroom, username)
    if request.method == "POST":
        acts.fold(classroom, user, by=request.user)
        return redirect("joins:fold_account", classroom.public_id, username)
    duplicate, folded = acts.read(classroom, user), acts.latest_fold(classroom.events, user)
    context = {
        "classroom": classroom,
        "duplicate": duplicate,
        "folded": None if duplicate.is_here else folded,
        "is_undoable": not duplicate.is_here and acts.is_undoable(folded, user),
    }
    return render(request, "joins/fold.html", context)


@require_POST
@allowed_to("undo_fold", refusals_on=show_members)
def undo_fold(request, classroom, username):
    user = acts.find(classroom, username)
    acts.undo_fold(classroom, user, by=request.user)
    messages.success(request, f"{user.full_name} can log in as {user.shown_username} again.")
    return redirect_to_member(request, classroom, user.pk)
