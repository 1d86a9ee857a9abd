import logging
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.functions import Now

from accounts.compiled import compiled
from accounts.models import Notification, User
from joins import notices, sentences
from joins.models.class_network import ClassNetwork
from joins.models.join_code import JoinCode
from joins.models.known_network import KnownNetwork
from joins.models.subqueries import aggregated
from joins.networks import LONGEST
from joins.times import WRONG_CODE_COUNTS_FOR

logger = logging.getLogger(__name__)

ALARM_EVERY = timedelta(hours=1)
# The same single statement for a retired Code and for one that never existed, so that both take equally long (K8).
RECORD = """
INSERT INTO joins_guess (account_id, session, network, wider, pooled)
SELECT %s, %s, %s, %s, %s WHERE NOT EXISTS ({met_here})
"""


class TryCounts(NamedTuple):
    """What the throttle needs to decide about one typed Code: recent wrong Codes, what is known about the network.

    A count is None if there is nothing to count. Without another comment, the others are the pk of a row, or None.
    """

    by_account: int | None
    by_session: int | None
    in_network: int | None
    in_wider_network: int | None
    # The next two count all unknown networks together, and all known ones.
    in_unknown_networks: int | None
    in_known_networks: int | None
    named_network: int | None  # if an operator has named this network
    network_of_any_class: int | None  # if people join or teach some class from this network
    # If people join or teach the open class of the Code from this network: whether somebody was seen today.
    class_seen_today: bool | None
    classroom_id: int | None  # the class of the Code, if the Code is current or that of a slip that is alive

    @property
    def is_known_network(self):
        """Return whether this network is exempt from the limit that all unknown networks share (T18)."""
        return bool(self.named_network or self.network_of_any_class)

    @property
    def is_network_of_the_class(self):
        return self.class_seen_today is not None


class GuessQuerySet(models.QuerySet):
    def recent(self):
        return self.filter(at__gt=Now() - WRONG_CODE_COUNTS_FOR)

    def from_unknown_networks(self):
        """Filter by the recent guesses that count towards the limit that all unknown networks share (T18)."""
        return self.recent().filter(from_unknown_network=True)

    def record(self, code, from_unknown_network, **where):
        """Record a wrong Code, unless its class meets in this network: all of it may be typing yesterday's Code (T18).

        Anywhere else a retired Code counts like one that never existed, because otherwise the count would tell them
        apart (K8).
        """
        issued = JoinCode.objects.with_code(code)
        met_here = ClassNetwork.objects.filter(classroom__in=issued.values("classroom")).at(where["network"])
        sql, values = met_here.values("pk").query.sql_with_params()
        columns = [where[name] for name in ("account_id", "session", "network", "wider")]
        with connection.cursor() as cursor:
            cursor.execute(RECORD.format(met_here=sql), [*columns, from_unknown_network, *values])

    def record_refused(self, **where):
        """Record a Code that was refused in a known network. It isn't looked up, so that it may be a right one."""
        self.create(from_unknown_network=False, **where)

    def anonymise(self, user_ids):
        """Forget which account typed these wrong Codes. They still count for their session and network (T22).

        `user_ids` are primary keys of accounts.
        """
        self.filter(account__in=user_ids).update(account=None)

    def sound_alarm(self):
        """Say that Codes are being guessed from everywhere (T18)."""
        logger.warning("Codes are being guessed; none is taken where nobody has joined or taught before")
        self._notify_operators(sentences.CODES_ARE_GUESSED)

    def sound_alarm_of_network(self, network):
        """Say that Codes are being guessed in one known network (T17)."""
        logger.warning("Codes are being guessed in the network %s, where classes meet", network)
        self._notify_operators(sentences.CODES_ARE_GUESSED_IN_A_NETWORK)

    def _notify_operators(self, kind):
        """Notify the operators, and mail them immediately, at most once in ALARM_EVERY."""
        with transaction.atomic():
            operators = list(User.objects.operators().active().select_for_update(no_key=True))
            lately = Notification.objects.filter(kind=kind, created_at__gt=Now() - ALARM_EVERY)
            if lately.filter(user__in=operators).exists():
                return
            notices.codes_are_guessed(operators, kind)

    def count_tries(self, *, account_id, session, network, wider, code):
        """Return the recent counts for this visitor, and the class of the Code if it works, as TryCounts."""
        return _tries.first(account_id or 0, session, network, wider, code)


class Guess(models.Model):
    """A well-formed Code that no class has, or one that was refused in a known network. The throttle counts these.

    T17–T22.
    """

    at = models.DateTimeField(db_default=Now(), db_index=True, verbose_name="typed at")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, db_index=False, related_name="+"
    )
    session = models.CharField(max_length=32)  # a keyed digest
    network = models.CharField(max_length=LONGEST)
    wider = models.CharField(max_length=LONGEST, verbose_name="wider network")
    # It came from an unknown network, so it counts towards the limit that all unknown networks share.
    from_unknown_network = models.BooleanField(db_column="pooled")

    objects = GuessQuerySet.as_manager()

    class Meta:
        verbose_name = "wrong Code"
        verbose_name_plural = "wrong Codes"
        indexes = [
            models.Index(fields=["account", "at"], name="guesses_of_an_account"),
            models.Index(fields=["session", "at"], name="guesses_of_a_session"),
            models.Index(fields=["network", "at"], name="guesses_in_a_network"),
            models.Index(fields=["wider", "at"], name="guesses_in_a_wider_network"),
            models.Index(fields=["at"], condition=models.Q(from_unknown_network=True), name="guesses_pooled"),
        ]

    def __str__(self):
        return f"A wrong Code from {self.network}"


@compiled(TryCounts)
def _tries(account_id, session, network, wider, code):
    working = JoinCode.objects.working(account_id).with_code(code)
    of_any_class = ClassNetwork.objects.at(network)
    of_the_class = ClassNetwork.objects.filter(classroom__in=working.of_open_classes().values("classroom"))
    return TryCounts(
        by_account=_how_many("account", account_id),
        by_session=_how_many("session", session),
        in_network=_how_many("network", network),
        in_wider_network=_how_many("wider", wider),
        in_unknown_networks=_how_many("from_unknown_network", True),
        in_known_networks=_how_many("from_unknown_network", False),
        named_network=KnownNetwork.objects.at(network).values("pk"),
        network_of_any_class=of_any_class.values("pk")[:1],
        class_seen_today=of_the_class.at(network).values_seen_today(),
        classroom_id=working.values("classroom"),
    )


def _how_many(name, value):
    return aggregated(Guess.objects.recent().filter(models.Q((name, value))), name)
