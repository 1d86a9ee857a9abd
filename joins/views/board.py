"""Show the Code to a class: on the board (W1), and on paper."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_htmx.http import reswap, retarget

from classroom.access import allowed_to
from classroom.acts import class_list
from classroom.views.class_page import show_class
from joins.addresses import as_typed, join_page
from joins.class_list import attendance
from joins.models import JoinCode
from joins.qr import qr


def show_board(request, classroom, status=200):
    """Show the page, or for htmx only what is on the board."""
    join_code = JoinCode.objects.with_plain_members().get_current(classroom)
    return _render_board(request, classroom, join_code, status)


def _render_board(request, classroom, join_code, status=200):
    context = {"join_page": as_typed(join_page()), "qr_join": qr_with_code(join_code)}
    context |= _count_context(classroom, join_code)
    template = "joins/board.html#board" if request.htmx else "joins/board.html"
    return render(request, template, context, status=status)


@require_safe
@allowed_to("see_door")
def board(request, classroom):
    return show_board(request, classroom)


@require_safe
@allowed_to("see_door")
def board_count(request, classroom):
    """Answer the request that an open board sends every few seconds (ADR 11): 204 if nothing has changed.

    If only the number has changed, only the number is replaced, so that no button moves under a pointer (J10).
    """
    join_code = JoinCode.objects.with_plain_members().get_current(classroom)
    version = _version(classroom, join_code)
    seen = request.GET.get("v", "")
    if seen == version:
        return HttpResponse(status=204)
    if seen.rpartition(".")[0] != version.rpartition(".")[0]:
        return reswap(retarget(_render_board(request, classroom, join_code), "#board"), "outerHTML")
    return render(request, "joins/_board_count.html", _count_context(classroom, join_code))


def _count_context(classroom, join_code):
    return {
        "classroom": classroom,
        "join_code": join_code,
        "version": _version(classroom, join_code),
        "attendance": attendance(classroom),
    }


@require_safe
@allowed_to("see_door", refusals_on=show_class)
def handout(request, classroom):
    classroom.check_not_archived(request.user)
    join_code = JoinCode.objects.get_current(classroom)
    context = {
        "classroom": classroom,
        "join_code": join_code,
        "join_url": classroom.join_url,
        "join_page": as_typed(join_page()),
        "join_url_as_typed": as_typed(classroom.join_url.address),
        "qr_join": qr_with_code(join_code),
        "qr_join_url": qr(classroom.join_url.address),
    }
    return render(request, "joins/handout.html", context)


def qr_with_code(join_code):
    """Return the QR code of the page to join, with the Code.

    Browsers keep the part after # to themselves. It fills in the form, and a person has to press the button (T27).
    """
    return qr(f"{join_page()}#{join_code.code}")


def _version(classroom, join_code):
    """Return a text that changes with what is on the board. It ends with the number, and has no Code in it (K10)."""
    locks_at = int(join_code.locks_at.timestamp())
    is_open = "archived" if classroom.is_archived else join_code.state
    return f"{join_code.pk}.{is_open}.{locks_at}.{class_list.version(classroom)}.{join_code.plain_members}"
