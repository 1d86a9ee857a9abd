"""Joining by Code: the person is a member at once if it is unlocked, and gets a join request if it is locked.

The Code of a slip makes one person a member at once, also while the class's Code is locked (L4).
"""

from dataclasses import dataclass
from typing import NamedTuple

from django.db import models, transaction
from django.db.models.functions import Now

from accounts.bulk import Insertion
from accounts.compiled import compiled, compiled_inserts, compiled_update
from accounts.transactions import retry_also_if_connection_lost
from classroom.models import Classroom, Door, Event, Membership
from classroom.models.standing import standing_of
from classroom.same_name import exact
from joins import notices
from joins.acts.ask import ask, check_not_too_often, check_queue, times_in_a_day
from joins.acts.join_result import JoinResult
from joins.exceptions import UnknownCode
from joins.models import JoinCode, JoinRequest, SignUp, Slip
from joins.models.join_request import close_request
from joins.throttle import AllowedTry


class WorkingCode(NamedTuple):
    """A Code that works, and everything that decides what it does for one person."""

    pk: int
    is_of_slip: bool
    unused_slip_id: int | None  # of such a Code; without it, this person has used the slip
    name_on_slip: str | None
    is_unlocked: bool
    is_due: bool
    pending_request_id: int | None  # of this person in this class
    is_moved_to_queue: bool | None
    crowd_size: int  # see with_crowd_size()
    crowd_limit: int | None
    times_in_a_day: int  # how often this person joined or asked to join this class within the last day
    membership_id: int | None  # this and the next two are from standing_of()
    kept_out_id: int | None
    manager_id: int | None

    @property
    def is_used_up(self):
        """Whether this person has used this slip, and isn't in the class any more."""
        return self.is_of_slip and not self.unused_slip_id and not self.membership_id


@dataclass(frozen=True)
class CheckedCode:
    """A typed Code with which an account can be created."""

    allowed_try: AllowedTry  # to record the join in it later
    issuer_id: int  # the teacher who issued it
    lets_in: bool  # whether people join with it at once


def use_typed_code(code, by, throttle):
    """Do what use_code() does with a Code that somebody typed. `throttle` is their CodeThrottle.

    Raises TooManyWrongCodes, CodesPaused, and what use_code() raises.
    """
    with throttle.limit(code) as allowed:
        return use_code(code, by, allowed)


def check_typed_code(code, throttle, is_complete):
    """Check that an account can be created with this Code. Returns a CheckedCode.

    `is_complete` is False if no account will be created anyhow, because something else in the form is wrong.

    Raises UnknownCode, TooManyWrongCodes, CodesPaused; QueueFull, which sign_up() would raise too. But by then the form
    has said whether its username is taken, although no account is created either way (T54).
    """
    with throttle.limit(code, is_complete) as allowed:
        current = _code_to_sign_up_with.first(code)
        if current is None:
            raise UnknownCode
    lets_in = current.is_of_slip or (current.is_unlocked and not _is_crowded(current.classroom, current))
    if not lets_in:
        check_queue(current.classroom)
    return CheckedCode(allowed, current.created_by_id, lets_in)


@retry_also_if_connection_lost
def use_code(code, by, allowed_try=None, savepoint=True):
    """Make `by` a member (J1, L4), or let them ask to join (J2). Returns the JoinResult.

    If somebody typed the Code, `allowed_try` is what the throttle has found about it. Raises UnknownCode, also for a
    retired Code, or that of a slip that is used; AlreadyMember, IsKeptOut, DoorsShut, JoinedTooOften, and what ask()
    raises. Without a `savepoint`, the transaction of the caller can't go on after that.
    """
    classroom_id = allowed_try.classroom_id if allowed_try else _class_of(code, by)
    if classroom_id is None:
        raise UnknownCode
    try:
        with Classroom.objects.one_joins_at_a_time(classroom_id, by, savepoint) as classroom:
            # While this request waited for the class's row, the Code may have been reset or locked (K8, T78), or
            # somebody has used the slip.
            working = working_code.first(code, by.pk)
            if working is None or working.is_used_up:
                raise UnknownCode
            classroom.check_can_join(working)
            use = _use_slip if working.is_of_slip else _use_code_of_class
            return use(classroom, working, code, by, allowed_try)
    except Classroom.DoesNotExist:
        raise UnknownCode from None


def _class_of(code, by):
    return JoinCode.objects.working(by.pk).with_code(code).values_list("classroom", flat=True).first()


def _use_code_of_class(classroom, working, code, by, allowed_try):
    if working.is_due:
        # Recorded at first use, so that the Code stays locked even if the database's clock goes back (F21).
        classroom.join_codes.due().record_locks()
    is_unlocked = working.is_unlocked
    if is_unlocked and _is_crowded(classroom, working):
        _lock_crowded(classroom, working.pk, code)
        is_unlocked = False
    if not is_unlocked or working.is_moved_to_queue:
        return JoinResult(classroom, ask(classroom, by, Door.CODE, join_code_id=working.pk, code=code))
    check_not_too_often(working.times_in_a_day)
    return _join(classroom, working, Door.CODE, code, by, allowed_try)


def _use_slip(classroom, working, code, by, allowed_try):
    """Make `by` a member, as the one person that this slip lets in.

    Managers give a slip to one person by name, so it also lets in somebody who was moved to the queue.
    """
    check_not_too_often(working.times_in_a_day)
    if not _mark_used.run(working.unused_slip_id, by.pk):
        raise UnknownCode
    result = _join(classroom, working, Door.SLIP, code, by, allowed_try)
    if exact(working.name_on_slip) != exact(by.full_name):
        notices.slip_of_another_name_used(classroom)
    return result


@compiled_update
def _mark_used(slip_id, user_id):
    return Slip.objects.unused().filter(pk=slip_id), {"used_at": Now(), "used_by": user_id}


def _join(classroom, working, door, code, by, allowed_try):
    if working.pending_request_id:  # J8
        close_request(classroom.pk, working.pending_request_id, by.pk, JoinRequest.Status.ADMITTED)
    membership = Membership(classroom=classroom, user=by, door=door, code=code)
    classroom.record(Event.Kind.JOIN, by, created=membership, door=door, code=code)
    if allowed_try:
        allowed_try.record_join()
    return JoinResult(classroom)


def sign_up(code, user, allowed_try=None):
    """Use the Code for the new account `user`, and record that the account was created with it.

    Returns and raises what use_code() does. If it raises, nothing is recorded, and what the caller has done in the same
    transaction is rolled back.
    """
    with transaction.atomic(savepoint=False):
        result = use_code(code, user, allowed_try, savepoint=False)
        _record_sign_up.run(code, user.pk)
    return result


@compiled(JoinCode)
def _code_to_sign_up_with(code):
    join_codes = JoinCode.objects.working().of_open_classes().with_code(code)
    return join_codes.with_state().with_crowd_size().select_related("classroom")


@compiled_inserts
def _record_sign_up(code, user_id):
    code_used = JoinCode.objects.with_code(code)
    return [Insertion(code_used, SignUp, {"user": user_id, "join_code": models.F("pk")})]


@compiled(WorkingCode)
def working_code(code, user_id):
    """Read the Code with these letters, if it works, and what decides about this person."""
    join_codes = JoinCode.objects.working(user_id).with_code(code)
    join_codes = join_codes.with_state().with_request_of(user_id).with_crowd_size()
    classroom_id = models.OuterRef("classroom")
    slip = Slip.objects.unused().filter(join_code=models.OuterRef("pk"))
    found = join_codes.annotate(
        unused_slip_id=models.Subquery(slip.values("pk")),
        name_on_slip=models.Subquery(slip.values("listed_name__name")),
        times_in_a_day=times_in_a_day(classroom_id, user_id),
        **standing_of(user_id, classroom_id),
    )
    return found.values_list(*WorkingCode._fields)


def _is_crowded(classroom, join_code):
    return join_code.crowd_size >= max(classroom.most_members, join_code.crowd_limit or 0)


def _lock_crowded(classroom, join_code_id, code):
    """Lock the Code because more people joined than the class expects, and notify the managers at once (T30)."""
    JoinCode.objects.filter(pk=join_code_id).update(locked_at=Now(), crowded=True)
    classroom.record(Event.Kind.LOCK_CROWDED_CODE, by=None, code=code)
    notices.code_crowded(classroom)
