import logging
from collections import namedtuple
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.functions import Now

from accounts.models import Notification, User
from classroom.exceptions import Refusal
from classroom.models import Classroom
from classroom.models.compiled import compiled
from joins.models.counted import counted
from joins.models.join_code import JoinCode
from joins.models.known_network import SEEN_AGAIN_AFTER, KnownNetwork
from joins.networks import LONGEST

logger = logging.getLogger(__name__)

SPAN = timedelta(minutes=10)  # in which wrong Codes are counted
ALARM, ALARM_EVERY = "codes-are-guessed", timedelta(hours=1)
AT_ONCE = 500  # that one run looks up
# One statement whether the Code was once issued or never, so that the two answer alike (K8).
WRITE = """
INSERT INTO joins_guess (account_id, session, network, wider, pooled, code)
SELECT %s, %s, %s, %s, %s, '' WHERE NOT EXISTS ({issued})
"""
Seen = namedtuple("Seen", "by_account by_session in_network in_wider pooled is_known is_fresh classroom")


class GuessQuerySet(models.QuerySet):
    def recent(self):
        return self.filter(at__gt=Now() - SPAN)

    def write(self, code, pooled, **where):
        """Count a wrong Code; one that was ever issued, and so is retired, counts nowhere (T18)."""
        issued, ever = JoinCode.objects.with_code(code).values("pk").query.sql_with_params()
        columns = [where[name] for name in ("account_id", "session", "network", "wider")]
        with connection.cursor() as cursor:
            cursor.execute(WRITE.format(issued=issued), [*columns, pooled, *ever])

    def withhold(self, code, **where):
        """Count a Code, right or wrong, whose answer nobody gets before look_up() (T18)."""
        self.create(code=code, pooled=False, **where)

    def look_up(self):
        """Knock for whoever typed a right Code while answers were withheld; returns how many were looked up.

        The worker does it: a right Code would take a request longer than a wrong one. Run twice, it makes one request.
        """
        withheld = list(self.exclude(code="").select_related("account").order_by("pk")[:AT_ONCE])
        for guess in withheld:
            with suppress(Refusal, Classroom.DoesNotExist):  # of which nobody is told either
                JoinCode.objects.knock(guess.code, guess.account)
            self.filter(pk=guess.pk).update(code="")
        return len(withheld)

    def let_go(self, users):
        """Forget whose wrong Codes these are, and what waits for an answer; they count on where they were typed (T22).

        `users` are numbers of accounts.
        """
        self.filter(account__in=users).update(account=None, code="")

    def sound_alarm(self):
        """Tell the operators, by mail at once too, at most once in ALARM_EVERY (T18)."""
        logger.warning("Codes are being guessed from networks that nobody has joined from; they are held up")
        with transaction.atomic():
            operators = list(User.objects.operators().active().select_for_update(no_key=True))
            told = Notification.objects.filter(about=ALARM, created_at__gt=Now() - ALARM_EVERY)
            if told.filter(user__in=operators).exists():
                return
            Notification.objects.tell(
                operators,
                text="Codes are being guessed, from many networks at once. Where nobody has joined before, signing up "
                "with a Code is paused, and a right Code only asks to join. Who has joined before notices "
                "nothing.",
                link="/",
                about=ALARM,
                mail_after=timedelta(),
            )

    def seen(self, *, account_id, session, network, wider, code):
        """What was counted of these lately, and the class of the Code if it is current: Seen, in one statement."""
        return Seen(*_seen(account_id or 0, session, network, wider, code))


class Guess(models.Model):
    """A well-formed Code that let nobody in: what the throttle counts (T17–T22)."""

    at = models.DateTimeField(db_default=Now(), db_index=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, db_index=False, related_name="+"
    )
    session = models.CharField(max_length=32)  # a keyed digest
    network = models.CharField(max_length=LONGEST)
    wider = models.CharField(max_length=LONGEST)
    # From a network in which nobody has joined lately, so it counts for the whole site.
    pooled = models.BooleanField()
    # Only while its answer is withheld.
    code = models.CharField(max_length=16, blank=True)

    objects = GuessQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "guesses"
        indexes = [
            models.Index(fields=["account", "at"], name="guesses_of_an_account"),
            models.Index(fields=["session", "at"], name="guesses_of_a_session"),
            models.Index(fields=["network", "at"], name="guesses_in_a_network"),
            models.Index(fields=["wider", "at"], name="guesses_in_a_wider_network"),
            models.Index(fields=["at"], condition=models.Q(pooled=True), name="guesses_pooled"),
            models.Index(fields=["id"], condition=~models.Q(code=""), name="guesses_withheld"),
        ]

    def __str__(self):
        return f"A wrong Code from {self.network}"


@compiled
def _seen(account, session, network, wider, code):
    known = KnownNetwork.objects
    return [
        _how_many("account", account),
        _how_many("session", session),
        _how_many("network", network),
        _how_many("wider", wider),
        _how_many("pooled", True),
        known.at(network).values("pk"),
        known.at(network, within=SEEN_AGAIN_AFTER).values("pk"),
        JoinCode.objects.current().with_code(code).values("classroom"),
    ]


def _how_many(name, value):
    return counted(Guess.objects.recent().filter(models.Q((name, value))), name)
