"""How an act on several members asks before, and answers after."""

from django.contrib import messages
from django.shortcuts import render

from classroom.redirects import redirect_to_member
from classroom.views.member_list import beside_in_list, show_members


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

    Then the list has no boxes any more, so that the message can stay in sight at its foot. `tag`, such as that of
    Undoable.as_tag(), gives the sentence a button.
    """
    if outcome.done:
        messages.success(request, sentence, extra_tags=tag)
    for other in outcome.others:
        messages.error(request, other)
    if outcome.done:
        return redirect_to_member(request, classroom, request.POST.get("beside"), choose=None)
    return show_members(request, classroom, status=409)
