"""The page of a Join URL, where people ask to join; managers pause and resume it (T33)."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from classroom.access import allowed_to, not_found_if_deleted
from classroom.exceptions import AlreadyMember, Refusal
from classroom.models import Door
from joins import wish
from joins.acts.ask import ask_by_join_url, refusal_by_join_url
from joins.acts.join_result import JoinResult
from joins.exceptions import AskingPaused
from joins.models.join_url import join_url_with_key
from joins.views.code import show_door_panel
from joins.views.join import redirect_after, redirect_member

PRESS_NOT_SAVED = (
    "So many people are joining right now that we couldn't save your press. Log in or sign up, then press “Ask to "
    "join” again."
)
show_join_url_half = partial(show_door_panel, half=Door.JOIN_URL)


@login_not_required
@not_found_if_deleted
def join_url(request, key):
    found = join_url_with_key.first(key)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _show_join_url(request, found)
    if not request.user.is_authenticated:
        if refusal := refusal_by_join_url(found, request.user):
            return _show_join_url(request, found, refusal)
        if wish.store(request, join_url=found.key):
            return redirect("account_login")
        messages.info(request, PRESS_NOT_SAVED)
        return redirect_to_login(found.path)  # which leads back to this page
    try:
        join_request = ask_by_join_url(found, request.user)
    except AlreadyMember as already:
        return redirect_member(request, already)
    except Refusal as refusal:
        return _show_join_url(request, found, refusal)
    return redirect_after(request, JoinResult(found.classroom, join_request))


@require_POST
@allowed_to("pause_join_url", refusals_on=show_join_url_half)
def pause_join_url(request, classroom):
    classroom.join_url.pause(by=request.user)
    messages.success(request, "The Join URL is paused. Nobody can ask to join with it until you resume it.")
    return show_join_url_half(request, classroom)


@require_POST
@allowed_to("resume_join_url", refusals_on=show_join_url_half)
def resume_join_url(request, classroom):
    classroom.join_url.resume(by=request.user)
    messages.success(request, "The Join URL works again.")
    return show_join_url_half(request, classroom)


def _show_join_url(request, found, refused=None):
    classroom = found.classroom
    refusal = refused or refusal_by_join_url(found, request.user)
    can_wait = not refusal and request.user.is_authenticated
    is_pending = can_wait and classroom.join_requests.pending().filter(user=request.user).exists()
    context = {
        "classroom": classroom,
        "owner": classroom.owner,
        "join_url": found,
        "refused": refused,
        "refusal": refusal,
        "pending": is_pending,
        "is_told": refusal or is_pending,  # instead of the button "Ask to join"
        "is_member": isinstance(refusal, AlreadyMember),
        "paused": isinstance(refusal, AskingPaused),
    }
    return render(request, "joins/join_url.html", context, status=refused.status if refused else 200)
