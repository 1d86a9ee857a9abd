"""Keeping and forgetting a class list: the names of the people that a class expects (L1, L2)."""

from django.db.models.functions import Now

from classroom.exceptions import ListChanged
from classroom.models import Classroom, Event, ListedName


def version(classroom):
    """Return a short text that differs for every list of the class that was kept."""
    return str(classroom.list_kept_at and classroom.list_kept_at.timestamp())


def keep(classroom, names, by, seen=None):
    """Keep these names as the list of the class, instead of those that it had. Restarts the time that it's kept (L2).

    `seen` is the version() of the list that `by` saw. Raises ListChanged if the list has another one by now,
    because `by` hasn't seen what would be replaced; without `seen` nothing is compared. The same press a second time
    changes and records nothing. Raises NotAllowed, ArchivedFirst.
    """
    with classroom.one_at_a_time("class_list", by) as classroom:
        classroom.check_not_archived(by)
        before = ListedName.objects.of(classroom)
        kept = classroom.events.filter(kind__in=[Event.Kind.KEEP_LIST, Event.Kind.FORGET_LIST])
        if set(before) == set(names) and kept.in_last_minute(Event.Kind.KEEP_LIST, by).exists():
            return
        if seen not in (None, version(classroom)):
            raise ListChanged(kept.select_related("by").newest_first().first(), by)
        classroom.listed_names.exclude(name__in=names).delete()
        known = set(before)
        ListedName.objects.bulk_create(
            ListedName(classroom=classroom, name=name) for name in names if name not in known
        )
        Classroom.objects.filter(pk=classroom.pk).update(list_kept_at=Now())
        classroom.record(Event.Kind.KEEP_LIST, by)


def forget(classroom, by):
    """Delete the list of the class. The second time changes and records nothing."""
    with classroom.one_at_a_time("class_list", by) as classroom:
        deleted, _ = classroom.listed_names.all().delete()
        if deleted:
            Classroom.objects.filter(pk=classroom.pk).update(list_kept_at=None)
            classroom.record(Event.Kind.FORGET_LIST, by)
