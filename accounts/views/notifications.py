from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.forms.notifications import MarkReadForm
from accounts.models import Notification
from accounts.paginators import ShortPaginator

NOTIFICATIONS_ON_A_PAGE = 30


@require_safe
def notifications(request):
    mine = request.user.notifications
    page = ShortPaginator(mine.newest_first(), NOTIFICATIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = Notification.read_out(request.user, page.object_list)
    context = {"page": page} | mine.unread().aggregate(unread=Count("pk"), newest=Max("created_at"))
    return TemplateResponse(request, "accounts/notifications.html", context)


def open_notification(request, notification_id):
    """A GET only shows it, because mail scanners follow links (J5). The button marks it as read and opens its page.

    If the person can't open that page any more, they stay here, where a sentence tells them why.
    """
    found = request.user.notifications.filter(pk=notification_id).select_related("user")
    notification = get_object_or_404(found)
    follow_up = notification.follow_up
    if request.method == "POST":
        found.mark_read()
        if follow_up and follow_up.is_link_dead:
            return HttpResponseRedirect(request.path, status=303)
        if follow_up:
            messages.info(request, follow_up.sentence)
        return HttpResponseRedirect(notification.link, status=303)
    Notification.read_out(request.user, [notification])
    context = {"notification": notification, "follow_up": follow_up}
    return TemplateResponse(request, "accounts/notification.html", context)


@require_POST
def mark_notifications_read(request):
    form = MarkReadForm(request.POST)
    if form.is_valid():
        request.user.notifications.written_until(form.cleaned_data["until"]).mark_read()
    return HttpResponseRedirect(reverse("accounts:notifications"), status=303)
