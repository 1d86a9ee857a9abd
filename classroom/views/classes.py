"""Creating, editing, archiving, transferring, deleting and leaving a class."""

from contextlib import suppress
from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.offered_again import offered_again
from classroom.access import allowed_to, refused_on
from classroom.exceptions import Refusal
from classroom.forms import ClassroomForm, DeleteForm, NewClassroomForm, TransferForm
from classroom.models import Classroom, Event, Membership
from classroom.views.pages import show_class

DELETED = "deleted-class"  # session key; holds {public_id: name} of the class that this user deleted last

show_or_act = require_http_methods(["GET", "HEAD", "POST"])


@offered_again(NewClassroomForm)
@show_or_act
def new_class(request):
    if not request.user.is_teacher:
        raise PermissionDenied
    form = NewClassroomForm(_typed(request))
    if form.is_valid():
        try:
            classroom = Classroom.objects.open_new(by=request.user, **form.cleaned_data)
        except Refusal:  # the account has just been deleted
            raise PermissionDenied from None
        return redirect(classroom.path)
    return _form(request, "classroom/form.html", form, classroom=None)


@offered_again(ClassroomForm)
@show_or_act
@allowed_to("edit_class")
@refused_on(show_class)
def edit_class(request, classroom):
    # A ModelForm changes its instance even if it is invalid. It gets a copy, so that the page shows the saved class.
    form = ClassroomForm(_typed(request), instance=copy(classroom))
    if form.is_valid():
        classroom.edit(by=request.user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect(classroom.path)
    return _form(request, "classroom/form.html", form, classroom=classroom)


@show_or_act
@allowed_to("archive_class")
@refused_on(show_class)
def archive_class(request, classroom):
    if request.method == "POST":
        classroom.archive(by=request.user)
        messages.success(
            request, f"{classroom.name} is archived. Its doors are shut; members may still read."
        )
        return redirect(classroom.path)
    return render(request, "classroom/archive.html", {"classroom": classroom})


@show_or_act
@allowed_to("restore_class")
@refused_on(show_class)
def restore_class(request, classroom):
    if request.method == "POST":
        classroom.restore(by=request.user)
        messages.success(request, f"{classroom.name} is back. Its Code is locked; unlock it when you want.")
        return redirect(classroom.path)
    return render(request, "classroom/restore.html", {"classroom": classroom})


def _handed_over(request, classroom_id):
    """Answer a second press by the former owner, whose first press has already ended their right to do this."""
    mine = Membership.objects.select_related("classroom").filter(user=request.user)
    membership = mine.filter(classroom__public_id=classroom_id).first()
    if not membership:
        return None
    by_them = membership.classroom.events.filter(kind=Event.Kind.TRANSFER_CLASS, by=request.user)
    event = by_them.filter(user__username=request.POST.get("username")).select_related("user").last()
    if not event:
        return None
    return _told(request, _now_owned_by(event.user, membership.classroom), membership.classroom.path)


@show_or_act
@allowed_to("transfer_class", again=_handed_over)
@refused_on(show_class)
def transfer_class(request, classroom):
    form = TransferForm(_typed(request), classroom=classroom)
    if form.is_valid():
        to = form.cleaned_data["username"]
        classroom.transfer(by=request.user, to=to)
        return _told(request, _now_owned_by(to, classroom), classroom.path)
    return _form(request, "classroom/transfer.html", form, classroom=classroom)


def _deleted_before(request, classroom_id):
    """Answer a second press by the user who deleted the class. Only their session still knows the class's name."""
    # Load the session again: the first press may have saved it after this request had loaded it.
    stored = type(request.session)(request.session.session_key)
    name = stored.get(DELETED, {}).get(classroom_id)
    return name and _told(request, f"{name} has been deleted.", "joins:home")


@show_or_act
@allowed_to("delete_class", again=_deleted_before)
@refused_on(show_class)
def delete_class(request, classroom):
    form = DeleteForm(_typed(request), classroom=classroom)
    if form.is_valid():
        with transaction.atomic():  # so that a second press that finds no class finds the session saved below
            with suppress(Classroom.DoesNotExist):  # only the owner can delete it, so this is a second press
                classroom.delete_class(by=request.user)
            request.session[DELETED] = {classroom.public_id: classroom.name}
            request.session.save()
        return _told(request, f"{classroom.name} has been deleted.", "joins:home")
    return _form(request, "classroom/delete.html", form, classroom=classroom)


def _left_before(request, classroom_id):
    """Answer a second press by a member who has left the class within the last minute.

    The answer shows the class's name. Somebody outside the class must not learn a new name, so this returns None if the
    class has been edited since. It also returns None if they are in the class again.
    """
    left = Event.objects.just_now(Event.Kind.LEAVE_CLASS, request.user, classroom__public_id=classroom_id)
    event = left.select_related("classroom").last()
    renamed = event and event.classroom.events.filter(kind=Event.Kind.EDIT_CLASS, pk__gt=event.pk).exists()
    is_out = event and not event.classroom.memberships.filter(user=request.user).exists()
    if renamed or not is_out:
        return None
    return _told(request, f"You have left {event.classroom.name}.", "joins:home")


@show_or_act
@allowed_to("leave_class", again=_left_before)
@refused_on(show_class)
def leave_class(request, classroom):
    if request.method == "POST":
        request.membership.leave()
        return _told(request, f"You have left {classroom.name}.", "joins:home")
    return render(request, "classroom/leave.html", {"classroom": classroom})


def _now_owned_by(user, classroom):
    return f"{user.full_name} owns {classroom.name} now. You are co-teacher."


def _told(request, sentence, to):
    messages.success(request, sentence)
    return redirect(to)


def _typed(request):
    """Return the data for the form; None for a GET. An empty POST counts as sent, so that the form shows its errors."""
    return request.POST if request.method == "POST" else None


def _form(request, template, form, classroom):
    return render(
        request, template, {"form": form, "classroom": classroom}, status=422 if form.errors else 200
    )
