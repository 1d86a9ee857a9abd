"""Inviting a co-teacher by email, and the page behind the link in that mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from accounts import limits
from accounts.offered_again import offered_again
from accounts.post_data import post_data
from accounts.transactions import retry_transaction
from classroom.access import allowed_to
from classroom.acts import invite
from classroom.exceptions import (
    AccountDeleted,
    AddressInvitedOften,
    AlreadyCoTeacher,
    ClassArchived,
    InvitationOver,
    InvitedToday,
    Refusal,
    TooManyInvitations,
)
from classroom.forms.co_teachers import InviteCoTeacherForm
from classroom.models import Classroom, CoTeacherInvitation


def show_invite(request, classroom, status=200, form=None):
    mine = CoTeacherInvitation.objects.filter(classroom=classroom, by=request.user)
    context = {
        "classroom": classroom,
        "form": form or InviteCoTeacherForm(),
        "invitations": mine.open().order_by("-created_at", "-pk"),
        "ended": [row for row in mine.filter(used_by=None).exclude(ended_at=None) if row.is_unused],
        "used": mine.exclude(used_by=None).select_related("used_by").order_by("-ended_at"),
    }
    return render(request, "classroom/invite.html", context, status=status)


@offered_again(InviteCoTeacherForm)
@allowed_to("invite_co_teacher", refusals_on=show_invite)
def invite_co_teacher(request, classroom):
    form = InviteCoTeacherForm(post_data(request))
    if not form.is_valid():
        return show_invite(request, classroom, 422 if form.errors else 200, form)
    email = form.cleaned_data["email"]
    try:
        _invite(request, classroom, email)
    except (InvitedToday, TooManyInvitations, AddressInvitedOften) as refusal:
        form.add_error(None, refusal.message)
        classroom.refresh_from_db()
        return show_invite(request, classroom, refusal.status, form)
    messages.success(request, f"We're sending an invitation to {email}.")
    return redirect("classroom:invite_co_teacher", classroom.public_id)


@transaction.atomic
def _invite(request, classroom, email):
    """Only a mail that leaves counts for its address: else presses without a mail would keep others from inviting."""
    is_sent = invite.invite(classroom, by=request.user, email=email)
    if is_sent and not limits.may_mail_invitation(request, email):
        raise AddressInvitedOften


@require_POST
@allowed_to("cancel_invitation", refusals_on=show_invite)
def cancel_invitation(request, classroom, invitation_id):
    invite.cancel(classroom, request.user, invitation_id)
    messages.success(request, "The invitation is cancelled. Its link no longer works.")
    return redirect("classroom:invite_co_teacher", classroom.public_id)


@login_not_required
@retry_transaction
def invitation(request, secret):
    """A GET changes nothing, because mail scanners follow links (J5). The button accepts the invitation."""
    found = invite.find(secret)
    if found is None:
        return _show_over(request)
    if not request.user.is_authenticated:
        if request.method == "POST":
            return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        if found.used_by_id:
            return _show_over(request)
        archived = ClassArchived(found.classroom) if found.classroom.is_archived else None
        return _show_invitation(request, found, archived)  # before they create an account for it
    if request.method != "POST":
        return _show_invitation(request, found, invite.refusal(found, request.user))
    try:
        invite.accept(found, by=request.user)
    except AlreadyCoTeacher as already:
        messages.info(request, already.message)
    except (Classroom.DoesNotExist, AccountDeleted):
        return _show_over(request)
    except Refusal as refusal:
        return _show_invitation(request, found, refusal, refusal.status)
    else:
        messages.success(request, f"You're now a co-teacher of {found.classroom.name}.")
    return redirect(found.classroom.path)


def _show_invitation(request, found, refusal=None, status=200):
    if isinstance(refusal, InvitationOver):
        return _show_over(request)
    context = {
        "classroom": found.classroom,
        "by": found.by,
        "refusal": refusal,
        "is_member": isinstance(refusal, AlreadyCoTeacher),
        "here": request.path,
    }
    return render(request, "classroom/invitation.html", context, status=status)


def _show_over(request):
    """The same for every link that doesn't work: nobody learns from it which invitations there were."""
    return render(request, "classroom/invitation_over.html", status=404)
