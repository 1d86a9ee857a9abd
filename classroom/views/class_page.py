from django.shortcuts import render
from django.views.decorators.http import require_safe

from classroom.access import allowed_to
from classroom.links import split_at_addresses
from classroom.views.member_list import list_context


@require_safe
@allowed_to("see_class")
def class_page(request, classroom):
    return show_class(request, classroom)


def show_class(request, classroom, status=200):
    context = list_context(request, classroom) | {"note_pieces": split_at_addresses(classroom.note)}
    return render(request, "classroom/class_page.html", context, status=status)
