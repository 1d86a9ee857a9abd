"""The throttle: every typed Code passes it, and whoever types too many wrong ones has to wait (T17–T22, T57).

Only well-formed Codes that no class has ever had count as wrong. A right Code neither counts nor clears what was
counted (ADR 19).
"""

from datetime import timedelta

from django.utils import timezone

from accounts import proxies
from accounts.sessions import browser_of
from joins import networks
from joins.acts import by_code
from joins.exceptions import CodesPaused, TooManyWrongCodes, UnknownCode
from joins.models import ClassNetwork, Guess, JoinCode, JoinRequest

# The limits: how many wrong Codes within guess.SPAN are allowed for
MOST_OF_ONE = 10  # one account, and one session
MOST_OF_NETWORK = 60  # one IPv4 address or IPv6 /64
MOST_OF_WIDER = 240  # one IPv6 /48
MOST_OF_UNKNOWN_NETWORKS = 300  # all unknown networks together
# All known networks together. Beyond it, each accepts only the Codes of classes that are joined or taught there.
MOST_OF_KNOWN_NETWORKS = 1000
YOUNG = timedelta(
    hours=24
)  # so young an account is subject to its network's limit, like somebody who is not logged in


class Tries:
    """The throttle for one visitor who types a Code. `by` is their account, or None if they are not logged in."""

    def __init__(self, request, by=None):
        self.by = by
        self.is_stranger = by is None or _is_young(by)
        network, wider = networks.of_address(proxies.address(request))
        self.where = {
            "account_id": by and by.pk,
            "session": browser_of(request),
            "network": network,
            "wider": wider,
        }

    def use_code(self, code):
        """Do what by_code.use_code() does. Raises TooManyWrongCodes, CodesPaused, and what use_code() raises."""
        counts = self._check_room(code)
        try:
            if not counts.classroom:
                raise UnknownCode
            outcome = by_code.use_code(code, self.by, classroom_id=counts.classroom)
        except UnknownCode:
            self._count(code, counts)
            raise
        self._succeeded(outcome, counts)
        return outcome

    def check_code(self, code):
        """Check a Code before an account is created with it. Raises UnknownCode, TooManyWrongCodes, CodesPaused."""
        counts = self._check_room(code)
        if not JoinCode.objects.current().of_open_classes().with_code(code).exists():
            self._count(code, counts)
            raise UnknownCode
        self.counts = counts

    def sign_up(self, code, user):
        """Do what by_code.sign_up() does. Call check_code() first."""
        outcome = by_code.sign_up(code, user)
        self._succeeded(outcome, self.counts)
        return outcome

    def _check_room(self, code):
        """Refuse a visitor who is beyond a limit before the Code is used, so that right and wrong ones look alike."""
        counts = self._read_counts(code)
        self._refuse_beyond_limits(counts)
        return counts

    def _read_counts(self, code):
        return Guess.objects.count_tries(code=code, **self.where)

    def _refuse_beyond_limits(self, counts, written=0):
        """Raise a Refusal if a limit is reached. `written` is 1 if this try is already in the counts, else 0."""
        if max(counts.by_account or 0, counts.by_session or 0) >= MOST_OF_ONE + written:
            raise TooManyWrongCodes
        if self._is_network_used_up(counts, written) and not counts.network_of_the_class:
            raise TooManyWrongCodes
        is_clean = not self.is_stranger and (counts.by_account or 0) <= written
        if _is_pool_used_up(counts, written) and not is_clean:
            raise CodesPaused

    def _is_network_used_up(self, counts, written):
        return self.is_stranger and (
            (counts.in_network or 0) >= MOST_OF_NETWORK + written
            or (counts.in_wider_network or 0) >= MOST_OF_WIDER + written
        )

    def _count(self, code, counts):
        """Record a wrong Code and check the limits again, so that many tries at once don't get past them (T22)."""
        Guess.objects.record(code, from_unknown_network=not counts.is_known_network, **self.where)
        after = self._read_counts(code)
        if _is_pool_used_up(after):
            Guess.objects.sound_alarm()
        self._refuse_beyond_limits(after, written=1)

    def _succeeded(self, outcome, counts):
        if not counts.network_of_the_class_today and not isinstance(outcome, JoinRequest):
            ClassNetwork.objects.record_join(self.where["network"], outcome.pk)


def note_teacher(request, user, **_):
    """Runs at a log-in and while somebody is logged in. Records a teacher's network for their classes (T17)."""
    if user.is_teacher and not _is_young(user):
        network, _ = networks.of_address(proxies.address(request))
        ClassNetwork.objects.record_teacher(network, user)


def _is_young(user):
    return timezone.now() - user.date_joined < YOUNG


def _is_pool_used_up(counts, written=0):
    if counts.named_network:
        return False
    if (
        counts.is_known_network
    ):  # has a limit too, because anybody can make networks known by joining a class from there
        return (
            counts.in_known_networks or 0
        ) >= MOST_OF_KNOWN_NETWORKS + written and not counts.network_of_the_class
    return (counts.in_unknown_networks or 0) >= MOST_OF_UNKNOWN_NETWORKS + written
