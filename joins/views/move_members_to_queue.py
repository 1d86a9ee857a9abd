"""Move members who are ticked in the list to the approval queue."""

from classroom.access import allowed_to
from classroom.forms.members import SeveralMembersForm
from classroom.names_in_sentence import names_in_sentence
from classroom.views.member_list import show_members
from classroom.views.several import answer_several, show_nobody_ticked, show_several
from joins.acts import move_to_queue as acts


@allowed_to("move_members_to_queue", refusals_on=show_members)
def move_members_to_queue(request, classroom):
    """Ask before moving those who are ticked, then do it."""
    form = SeveralMembersForm(request.POST if request.method == "POST" else request.GET)
    classroom.check_not_archived(request.user)
    if not form.is_valid():
        return show_nobody_ticked(request, classroom, form)
    ids = form.cleaned_data["member"]
    if request.method != "POST":
        going, staying = acts.movable(classroom, ids)
        context = {"going": going, "staying": staying, "why_stays": acts.WHY_NOT_MOVED}
        return show_several(request, classroom, "joins/move_members_to_queue.html", context)
    outcome = acts.move_members_to_queue(classroom, ids, by=request.user)
    n, names = len(outcome.done), names_in_sentence([user.full_name for user in outcome.done])
    sentence = f"{n} people are now waiting in the approval queue: {names}."
    if n == 1:
        sentence = f"{names} is now waiting in the approval queue."
    return answer_several(request, classroom, outcome, sentence)
