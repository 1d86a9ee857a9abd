"""The one way in for a Code that somebody has typed: people who try too many wrong ones wait (T17–T22, T57).

Only well-formed Codes that no class ever had count; what is right clears nothing and counts nowhere (ADR 19).
"""

from datetime import timedelta

from django.utils import timezone

from accounts import proxies
from accounts.sessions import browser_of
from joins import networks
from joins.acts import by_code
from joins.exceptions import CodesPaused, TooManyWrongCodes, UnknownCode
from joins.models import ClassNetwork, Guess, JoinCode, JoinRequest

# Wrong Codes within guess.SPAN.
MOST_OF_ONE = 10  # an account, and a session
MOST_OF_NETWORK = 60  # an IPv4 address, an IPv6 /64
MOST_OF_WIDER = 240  # an IPv6 /48
MOST_OF_STRANGERS = 300  # of all networks together that are not known
MOST_OF_KNOWN = 1000  # of all that are; beyond, only Codes of the classes that are taught there work there
YOUNG = timedelta(hours=24)  # an account that a network's limit stops like somebody signed out


class Tries:
    """Somebody who types a Code: `request` tells where, `by` is their account, if they have one."""

    def __init__(self, request, by=None):
        self.by = by
        self.is_stranger = by is None or _is_young(by)
        network, wider = networks.of(proxies.address(request))
        self.where = {
            "account_id": by and by.pk,
            "session": browser_of(request),
            "network": network,
            "wider": wider,
        }

    def use_code(self, code):
        """As by_code.use_code() does. Raises TooManyWrongCodes, CodesPaused, and what that raises."""
        seen = self._demand_room(code)
        try:
            if not seen.classroom:
                raise UnknownCode
            outcome = by_code.use_code(code, self.by, classroom_id=seen.classroom)
        except UnknownCode:
            self._count(code, seen)
            raise
        self._succeeded(outcome, seen)
        return outcome

    def demand(self, code):
        """Before an account is made with it. Raises UnknownCode, TooManyWrongCodes, CodesPaused."""
        seen = self._demand_room(code)
        if not JoinCode.objects.current().of_open_classes().with_code(code).exists():
            self._count(code, seen)
            raise UnknownCode
        self.seen = seen

    def sign_up(self, code, user):
        """As by_code.sign_up() does, after demand()."""
        outcome = by_code.sign_up(code, user)
        self._succeeded(outcome, self.seen)
        return outcome

    def _demand_room(self, code):
        """Before anything is done with the Code, so that where there is no room right and wrong ones answer alike."""
        seen = self._seen(code)
        self._refuse_beyond_limits(seen)
        return seen

    def _seen(self, code):
        return Guess.objects.seen(code=code, **self.where)

    def _refuse_beyond_limits(self, seen, written=0):
        """`written`: how many of those that are counted by now are this very try."""
        if max(seen.by_account or 0, seen.by_session or 0) >= MOST_OF_ONE + written:
            raise TooManyWrongCodes
        if self._is_network_used_up(seen, written) and not seen.is_taught_here:
            raise TooManyWrongCodes
        is_clean = not self.is_stranger and (seen.by_account or 0) <= written
        if _is_pool_used_up(seen, written) and not is_clean:
            raise CodesPaused

    def _is_network_used_up(self, seen, written):
        return self.is_stranger and (
            (seen.in_network or 0) >= MOST_OF_NETWORK + written
            or (seen.in_wider or 0) >= MOST_OF_WIDER + written
        )

    def _count(self, code, seen):
        """Written, and counted anew, before it is answered: of many at once no more than the limit learn (T22)."""
        Guess.objects.write(code, pooled=not seen.is_known, **self.where)
        after = self._seen(code)
        if _is_pool_used_up(after):
            Guess.objects.sound_alarm()
        self._refuse_beyond_limits(after, written=1)

    def _succeeded(self, outcome, seen):
        if not seen.is_fresh and not isinstance(outcome, JoinRequest):
            ClassNetwork.objects.joined_from(self.where["network"], outcome.pk)


def note_teacher(request, user, **_):
    """Called at a log-in and while somebody is there: where a teacher works, the Codes of their classes work (T17)."""
    if user.is_teacher and not _is_young(user):
        network, _ = networks.of(proxies.address(request))
        ClassNetwork.objects.taught_from(network, user)


def _is_young(user):
    return timezone.now() - user.date_joined < YOUNG


def _is_pool_used_up(seen, written=0):
    if seen.is_named:
        return False
    if seen.is_known:  # anybody who leaves a class and joins it again elsewhere makes networks known
        return (seen.of_known or 0) >= MOST_OF_KNOWN + written and not seen.is_taught_here
    return (seen.of_strangers or 0) >= MOST_OF_STRANGERS + written
