"""The pages on which people see, download and delete their data (T93).

Downloading and deleting ask for the password again.
"""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.post_data import post_data
from classroom.exceptions import Refusal
from privacy.export import as_json
from privacy.forms import EraseForm
from privacy.models import Person
from privacy.models.retention import schedule


@login_not_required
@require_safe
def what_is_kept(request):
    return render(
        request,
        "privacy/what_is_kept.html",
        {"schedule": schedule(), "consent_basis": settings.CONSENT_BASIS},
    )


@require_safe
def my_data(request):
    return render(request, "privacy/my_data.html")


@reauthentication_required
def download_data(request):
    """Show a page with a download button, and answer its POST with the file.

    If the file came straight after the password, the browser would save it and keep showing the password page.
    """
    if request.method != "POST":
        return render(request, "privacy/download_data.html")
    headers = {"Content-Disposition": 'attachment; filename="homeroom.json"'}
    return HttpResponse(as_json(_person(request)), content_type="application/json", headers=headers)


@reauthentication_required
def delete_account(request):
    person = _person(request)
    if person.erased_at:  # by another press of the same button, since this request began
        return _log_out_for_good(request)
    form = EraseForm(post_data(request), person=person)
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            person.erase()
        except Refusal as refusal:
            messages.error(request, refusal.message)
            status = refusal.status
        else:
            return _log_out_for_good(request)
    context = {"form": form, "owned": person.owned_classes()}
    return render(request, "privacy/delete_account.html", context, status=status)


def _person(request):
    return Person.objects.get(pk=request.user.pk)


def _log_out_for_good(request):
    logout(request)
    messages.success(request, "Your account is deleted. Your name is gone from this site.")
    return redirect("joins:home")
