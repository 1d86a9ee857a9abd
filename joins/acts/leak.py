"""A leaked Code: issue a new one, and move those who joined with the old one to the queue for a check (T30)."""

from dataclasses import dataclass

from classroom.models import Event
from joins import notices
from joins.acts.move_to_queue import move_all_to_queue
from joins.exceptions import LeakReported
from joins.models import JoinCode


@dataclass(frozen=True)
class Report:
    """What report_leak() has done: how many people it `moved`, and the users of those who joined `later`.

    `is_reset` is False if the leak had been reported before, so that the Code stayed as it was.
    """

    moved: int
    later: list
    is_reset: bool


def report_leak(join_code, by, since=None, only=None, seen=None):
    """Retire the Code, issue a new, locked one, and move people who joined with the old one to the queue.

    These are who_goes(since, only, seen). People who joined after the page had been drawn stay, and are in the Report,
    but the Code is reset at once all the same. If the Code was reset earlier, the people who joined with it are still
    in the class: then the current Code stays, but is locked.

    The same press again changes nothing. A manager whose page was drawn after the report moves more people, and nothing
    else changes. Raises LeakReported if another manager reported the leak first; ArchivedFirst, NotAllowed.
    """
    with join_code.classroom.one_at_a_time("report_leak", by) as classroom:
        classroom.check_not_archived(by)
        later = [] if seen is None else list(joined_later(join_code, seen).select_related("user"))
        later = [member.user for member in later]
        report = reports_of(join_code).first()
        if report and (seen is None or report.pk > seen):
            moved = _moved_by(report.by, join_code, after=report.pk)
            if report.by != by:
                raise LeakReported(report, moved)
            return Report(moved, later, is_reset=True)
        if not report:
            _reset_and_lock(join_code, classroom, by)
        going = who_goes(join_code, since, only, seen).select_related("user")
        gone = move_all_to_queue(classroom, list(going), by)
        if not report:
            notices.leak_reported(classroom, by, len(gone))
        moved = len(gone)
        if report and not moved:  # the same press may have moved them before
            moved = _moved_by(by, join_code, after=seen)
    return Report(moved, later, is_reset=not report)


def who_goes(join_code, since=None, only=None, seen=None):
    """Return the members who joined with the Code and are moved to the queue by a report of its leak.

    `since` leaves those out who joined earlier, and `only` those whose user's pk is not in it. `seen` is the pk of the
    newest Event when a manager's page was drawn. It leaves those out who became plain members after that, because they
    were not counted on the page.
    """
    going = join_code.members_joined(since)
    if only is not None:
        going = going.filter(user__in=only)
    return going if seen is None else going.exclude(join_code.classroom.events.place_changed_since(seen))


def joined_later(join_code, seen):
    """Return the members who joined with the Code after the Event whose pk is `seen`."""
    return join_code.members_joined().filter(join_code.classroom.events.place_changed_since(seen))


def reports_of(join_code):
    """Filter the history by the report that this Code had leaked. There is at most one."""
    return join_code.classroom.events.filter(kind=Event.Kind.REPORT_LEAK, code=join_code.code)


def _moved_by(manager, join_code, after):
    """Count the people that this manager has moved to the queue after the Event whose pk is `after`."""
    moves = join_code.classroom.events.filter(kind=Event.Kind.MOVE_TO_QUEUE, by=manager, code=join_code.code)
    return moves.filter(pk__gt=after).count()


def _reset_and_lock(join_code, classroom, by):
    mine = JoinCode.objects.filter(pk=join_code.pk)
    is_current = mine.current().exists()
    mine.due().record_locks()
    classroom.record(Event.Kind.REPORT_LEAK, by, code=join_code.code)
    fresh = join_code.replace(classroom, by) if is_current else JoinCode.objects.get_current(classroom)
    fresh.lock(by)
