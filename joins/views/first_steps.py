from django.views.decorators.http import require_POST

from classroom.views.pages import redirect_to_next


@require_POST
def hide_first_steps(request):
    """Put away the first steps on the page of a teacher's first class. A second press does the same (J10)."""
    request.user.hide_first_steps()
    return redirect_to_next(request, "joins:home")
