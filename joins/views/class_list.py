"""The page of the class list: who is in, who waits and who is missing, and how to paste another list (L1, L3)."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render

from accounts.offered_again import offered_again
from classroom.access import allowed_to
from classroom.acts import class_list as acts
from classroom.models import ListedName
from classroom.views.class_page import show_class
from joins.class_list import attendance_of, lines
from joins.forms.class_list import ListForm, StudentsOfForm
from joins.slip_lines import used_slips


def _show_refusal(request, classroom, status):
    """Show the preview again, unless the class has been archived meanwhile."""
    form = ListForm(request.POST)
    if classroom.is_archived or not form.is_valid():
        return show_class(request, classroom, status)
    return _show_preview(request, classroom, form, status)


@offered_again(ListForm)
@allowed_to("class_list", refusals_on=_show_refusal)
def class_list(request, classroom):
    """Show the list; or a preview of the pasted names, which keeps nothing; or keep them; or forget the list.

    An archived class gets no other list, but its own can still be seen and deleted (C4).
    """
    if request.method != "POST":
        return _show_list(request, classroom)
    if "forget" in request.POST:
        acts.forget(classroom, by=request.user)
        messages.success(request, "The class list is deleted.")
        return redirect("joins:class_list", classroom.public_id)
    classroom.check_not_archived(request.user)
    form = ListForm(request.POST)
    if not form.is_valid():
        return _show_list(request, classroom, form, status=422)
    if "keep" not in request.POST:
        return _show_preview(request, classroom, form)
    names = form.cleaned_data["names"].names
    acts.keep(classroom, names, by=request.user, seen=form.cleaned_data["version"])
    n = len(names)
    messages.success(request, "The list is kept: 1 name." if n == 1 else f"The list is kept: {n} names.")
    return redirect("joins:class_list", classroom.public_id)


def _show_list(request, classroom, form=None, status=200):
    names = ListedName.objects.of(classroom)
    others = StudentsOfForm(
        request.GET if "students_of" in request.GET else None, classroom=classroom, user=request.user
    )
    begin_with = names if others.names is None else others.names
    used = used_slips(classroom)
    found = [line._replace(used_slips=used.get(line.name, ())) for line in lines(classroom, names)]
    context = {
        "classroom": classroom,
        "form": form or ListForm(initial={"names": "\n".join(begin_with)}),
        "others": others,
        "names": names,
        "days": settings.CLASS_LISTS_KEPT_FOR.days,
        "present": [line for line in found if line.member],
        "waiting": [line for line in found if line.join_request],
        "missing": [line for line in found if not line.member and not line.join_request],
        "attendance": attendance_of(found),
    }
    return render(request, "joins/class_list.html", context, status=status)


def _show_preview(request, classroom, form, status=200):
    pasted = form.cleaned_data["names"]
    before = ListedName.objects.of(classroom)
    context = {
        "classroom": classroom,
        "form": form,
        "pasted": pasted,
        "lines": lines(classroom, pasted.names),
        "going": [name for name in before if name not in set(pasted.names)],
        "text": "\n".join(pasted.names),
        "version": acts.version(classroom),
    }
    return render(request, "joins/class_list_preview.html", context, status=status)
