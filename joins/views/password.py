"""Give a one-time password to a student who has forgotten theirs (T15)."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.forms.passwords import GivePasswordForm
from classroom.access import allowed_to, show_refusals_with
from classroom.views.pages import show_members
from joins.acts import password as acts


@require_http_methods(["GET", "HEAD", "POST"])
@allowed_to("give_password")
@show_refusals_with(show_members)
def give_password(request, classroom, username):
    """Show the password only in the answer to the press. No address, session or message ever contains it."""
    member = classroom.member(username)
    form = GivePasswordForm(request.POST if request.method == "POST" else None)
    context = {"classroom": classroom, "member": member, "form": form}
    if form.is_valid():
        key = form.cleaned_data["form_key"]
        context["password"] = acts.give_password(classroom, member.user, by=request.user, form_key=key)
    else:
        context["why_not"] = classroom.memberships.managed(member.user).why_not_give_password
    return render(request, "joins/give_password.html", context)
