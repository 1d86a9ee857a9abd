"""Where rate limits are counted: Django's table of a cache, with one statement a write."""

import base64
import pickle
from datetime import UTC, datetime

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils import timezone

WRITE = """
INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s)
ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires
"""
IF_OVER = "WHERE {table}.expires < %s"


class Counts(DatabaseCache):
    """Django's own counts every row of the table at each write, fifteen times a log-in, to see whether it is too full.

    Here that is left to a task: throw_away().
    """

    def throw_away(self):
        """Delete what is over, and beyond MAX_ENTRIES a third of the rest. The second time changes nothing."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {self._quoted}")  # noqa: S608
            self._cull("default", cursor, _now(), cursor.fetchone()[0])

    def _base_set(self, mode, key, value, timeout=DEFAULT_TIMEOUT):
        if mode == "touch":
            return super()._base_set(mode, key, value, timeout)
        sql, values = WRITE, [key, _packed(value, self.pickle_protocol), self._expires(timeout)]
        if mode == "add":  # only where nothing is, or what is there is over
            sql, values = sql + IF_OVER, [*values, _stored(_now())]
        with connection.cursor() as cursor:
            cursor.execute(sql.format(table=self._quoted), values)
            return cursor.rowcount == 1

    @property
    def _quoted(self):
        return connection.ops.quote_name(self._table)

    def _expires(self, timeout):
        at = self.get_backend_timeout(timeout)
        return _stored(
            datetime.max if at is None else datetime.fromtimestamp(at, tz=UTC).replace(microsecond=0)
        )


def _now():
    return timezone.now().replace(microsecond=0)


def _stored(moment):
    return connection.ops.adapt_datetimefield_value(moment)


def _packed(value, protocol):
    """As DatabaseCache reads it again."""
    return base64.b64encode(pickle.dumps(value, protocol)).decode("latin1")
