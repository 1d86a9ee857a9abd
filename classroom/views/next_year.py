"""What an owner does between two school years: copy a class, and archive several."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from accounts.offered_again import offered_again
from accounts.post_data import post_data
from accounts.transactions import retry_transaction
from classroom.access import allowed_to
from classroom.acts import copy as acts
from classroom.exceptions import CoTeacherTooOften, NotAllowed
from classroom.forms.next_year import ArchiveSeveralForm, CopyClassroomForm
from classroom.models import Classroom, Membership
from classroom.names_in_sentence import names_in_sentence
from classroom.rights import OWNER
from classroom.views.class_page import show_class


@offered_again(CopyClassroomForm)
@allowed_to("copy_class", refusals_on=show_class)
def copy_class(request, classroom):
    form = CopyClassroomForm(post_data(request), initial={"name": classroom.name})
    if not classroom.memberships.managers().lasting_co_teachers().exists():
        del form.fields["co_teachers"]
    if not form.is_valid():
        return _show_copy(request, classroom, form, status=422 if form.errors else 200)
    fields = dict(form.cleaned_data)
    with_names = fields.pop("list_of_students")
    try:
        new = acts.copy_class(classroom, by=request.user, **fields)
    except CoTeacherTooOften as refusal:
        form.add_error("co_teachers", refusal.message)
        return _show_copy(request, classroom, form, refusal.status)
    messages.success(request, f"{new.name} is ready, with a Code and a Join URL of its own.")
    if with_names:
        listed = reverse("joins:class_list", args=[new.public_id])
        return redirect(f"{listed}?{urlencode({'students_of': classroom.public_id})}")
    return redirect(new.path)


def _show_copy(request, classroom, form, status):
    return render(request, "classroom/copy.html", {"classroom": classroom, "form": form}, status=status)


@retry_transaction
def archive_several(request):
    """Archive the ticked classes, each in a transaction of its own. The second time changes nothing."""
    if not request.user.is_teacher:
        raise PermissionDenied
    owner = Membership.objects.filter(user=request.user, role=OWNER)
    owned = Classroom.objects.filter(pk__in=owner.values("classroom")).as_listed()
    owned = owned.annotate(members=Count("memberships"))
    form = ArchiveSeveralForm(post_data(request), owned=owned)
    if form.is_valid():
        ticked = form.cleaned_data["classroom"]
        names = [classroom.name for classroom in ticked if _is_archived(classroom, by=request.user)]
        if names:
            messages.success(
                request, f"Archived: {names_in_sentence(names)}. Nobody can join; members can still read."
            )
        return redirect("joins:home")
    context = {"form": form, "classes": [classroom for classroom in owned if not classroom.is_archived]}
    return render(request, "classroom/archive_several.html", context, status=422 if form.errors else 200)


def _is_archived(classroom, by):
    """Archive it, and return whether that worked: it may be deleted or handed over at this moment."""
    try:
        classroom.archive(by)
    except (NotAllowed, Classroom.DoesNotExist):
        return False
    return True
