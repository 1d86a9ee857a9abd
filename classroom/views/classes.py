"""Creating, editing, archiving, transferring, deleting and leaving a class."""

from contextlib import suppress
from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render

from accounts.offered_again import offered_again
from accounts.post_data import post_data
from accounts.sessions import save_now
from classroom.access import allowed_to, answer_if_done_before, find_membership
from classroom.exceptions import AccountDeleted, ClassChanged, NoteChanged, Refusal
from classroom.forms.classes import DeleteClassroomForm, EditClassroomForm, NewClassroomForm
from classroom.forms.note import NoteForm
from classroom.forms.owner import TransferForm
from classroom.links import split_at_addresses
from classroom.models import Classroom, Event
from classroom.views.class_page import show_class

DELETED = "deleted-class"  # session key; holds {public_id: name} of the class that this user deleted last


@offered_again(NewClassroomForm)
def new_class(request):
    if not request.user.is_teacher:
        raise PermissionDenied
    form = NewClassroomForm(post_data(request))
    if form.is_valid():
        try:
            classroom = Classroom.objects.create_class(by=request.user, **form.cleaned_data)
            return redirect(classroom.path)
        except AccountDeleted:  # at this moment
            raise PermissionDenied from None
        except Refusal as refusal:  # for example, of a Code
            form.add_error(None, refusal.message)
            return _render_form(request, "classroom/form.html", form, None, refusal.status)
    return _render_form(request, "classroom/form.html", form, classroom=None)


@offered_again(EditClassroomForm)
@allowed_to("edit_class", refusals_on=show_class)
def edit_class(request, classroom):
    # A ModelForm changes its instance even if it is invalid. It gets a copy, so that the page shows the saved class.
    form = EditClassroomForm(post_data(request), instance=copy(classroom))
    while form.is_valid():
        try:
            classroom.edit(by=request.user, **form.cleaned_data)
        except ClassChanged:  # since the form was checked: it says what is so now
            classroom.refresh_from_db()
            form = EditClassroomForm(post_data(request), instance=copy(classroom))
        else:
            messages.success(request, "Saved.")
            return redirect(classroom.path)
    return _render_form(request, "classroom/form.html", form, classroom=classroom)


@offered_again(NoteForm)
@allowed_to("change_note", refusals_on=show_class)
def change_note(request, classroom):
    form = NoteForm(post_data(request), initial={"note": classroom.note, "version": classroom.note_version})
    if form.is_valid():
        try:
            classroom.change_note(by=request.user, **form.cleaned_data)
        except NoteChanged as refusal:
            classroom.refresh_from_db()
            form = NoteForm(initial=form.cleaned_data | {"version": classroom.note_version})
            context = {"classroom": classroom, "form": form, "refused": refusal}
            context["note_pieces"] = split_at_addresses(classroom.note)
            return render(request, "classroom/change_note.html", context, status=refusal.status)
        messages.success(request, "Saved.")
        return redirect(classroom.path)
    return _render_form(request, "classroom/change_note.html", form, classroom=classroom)


@allowed_to("archive_class", refusals_on=show_class)
def archive_class(request, classroom):
    if request.method == "POST":
        classroom.archive(by=request.user)
        messages.success(
            request, f"{classroom.name} is archived. Nobody can join it; members can still read it."
        )
        return redirect(classroom.path)
    return render(request, "classroom/archive.html", {"classroom": classroom})


@allowed_to("restore_class", refusals_on=show_class)
def restore_class(request, classroom):
    if request.method == "POST":
        classroom.restore(by=request.user)
        just_now = classroom.events.in_last_minute(Event.Kind.RESTORE_CLASS, request.user)
        if classroom.is_archived or just_now.exists():
            messages.success(
                request, f"{classroom.name} is back. Its Code is locked; unlock it when you want."
            )
        else:  # the page is older than the restore, and the Code may be unlocked by now
            messages.success(request, f"{classroom.name} is open already.")
        return redirect(classroom.path)
    return render(request, "classroom/restore.html", {"classroom": classroom})


def _transferred(request, classroom, to):
    messages.success(request, f"{to.full_name} owns {classroom.name} now. You're a co-teacher.")
    return redirect(classroom.path)


def _transferred_before(request, public_id):
    """Answer a second press by the former owner, whose first press has already ended their right to do this."""
    membership = find_membership(request.user, public_id)
    if not membership:
        return None
    transfers = membership.classroom.events.filter(kind=Event.Kind.TRANSFER_CLASS, by=request.user)
    event = transfers.filter(user__username=request.POST.get("username")).select_related("user").last()
    if not event or not membership.is_manager or membership.classroom.owner != event.user:
        return None  # never, or undone or handed on since
    return _transferred(request, membership.classroom, event.user)


@answer_if_done_before(_transferred_before)
@allowed_to("transfer_class", refusals_on=show_class)
def transfer_class(request, classroom):
    form = TransferForm(post_data(request), classroom=classroom)
    if form.is_valid():
        to = form.cleaned_data["username"]
        classroom.transfer(by=request.user, to=to)
        return _transferred(request, classroom, to)
    return _render_form(request, "classroom/transfer.html", form, classroom=classroom)


def _deleted(request, name):
    messages.success(request, f"{name} has been deleted.")
    return redirect("joins:home")


def _deleted_before(request, public_id):
    """Answer a second press by the user who deleted the class. Only their session still knows the class's name."""
    # Load the session again: the first press may have saved it after this request had loaded it.
    stored = type(request.session)(request.session.session_key)
    name = stored.get(DELETED, {}).get(public_id)
    return _deleted(request, name) if name else None


@answer_if_done_before(_deleted_before)
@allowed_to("delete_class", refusals_on=show_class)
def delete_class(request, classroom):
    form = DeleteClassroomForm(post_data(request), classroom=classroom)
    if form.is_valid():
        with transaction.atomic():  # so that a second press that finds no class finds the session saved below
            with suppress(Classroom.DoesNotExist):  # only the owner can delete it, so this is a second press
                classroom.delete_class(by=request.user)
            request.session[DELETED] = {classroom.public_id: classroom.name}
            save_now(request.session)
        return _deleted(request, classroom.name)
    return _render_form(request, "classroom/delete.html", form, classroom=classroom)


def _left(request, classroom):
    messages.success(request, f"You have left {classroom.name}.")
    return redirect("joins:home")


def _left_before(request, public_id):
    """Answer a second press by a member who has left the class within the last minute.

    The answer shows the class's name. Somebody outside the class must not learn a new name, so this returns None if the
    class has been edited since. It also returns None if they are in the class again.
    """
    departures = Event.objects.in_last_minute(
        Event.Kind.LEAVE_CLASS, request.user, classroom__public_id=public_id
    )
    event = departures.select_related("classroom").last()
    if not event:
        return None
    was_edited = event.classroom.events.filter(kind=Event.Kind.EDIT_CLASS, pk__gt=event.pk).exists()
    if was_edited or event.classroom.memberships.filter(user=request.user).exists():
        return None
    return _left(request, event.classroom)


@answer_if_done_before(_left_before)
@allowed_to("leave_class", refusals_on=show_class)
def leave_class(request, classroom):
    if request.method == "POST":
        request.membership.leave()
        return _left(request, classroom)
    return render(request, "classroom/leave.html", {"classroom": classroom})


def _render_form(request, template, form, classroom, status=None):
    status = status or (422 if form.errors else 200)
    return render(request, template, {"form": form, "classroom": classroom}, status=status)
