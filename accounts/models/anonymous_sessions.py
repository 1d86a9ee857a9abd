from allauth.core.internal.ratelimit import get_ip
from django.db import connection, models
from django.utils import timezone
from django.utils.crypto import salted_hmac

DIGITS = 32  # hexadecimal, of a digest
# How many new sessions may be stored within an hour for people who aren't logged in: for one network twice as many as a
# school of 3,000 needs on its first day, and for all networks together five times that.
MOST_OF_NETWORK = 6_000
MOST_OF_ALL = 30_000
# One statement. It writes nothing if a limit is reached, so that a flood doesn't make this table grow either.
COUNT = """
INSERT INTO accounts_anonymoussessions (network, hour, number)
SELECT %s, %s, 1
WHERE (SELECT coalesce(sum(number), 0) FROM accounts_anonymoussessions WHERE hour = %s) < %s
ON CONFLICT (hour, network) DO UPDATE SET number = accounts_anonymoussessions.number + 1
WHERE accounts_anonymoussessions.number < %s
"""


class AnonymousSessionsQuerySet(models.QuerySet):
    def may_store(self, request):
        """Whether the session of somebody who isn't logged in may store something. Counts it if it needs a new row.

        If not, too many have been stored in this hour. Then do without what would have been stored, and refuse nobody:
        one pupil can use up what the whole school's network has (T97).
        """
        # Reading the user reads the session, and after that a session without a row has no key.
        if request.user.is_authenticated or request.session.session_key:
            return True
        network = salted_hmac("accounts.anonymous_sessions", get_ip(request)).hexdigest()[:DIGITS]
        # The clock of one server or another; a few seconds more or less do no harm here.
        hour = connection.ops.adapt_datetimefield_value(start_of_hour())
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [network, hour, hour, MOST_OF_ALL, MOST_OF_NETWORK])
            return cursor.rowcount == 1

    def expired(self):
        return self.filter(hour__lt=start_of_hour())


class AnonymousSessions(models.Model):
    """How many sessions were stored for people who weren't logged in, from one network in one hour (ADR 36)."""

    network = models.CharField(max_length=DIGITS)  # a keyed digest
    hour = models.DateTimeField()  # its beginning
    number = models.PositiveIntegerField()

    objects = AnonymousSessionsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "sessions of people who weren't logged in"
        constraints = [models.UniqueConstraint(fields=["hour", "network"], name="one_count_of_an_hour")]

    def __str__(self):
        return f"{self.number} from a network"


def start_of_hour():
    return timezone.now().replace(minute=0, second=0, microsecond=0)
