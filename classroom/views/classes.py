"""The acts on a class itself."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from classroom.access import allowed_to, refused_on
from classroom.forms import ClassroomForm, DeleteForm, TransferForm
from classroom.models import Classroom
from classroom.views.pages import show_class

show_or_act = require_http_methods(["GET", "HEAD", "POST"])


@show_or_act
def new_class(request):
    if not request.user.is_teacher:
        raise PermissionDenied
    form = ClassroomForm(_typed(request))
    if form.is_valid():
        classroom = Classroom.objects.open_new(by=request.user, **form.cleaned_data)
        return redirect(classroom.path)
    return _form(request, "classroom/form.html", form, classroom=None)


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


@show_or_act
@allowed_to("transfer_class")
@refused_on(show_class)
def transfer_class(request, classroom):
    form = TransferForm(_typed(request), classroom=classroom)
    if form.is_valid():
        to = form.cleaned_data["username"]
        classroom.transfer(by=request.user, to=to)
        messages.success(request, f"{to.full_name} owns {classroom.name} now. You are co-teacher.")
        return redirect(classroom.path)
    return _form(request, "classroom/transfer.html", form, classroom=classroom)


@show_or_act
@allowed_to("delete_class")
@refused_on(show_class)
def delete_class(request, classroom):
    form = DeleteForm(_typed(request), classroom=classroom)
    if form.is_valid():
        classroom.delete_class(by=request.user)
        messages.success(request, f"{classroom.name} has been deleted.")
        return redirect("joins:home")
    return _form(request, "classroom/delete.html", form, classroom=classroom)


@show_or_act
@allowed_to("leave_class")
@refused_on(show_class)
def leave_class(request, classroom):
    if request.method == "POST":
        request.membership.leave()
        messages.success(request, f"You have left {classroom.name}.")
        return redirect("joins:home")
    return render(request, "classroom/leave.html", {"classroom": classroom})


def _typed(request):
    """What was sent; also a POST without a single field is an answer to the form."""
    return request.POST if request.method == "POST" else None


def _form(request, template, form, classroom):
    return render(
        request, template, {"form": form, "classroom": classroom}, status=422 if form.errors else 200
    )
