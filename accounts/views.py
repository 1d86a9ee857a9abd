from copy import copy

from allauth.account.views import SignupView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import ProfileForm, TeacherSignupForm

NOTIFICATIONS_ON_A_PAGE = 30


@login_not_required
@require_safe
def sign_up(request):
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return TemplateResponse(request, "accounts/sign_up.html")


class SignUp(SignupView):
    """allauth's, for a form whose try_save() may still refuse."""

    def get_context_data(self, **context):
        notice = {"notice": settings.PRIVACY_NOTICE_URL, "consent_basis": settings.CONSENT_BASIS}
        return super().get_context_data(**context) | notice

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)


class SignUpTeacher(SignUp):
    form_class = TeacherSignupForm
    template_name = "accounts/sign_up_teacher.html"


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    typed = request.POST if request.method == "POST" else None
    # A copy: the form writes what was typed into it even where it refuses, and the page shows the person as they are.
    form = ProfileForm(typed, instance=copy(request.user))
    if form.is_valid():
        form.save()
        messages.success(request, "Your profile is saved.")
        return redirect("accounts:profile")
    return TemplateResponse(request, "accounts/profile.html", {"form": form})


@require_safe
def notifications(request):
    all_of_mine = request.user.notifications
    page = Paginator(all_of_mine.newest_first(), NOTIFICATIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "unread": all_of_mine.unread().count()}
    return TemplateResponse(request, "accounts/notifications.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_notification(request, notification_id):
    """A GET only shows it: mail scanners follow links (J5). The button marks it read and goes on."""
    found = request.user.notifications.filter(pk=notification_id)
    notification = get_object_or_404(found)
    if request.method == "POST":
        found.mark_read()
        return HttpResponseRedirect(notification.link, status=303)
    return TemplateResponse(request, "accounts/notification.html", {"notification": notification})


@require_POST
def mark_notifications_read(request):
    request.user.notifications.mark_read()
    return HttpResponseRedirect(reverse("accounts:notifications"), status=303)
