from django.core.cache import cache
from django.db.models import Max

from joins import codes

KEPT = "current-codes"
KEPT_FOR = 24 * 60 * 60  # seconds


def at_most_current(join_codes):
    """How many of `join_codes` are current, at most: never too few, or a guess would be likelier than K2 allows.

    Counting a million at each new class takes longer than all the rest of it. So they are counted once a day, and
    whenever what was issued since could make a Code longer; and not at all while so few were ever issued.
    """
    issued = join_codes.aggregate(issued=Max("pk"))["issued"] or 0
    if codes.length(issued) == codes.SHORTEST:
        return issued
    counted, then = cache.get(KEPT, (0, issued + 1))
    if then > issued or codes.length(counted + issued - then) > codes.length(counted):
        counted, then = join_codes.current().count(), issued
        cache.set(KEPT, (counted, then), KEPT_FOR)
    return counted + issued - then
