"""Making and cancelling slips: Codes on paper, each for one name on the class list (L4)."""

from django.db.models.functions import Now

from classroom.models import Event
from classroom.models.event import SECOND_PRESS_WITHIN
from joins.exceptions import ListIsOver, SlipUsed
from joins.models import JoinCode, Slip


def make_slips(classroom, name_ids, by):
    """Make a slip for each of these names (pks) of the class's list. Returns how many of the names have one now.

    A name that has an unused slip gets another one instead, whose Code is new. But if `by` has made that within the
    last minute, this press repeats the first one, and changes nothing (J10). The number of statements is the same for
    one name and for many; for none, nothing is done. Raises NotAllowed, ArchivedFirst, ListIsOver, TooManySlips.
    """
    with classroom.one_at_a_time("slips", by) as classroom:
        classroom.check_not_archived(by)
        names = classroom.listed_names.in_time().filter(pk__in=name_ids)
        ids = list(names.order_by("pk").values_list("pk", flat=True))
        if name_ids and not ids:
            raise ListIsOver
        before = Slip.objects.unused().filter(listed_name__in=ids)
        just_made = before.filter(
            join_code__created_by=by, join_code__created_at__gte=Now() - SECOND_PRESS_WITHIN
        )
        has_one = set(just_made.values_list("listed_name", flat=True))
        without = [pk for pk in ids if pk not in has_one]
        if without:
            before.filter(listed_name__in=without).delete()
            join_codes = JoinCode.objects.issue_for_slips(classroom, by, len(without))
            Slip.objects.bulk_create(
                Slip(join_code=join_code, listed_name_id=pk)
                for join_code, pk in zip(join_codes, without, strict=True)
            )
            classroom.record(Event.Kind.MAKE_SLIPS, by)
        return len(ids)


def cancel_slips(classroom, by, slip_id=None):
    """Cancel the slip with this pk, or all that are unused: from now on their Codes are dead. Returns how many.

    The second time changes nothing. Raises NotAllowed; SlipUsed, if somebody has used it meanwhile.
    """
    with classroom.one_at_a_time("slips", by) as classroom:
        slips = Slip.objects.of(classroom)
        if slip_id is not None:
            slips = slips.filter(pk=slip_id)
            if used := slips.used().first():
                raise SlipUsed(used)
        cancelled, _ = slips.unused().delete()
        if cancelled:
            classroom.record(Event.Kind.CANCEL_SLIPS, by)
        return cancelled
