"""Pause and resume a Join URL (T33)."""

from functools import partial

from django.contrib import messages
from django.views.decorators.http import require_POST

from classroom.access import allowed_to, show_refusals_with
from classroom.models import Door
from joins.views.code import show_door

show_join_url_half = partial(show_door, half=Door.JOIN_URL)


@require_POST
@allowed_to("pause_join_url")
@show_refusals_with(show_join_url_half)
def pause_join_url(request, classroom):
    classroom.join_url.pause(by=request.user)
    messages.success(request, "The Join URL is paused. Nobody can ask by it until you resume it.")
    return show_join_url_half(request, classroom)


@require_POST
@allowed_to("resume_join_url")
@show_refusals_with(show_join_url_half)
def resume_join_url(request, classroom):
    classroom.join_url.resume(by=request.user)
    messages.success(request, "Whoever uses the Join URL can ask again.")
    return show_join_url_half(request, classroom)
