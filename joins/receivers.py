"""Signal receivers: what `joins` does when a class or an account changes, in the same transaction (ADR 5)."""

from allauth.account import signals as allauth
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.signals import user_logged_in
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts import sessions
from accounts import signals as accounts
from accounts.administration import LeftBehind
from accounts.landing_page import set_landing_page
from accounts.models import Notification
from accounts.models.notification import FollowUp
from classroom import signals
from classroom.access import why_closed
from classroom.models import Classroom, Membership
from joins import current_notices, notices, throttle, wish
from joins.acts import fold_account, renames
from joins.models import JoinCode, JoinRequest, JoinURL
from joins.models.join_request import close_request


def connect():
    signals.created.connect(create_code_and_join_url)
    signals.restored.connect(lock_restored_code)
    signals.role_given.connect(close_pending_request)
    signals.deleting.connect(retire_code_and_notify)
    accounts.renaming.connect(hold_class_rows)
    accounts.renamed.connect(record_rename)
    accounts.notification_opened.connect(follow_up)
    accounts.closing.connect(count_classes_left_behind)
    accounts.closed_account_tried.connect(say_which_account_stays)
    accounts.notifications_read_out.connect(current_notices.say_who_waits)
    accounts.notifications_read_out.connect(current_notices.say_when_it_locks)
    accounts.notifications_read_out.connect(current_notices.say_how_weeks_went)
    allauth.authentication_step_completed.connect(wish.claim)
    allauth.password_reset.connect(wish.claim_by_new_password)
    allauth.user_signed_up.connect(wish.claim_by_sign_up)
    allauth.user_logged_in.connect(throttle.note_teacher)
    sessions.user_seen.connect(throttle.note_teacher)
    user_logged_in.connect(wish.fulfil)
    user_logged_in.connect(lead_to_only_class)


def create_code_and_join_url(sender, classroom, by, **_):
    """Create an unlocked Code and a Join URL together with the class (C1)."""
    JoinCode.objects.issue(classroom, by)
    JoinURL.objects.create(classroom=classroom)


def lock_restored_code(sender, classroom, by, **_):
    """Lock the Code of a restored class (C4)."""
    JoinCode.objects.get_current(classroom).lock(by)


def close_pending_request(sender, classroom, user, **_):
    """End the pending request of somebody who has become the owner, or a co-teacher by an invitation (J8)."""
    for join_request in JoinRequest.objects.pending().filter(classroom=classroom, user=user):
        close_request(classroom.pk, join_request.pk, user.pk, JoinRequest.Status.ADMITTED)


def retire_code_and_notify(sender, classroom, by, **_):
    """Retire the Code of a class that is being deleted, and notify people with pending requests (Q4).

    The Codes stay in the database, so that none is ever issued again (K4).
    """
    JoinCode.objects.current().filter(classroom=classroom).update(retired_at=Now(), retired_by=by)
    pending = list(JoinRequest.objects.pending().filter(classroom=classroom))
    # Nothing is left for the managers to decide.
    Notification.objects.mark_read_about({join_request.about for join_request in pending})
    notices.class_deleted(pending)


def lead_to_only_class(sender, request, user, **_):
    """Lead somebody who logs in with a one-time password to their class, unless they were on their way elsewhere.

    The page that asks for a password of their own comes in between.
    """
    if user.one_time_until and not request.POST.get(REDIRECT_FIELD_NAME):
        places = user.memberships.select_related("classroom")[:2]
        if len(places) == 1:
            set_landing_page(request, places[0].classroom.path, is_default=True)


def count_classes_left_behind(sender, people, **_):
    """Tell an operator how many classes lose their last manager (C6)."""
    managers = Membership.objects.managers().filter(classroom=OuterRef("pk"))
    going = Q(user__in=people.order_by().values("pk"))
    n = Classroom.objects.filter(Exists(managers.filter(going)), ~Exists(managers.exclude(going))).count()
    if not n:
        return None
    classes, them = ("1 class has", "it") if n == 1 else (f"{n} classes have", "them")
    why = f"Nobody can join {them} until you hand {them} over to a teacher."
    page = f"{reverse('admin:classroom_classroom_changelist')}?owner=none"
    return LeftBehind(f"{classes} no other manager. {why}", f"{classes} no manager now. {why}", page)


def say_which_account_stays(sender, request, user, **_):
    """Tell a student whose account was put together with another one which one to use (L5)."""
    if sentence := fold_account.sentence_at_log_in(user):
        messages.error(request, sentence)


def hold_class_rows(sender, user, **_):
    renames.hold_class_rows(user)


def record_rename(sender, rename, **_):
    """Record a new name in the histories (A8), and warn of look-alikes (T42)."""
    renames.record_rename(rename)
    renames.warn_of_look_alikes(rename)


def follow_up(sender, notification, **_):
    """Tell somebody who opens an old notification that its page is closed to them, or how the request ended (Q3)."""
    if why := why_closed(notification.user, notification.link):
        return FollowUp(why, is_link_dead=True)
    if not current_notices.is_of_queue(notification):
        return None
    requests = JoinRequest.objects.within_quota().filter(classroom=current_notices.pk_in(notification))
    # One query, because somebody may ask meanwhile. A request that waits comes first.
    newest_first = requests.order_by(F("decided_at").desc(nulls_first=True))
    last = newest_first.select_related("user", "decided_by").first()
    if last is None or not last.is_decided:
        return None
    return FollowUp(f"Nobody waits any more. {last.who_decided(notification.user)}")
