"""Give a one-time password to a student who has forgotten theirs (T15)."""

from django.shortcuts import render
from django.utils import timezone

from accounts.one_time_passwords import ONE_TIME_FOR, ONE_TIME_HOURS
from accounts.post_data import post_data
from classroom.access import allowed_to
from classroom.exceptions import DoneByAnother
from classroom.views.member_list import show_members
from joins.acts import password as acts
from joins.forms.password import GivePasswordHereForm


@allowed_to("give_password", refusals_on=show_members)
def give_password(request, classroom, username):
    """Show the password only in the answer to the press. No address, session or message ever contains it."""
    member = classroom.member(username)
    form = GivePasswordHereForm(post_data(request))
    context = {"classroom": classroom, "member": member, "form": form, "hours": ONE_TIME_HOURS}
    if form.is_valid():
        key, seen = form.cleaned_data["form_key"], form.cleaned_data["given"]
        try:
            password = acts.give_password(classroom, member.user, by=request.user, form_key=key, seen=seen)
        except DoneByAnother:
            return _ask(request, context, status=409)
        return render(request, "joins/give_password.html", context | {"password": password})
    return _ask(request, context)


def _ask(request, context, status=200):
    """Ask, and say who has given one lately: the next one ends it, or the password that the student chose since."""
    classroom, user = context["classroom"], context["member"].user
    given = acts.latest_given(classroom, user)
    context["form"] = GivePasswordHereForm(initial={"given": given.pk if given else 0})
    context["given"] = given if given and given.at > timezone.now() - ONE_TIME_FOR else None
    context["why_not"] = classroom.memberships.managed(user).why_not_give_password
    return render(request, "joins/give_password.html", context, status=status)
