from datetime import timedelta
from functools import partial, reduce

from django import template
from django.conf import settings
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timesince import timeuntil

from accounts import offered_again
from accounts.compiled import compiled
from accounts.shown_names import left_to_right
from accounts.too_soon import drawn_at
from classroom.models import Classroom
from classroom.redirects import list_query
from classroom.undoable import UNDO_WITHIN, Undoable
from joins import addresses, codes
from joins.models import JoinCode
from joins.qr import qr_of_join_url
from joins.times import (
    HELP_AFTER,
    datetime_local,
    format_ago,
    format_day_and_time,
    format_short,
    format_span,
    lock_choices,
)

register = template.Library()
register.simple_tag(addresses.full_address)
register.filter(codes.in_threes)
register.filter(left_to_right)
register.filter("short_moment", format_short)
register.filter("day_and_time", format_day_and_time)
register.filter("ago", format_ago)


@register.inclusion_tag("joins/_door.html", takes_context=True)
def door_panel(context, classroom):
    """Draw the panel with Code and Join URL at the top of the class page."""
    request = context["request"]
    of_page = {
        "request": request,
        "counts": context["counts"],
        "csrf_token": context.get("csrf_token"),
        "typed": request.POST.get("locks_at"),
    }
    return door_panel_context(classroom, request.membership) | of_page


@register.simple_tag(takes_context=True)
def place(context, **changes):
    return list_query(context["request"], **changes)


@register.simple_tag(takes_context=True)
def title_mark(context, waiting=0):
    """Return what the title of a page begins with, so that people hear it first and see it from another tab.

    That is "Error: " if a form or an act was refused; otherwise how many people wait for this manager, if any do.
    """
    is_refused = getattr(context.get("form"), "errors", None) or context.get("refused")
    if is_refused or has_error(context.get("messages")):
        return "Error: "
    return f"({waiting}) " if waiting else ""


@register.filter
def has_error(messages):
    """Whether one of the messages of the page says why an act was refused."""
    return any(message.level_tag == "error" for message in messages or ())


@register.simple_tag
def site_address():
    return addresses.as_typed(settings.SITE_URL)


@register.filter
def with_username(user):
    """Return "Leo Park (leo)", or only the name if there is no username to show. Each stands in bdi (T43)."""
    if not user.shown_username:
        return format_html("<bdi>{}</bdi>", user.full_name)
    username = left_to_right(user.shown_username)
    return format_html("<bdi>{}</bdi> ({})", user.full_name, username)


@register.filter
def either_of(memberships):
    """Return the names of these members: "Ada Lee or Leo Park"."""
    names = [format_html("<bdi>{}</bdi>", membership.user.full_name) for membership in memberships]
    return reduce(partial(format_html, "{} or {}"), names)


@register.filter
def either_letter(letters):
    """Return these letters: "“a” or “b”"."""
    return reduce("{} or {}".format, [f"“{letter}”" for letter in letters])


@register.filter
def first_names(names):
    """Return at most twenty of these names: "Ada Lee, Leo Park"."""
    return reduce(partial(format_html, "{}, {}"), [format_html("<bdi>{}</bdi>", name) for name in names[:20]])


@register.filter(expects_localtime=True)
def time_ago(moment):
    """Return "5 minutes ago", with the exact moment behind it."""
    drawn = '<time class="row__when" datetime="{}" title="{}">{}</time>'
    return format_html(drawn, moment.isoformat(), date_format(moment, "l j F, H:i"), format_ago(moment))


@register.simple_tag(takes_context=True)
def filled_by(context):
    """Return a mark of who fills in a form: the account, or a browser between two log-ins, which change its token."""
    request = context["request"]
    if request.user.is_authenticated:
        return request.user.pk
    get_token(request)
    return salted_hmac("joins.filled_by", request.META["CSRF_COOKIE"]).hexdigest()[:8]


@register.filter
def without_repeats(messages):
    """Return the messages without the duplicates that a second press adds (J10).

    It also counts as shown what is of another page and so isn't here, such as a card that was shown there (M2): a loop
    over no messages would leave their cookie in place.
    """
    return {(message.tags, str(message)): message for message in messages}.values()


@register.filter
def asked_request(message):
    """Return the pk of the join request that this message's pop-up is about, or None if it has no pop-up (J6)."""
    word, _, pk = message.extra_tags.partition(" ")
    return int(pk) if word == "pop-up" and pk else None


@register.inclusion_tag("_drawn.html", takes_context=True)
def drawn(context):
    """Draw the field of a form that takes no press too soon after the page was drawn (J10)."""
    return {"drawn": drawn_at(context["request"])}


@register.simple_tag(takes_context=True)
def opened_by(context):
    """Return what a form about the person's own account says of who has opened it (ADR 25)."""
    return offered_again.opened_by(context["request"].user)


@register.filter
def undoable(message):
    """Return what the message's Undo button sends, as an Undoable, or None if it has no such button."""
    return Undoable.from_tag(message.extra_tags)


@register.simple_tag
def undo_within():
    return format_span(UNDO_WITHIN)


@register.simple_tag
def unlocked_for(more=False):
    return format_span(settings.CODE_UNLOCKED_FOR, more)


@register.simple_tag
def help_after():
    return format_span(HELP_AFTER)


@register.filter
def time_left(moment):
    """Like timeuntil, but "13 days" instead of "1 week, 6 days", and "5 hours" instead of "5 hours, 3 minutes"."""
    days = round((moment - timezone.now()) / timedelta(days=1))
    return f"{days} days" if days > 1 else timeuntil(moment, depth=1)


def door_panel_context(classroom, membership):
    """Return the template context of the panel with Code and Join URL, for the manager with this membership."""
    if membership.wants_first_steps:
        join_code = _code_with_first_steps.first(classroom.pk, membership.user_id, membership.pk)
    else:
        join_code = _code.first(classroom.pk)
    if join_code is None:
        raise JoinCode.DoesNotExist
    join_url, now = join_code.classroom.join_url, join_code.now
    return {
        "classroom": classroom,
        "join_code": join_code,
        "shows_first_steps": membership.wants_first_steps and join_code.has_first_steps_to_do,
        "wants_time": not join_code.is_unlocked or join_code.locks_at - now <= settings.WARN_BEFORE_LOCK,
        "unlocked_from": join_code.locks_at - settings.CODE_UNLOCKED_FOR,
        "join_page": addresses.as_typed(addresses.join_page()),
        "join_url": join_url,
        "qr_join_url": qr_of_join_url(join_url.address),
        "lock_choices": [(choice, label) for choice, (label, _) in lock_choices(now).items()],
        "earliest": datetime_local(now),
        "latest": datetime_local(now + settings.CODE_UNLOCKED_FOR),
    }


@compiled(JoinCode)
def _code(classroom_id):
    return JoinCode.objects.with_now().current_of(classroom_id).select_related("classroom__join_url")


@compiled(JoinCode)
def _code_with_first_steps(classroom_id, owner_id, membership_id):
    return _code.build(classroom_id).with_first_steps(owner_id, membership_id)


@register.simple_tag
def classes_without_owner():
    """Return how many classes have an owner who has left, and how many of those have no manager at all (C6)."""
    return {
        "orphaned": Classroom.objects.orphaned().count(),
        "without_manager": Classroom.objects.without_manager().count(),
    }
