from datetime import timedelta

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince, timeuntil

from classroom.views.pages import list_query
from joins import addresses, codes
from joins.forms import datetime_local, exact
from joins.models import JoinCode
from joins.qr import qr_of_join_url
from joins.times import format_short

register = template.Library()

LESSON = timedelta(minutes=45)


@register.inclusion_tag("joins/_door.html", takes_context=True)
def door_panel(context, classroom):
    """Draw the panel with Code and Join URL at the top of the class page."""
    request = context["request"]
    of_page = {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "typed": request.POST.get("locks_at"),
    }
    return door_panel_context(classroom, request.membership) | of_page


@register.simple_tag(takes_context=True)
def place(context):
    return list_query(context["request"])


@register.simple_tag(takes_context=True)
def title_mark(context):
    """Return what the title of a page begins with if a form or an act was refused, so that people hear it first."""
    is_refused = getattr(context.get("form"), "errors", None) or context.get("refused")
    said = (message.level_tag for message in context.get("messages") or ())
    return "Error: " if is_refused or "error" in said else ""


@register.simple_tag
def full_address(path):
    return addresses.full_address(path)


@register.simple_tag
def site_address():
    return addresses.as_typed(settings.SITE_URL)


@register.filter
def without_repeats(messages):
    """Return the messages without the duplicates that a second press adds (J10)."""
    return {(message.tags, str(message)): message for message in messages}.values()


@register.filter
def undo_of(message):
    """Return the pks of the request and of the decision that the message tells of, or None. See _answer_decision()."""
    act, *pks = message.extra_tags.split() or [""]
    return pks if act == "undo" else None


@register.filter
def time_left(moment):
    """Like timeuntil, but "13 days" instead of "1 week, 6 days", and "5 hours" instead of "5 hours, 3 minutes"."""
    days = round((moment - timezone.now()) / timedelta(days=1))
    return f"{days} days" if days > 1 else timeuntil(moment, depth=1)


@register.filter
def short_moment(moment):
    return format_short(moment)


@register.filter
def ago(moment):
    """Like timesince with "ago", but "just now" instead of "0 minutes ago"."""
    return "just now" if timezone.now() - moment < timedelta(minutes=1) else f"{timesince(moment)} ago"


@register.filter
def since_day(moment):
    """Return the day on which an account was created: "today", "yesterday", "on 3 May 2026"."""
    days = (timezone.localdate() - timezone.localdate(moment)).days
    return {0: "today", 1: "yesterday"}.get(days) or f"on {date_format(timezone.localtime(moment), 'j F Y')}"


@register.filter
def in_threes(code):
    return codes.in_threes(code)


def door_panel_context(classroom, membership):
    """Return the template context of the panel with Code and Join URL, for the manager with this membership."""
    join_codes = JoinCode.objects.with_now()
    if membership.wants_first_steps:
        join_codes = join_codes.with_first_steps(membership)
    join_code = join_codes.current_of(classroom)
    now = join_code.now
    return {
        "classroom": classroom,
        "join_code": join_code,
        "shows_first_steps": membership.wants_first_steps and join_code.has_first_steps_to_do,
        "wants_time": not join_code.is_unlocked or join_code.locks_at - now <= settings.WARN_BEFORE_LOCK,
        "two_weeks_before": join_code.locks_at - settings.CODE_UNLOCKED_FOR,
        "join_page": addresses.as_typed(addresses.join_page()),
        "join_url": classroom.join_url,
        "qr_join_url": qr_of_join_url(classroom.join_url.address),
        "waiting": classroom.join_requests.pending().count(),
        "lock_choices": list(lock_choices(now)),
        "earliest": datetime_local(now),
        "latest": datetime_local(now + settings.CODE_UNLOCKED_FOR),
    }


def lock_choices(now):
    """Yield the suggested moments for locking a Code, each as (label, moment) (K7)."""
    soon = now + timedelta(minutes=1)  # the field has no seconds, so without this 45 minutes could become 44
    tonight = timezone.localtime(now).replace(hour=23, minute=59, second=0, microsecond=0)
    for label, moment in (
        ("End of the lesson (45 minutes)", soon + LESSON),
        ("Today, at midnight", tonight),
        ("In a week", now + timedelta(weeks=1)),
    ):
        if now < moment < now + settings.CODE_UNLOCKED_FOR:
            yield label, exact(moment)
