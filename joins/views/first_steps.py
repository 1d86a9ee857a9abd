from allauth.account.adapter import get_adapter
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST


@require_POST
def hide_first_steps(request):
    """Put away the first steps on the page of a teacher's first class. A second press does the same (J10)."""
    request.user.hide_first_steps()
    page = request.POST.get("next")
    return HttpResponseRedirect(page if get_adapter().is_safe_url(page) else reverse("joins:home"))
