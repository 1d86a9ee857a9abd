"""The throttle: every typed Code passes it, and somebody who types too many wrong ones has to wait (T17–T22, T57).

Only well-formed Codes that no class has count as wrong, and a retired one doesn't where its class meets. A right Code
neither counts nor clears what was counted (ADR 19).
"""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts import proxies
from accounts.sessions import browser_of
from joins import networks
from joins.exceptions import CodesPaused, TooManyInNetwork, TooManyWrongCodes, UnknownCode
from joins.models import ClassNetwork, Guess

# The limits: how many wrong Codes within WRONG_CODE_COUNTS_FOR are allowed for
MOST_OF_ONE = 10  # one account, and one session
MOST_OF_NETWORK = 60  # one IPv4 address or IPv6 /64
# In a known network, Codes that are refused because of that limit are recorded too, until there are so many. Then there
# is an alarm: the Codes of classes that meet there still work there, so somebody may go on guessing at those.
ALARM_OF_NETWORK = 120
MOST_OF_WIDER_NETWORK = 240  # one IPv6 /48
MOST_OF_UNKNOWN_NETWORKS = 300  # all unknown networks together
# All known networks together. Beyond it, each accepts only the Codes of classes that are joined or taught there.
MOST_OF_KNOWN_NETWORKS = 1000
# The limits of a network apply to people who are not logged in, and to accounts that are newer than this.
NEW_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class AllowedTry:
    """A typed Code that the throttle has let through."""

    classroom_id: int | None  # the class of the Code, or None if no class has it
    network: str
    # Whether it is recorded already that the class was joined from this network today.
    is_recorded_today: bool

    def record_join(self):
        """Record that the class was joined from this network, once a day."""
        if not self.is_recorded_today:
            ClassNetwork.objects.record_join(self.network, self.classroom_id)


class CodeThrottle:
    """The throttle for one visitor who types a Code. `user` is their account, or None if they are not logged in."""

    def __init__(self, request, user=None):
        self.is_new_account = user is None or _is_new_account(user)
        network, wider = networks.of_address(proxies.client_ip(request))
        self.where = {
            "account_id": user and user.pk,
            "session": browser_of(request),
            "network": network,
            "wider": wider,
        }

    @contextmanager
    def limit(self, code, is_complete=True):
        """Wrap this around the use of a typed Code. Yields an AllowedTry.

        `is_complete` is False if nobody will join, even if the Code is right. Then a network that is over its limit
        refuses the Codes of its own classes too: the answer would only tell right from wrong, and nobody would see it.

        A visitor who is over a limit is refused before the Code is used, so that right and wrong Codes look alike. If
        the block raises UnknownCode, that counts as a wrong Code. Raises TooManyWrongCodes, CodesPaused.
        """
        counts = self._read_counts(code)
        if not is_complete:
            counts = counts._replace(class_seen_today=None)
        try:
            self._check_limits(counts)
        except TooManyInNetwork:
            if is_complete:
                self._record_refused(counts)
            raise
        try:
            yield AllowedTry(counts.classroom_id, self.where["network"], bool(counts.class_seen_today))
        except UnknownCode:
            self._record_wrong(code, from_unknown_network=not counts.is_known_network)
            raise

    def _record_wrong(self, code, from_unknown_network):
        """Record a wrong Code and check the limits again, so that many tries at once don't get past them (T22)."""
        Guess.objects.record(code, from_unknown_network=from_unknown_network, **self.where)
        counts = self._read_counts(code)
        if _is_shared_limit_reached(counts):
            Guess.objects.sound_alarm()
        self._check_limits(counts, recorded=1)

    def _read_counts(self, code):
        return Guess.objects.count_tries(code=code, **self.where)

    def _check_limits(self, counts, recorded=0):
        """Raise a Refusal if a limit is reached. `recorded` is 1 if this try is in the counts already, else 0."""
        if max(counts.by_account or 0, counts.by_session or 0) >= MOST_OF_ONE + recorded:
            raise TooManyWrongCodes
        if self._is_network_limit_reached(counts, recorded) and not counts.is_network_of_the_class:
            raise TooManyInNetwork
        has_typed_no_wrong_code = not self.is_new_account and (counts.by_account or 0) <= recorded
        if _is_shared_limit_reached(counts, recorded) and not has_typed_no_wrong_code:
            raise CodesPaused

    def _record_refused(self, counts):
        """Record a Code that is refused in a known network, right or wrong, without looking it up (T17)."""
        if not counts.network_of_any_class or (counts.in_network or 0) >= ALARM_OF_NETWORK:
            return
        Guess.objects.record_refused(**self.where)
        if self._read_counts("").in_network >= ALARM_OF_NETWORK:
            Guess.objects.sound_alarm_of_network(self.where["network"])

    def _is_network_limit_reached(self, counts, recorded):
        return self.is_new_account and (
            (counts.in_network or 0) >= MOST_OF_NETWORK + recorded
            or (counts.in_wider_network or 0) >= MOST_OF_WIDER_NETWORK + recorded
        )


def note_teacher(request, user, **_):
    """Runs at a log-in and while somebody is logged in. Records a teacher's network for their classes (T17)."""
    if user.is_teacher and not _is_new_account(user):
        network, _ = networks.of_address(proxies.client_ip(request))
        ClassNetwork.objects.record_teacher(network, user)


def _is_new_account(user):
    return timezone.now() - user.date_joined < NEW_FOR


def _is_shared_limit_reached(counts, recorded=0):
    """Return whether the limit is reached that all unknown networks share, or the one that all known networks share."""
    if counts.named_network:
        return False
    # There is a limit too, because anybody can join a class to make a network known.
    if counts.is_known_network:
        is_reached = (counts.in_known_networks or 0) >= MOST_OF_KNOWN_NETWORKS + recorded
        return is_reached and not counts.is_network_of_the_class
    return (counts.in_unknown_networks or 0) >= MOST_OF_UNKNOWN_NETWORKS + recorded
