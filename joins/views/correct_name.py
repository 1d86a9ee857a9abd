"""Correct the name of a student who mistyped it at sign-up (A8)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import render

from accounts.forms.fields import CorrectNameForm
from accounts.offered_again import GoneMeanwhile, offered_again
from accounts.post_data import post_data
from classroom.access import allowed_to
from classroom.exceptions import NotAMember
from classroom.redirects import redirect_to_member
from classroom.views.member_list import show_members
from joins.acts import renames as acts


@offered_again(CorrectNameForm)
@allowed_to("correct_name", refusals_on=show_members)
def correct_name(request, classroom, username):
    try:
        member = classroom.member(username)
    except NotAMember as gone:
        if request.method == "POST":
            raise GoneMeanwhile(gone.message) from None
        raise
    names = {"first_name": member.user.first_name, "last_name": member.user.last_name}
    form = CorrectNameForm(post_data(request), initial=names)
    if form.is_valid():
        try:
            acts.correct_name(classroom, member.user, by=request.user, **form.cleaned_data)
        except ValidationError as refused:  # corrected too often today
            form.add_error(None, refused)
        else:
            member.user.refresh_from_db()
            messages.success(request, f"The name is saved: {member.user.full_name}.")
            return redirect_to_member(request, classroom, member.user_id)
    why_not = classroom.memberships.managed(member.user).why_not_correct_name
    context = {"classroom": classroom, "member": member, "form": form, "why_not": why_not}
    return render(request, "joins/correct_name.html", context, status=422 if form.errors else 200)
