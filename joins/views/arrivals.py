"""Show how people came into a class, as a picture that is a table too."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from classroom.access import allowed_to
from joins.arrivals import arrivals_of, waits_of


@require_safe
@allowed_to("see_arrivals")
def arrivals(request, classroom):
    context = {"classroom": classroom, "arrivals": arrivals_of(classroom), "waits": waits_of(classroom)}
    return render(request, "joins/arrivals.html", context)
