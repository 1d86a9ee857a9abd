"""The acts on a class itself."""

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

DELETED = "deleted-class"  # in the session: the class that this person has deleted last, by its id

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
        except Refusal:  # the account was deleted meanwhile
            raise PermissionDenied from None
        return redirect(classroom.path)
    return _form(request, "classroom/form.html", form, classroom=None)


@offered_again(ClassroomForm)
@show_or_act
@allowed_to("edit_class")
@refused_on(show_class)
def edit_class(request, classroom):
    # A copy: the form writes what was typed into it even where it refuses, and the page shows the class as it is.
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
    """The second press of who owned the class."""
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
    """The second press of who deleted the class; nothing but their session remembers it."""
    stored = type(request.session)(request.session.session_key)  # the first press may have come in since
    name = stored.get(DELETED, {}).get(classroom_id)
    return name and _told(request, f"{name} has been deleted.", "joins:home")


@show_or_act
@allowed_to("delete_class", again=_deleted_before)
@refused_on(show_class)
def delete_class(request, classroom):
    form = DeleteForm(_typed(request), classroom=classroom)
    if form.is_valid():
        with transaction.atomic():  # so that whoever finds no class any more finds this
            with suppress(Classroom.DoesNotExist):  # only its owner can have deleted it, by the press before
                classroom.delete_class(by=request.user)
            request.session[DELETED] = {classroom.public_id: classroom.name}
            request.session.save()
        return _told(request, f"{classroom.name} has been deleted.", "joins:home")
    return _form(request, "classroom/delete.html", form, classroom=classroom)


def _left_before(request, classroom_id):
    """The second press of who has just left the class. They learn nothing else of it, nor a name that it got since."""
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
    """What was sent; also a POST without a single field is an answer to the form."""
    return request.POST if request.method == "POST" else None


def _form(request, template, form, classroom):
    return render(
        request, template, {"form": form, "classroom": classroom}, status=422 if form.errors else 200
    )
