from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.one_time_passwords import ONE_TIME_HOURS
from classroom.undoable import UNDO_WITHIN
from joins.times import format_span


@login_not_required
@require_safe
def show_help(request):
    spans = {
        "unlocked_for": settings.CODE_UNLOCKED_FOR,
        "ask_again_after": settings.ASK_AGAIN_AFTER,
        "ask_again_after_second": settings.ASK_AGAIN_AFTER_SECOND,
        "undo_within": UNDO_WITHIN,
    }
    context = {name: format_span(span) for name, span in spans.items()}
    return render(request, "joins/help.html", context | {"one_time_hours": ONE_TIME_HOURS})
