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
DELETE_OVER = "DELETE FROM {table} WHERE expires < %s"
HOW_MANY = "SELECT count(*) FROM {table} WHERE expires < %s"
DELETE_FIRST = """
DELETE FROM {table} WHERE expires < %s AND cache_key IN
(SELECT cache_key FROM {table} WHERE expires < %s ORDER BY cache_key LIMIT %s)
"""
NO_END = datetime(9999, 1, 1, tzinfo=UTC)  # Django writes the end of that year where there is none
IF_OVER = "WHERE {table}.expires < %s"


class RateLimitCache(DatabaseCache):
    """Django's own counts every row of the table at each write, fifteen times a log-in, to see whether it is too full.

    Here that is left to a task: throw_away().
    """

    def throw_away(self):
        """Delete what is over, and beyond MAX_ENTRIES a third of the rest. The second time changes nothing.

        What has no end is no count but a note, such as when the last backup was made: it stays, whoever floods us.
        """
        with connection.cursor() as cursor:
            cursor.execute(DELETE_OVER.format(table=self._quoted), [_stored(_now())])
            cursor.execute(HOW_MANY.format(table=self._quoted), [_stored(NO_END)])
            many = cursor.fetchone()[0]
            if many > self._max_entries:
                values = [_stored(NO_END), _stored(NO_END), many // self._cull_frequency]
                cursor.execute(DELETE_FIRST.format(table=self._quoted), values)

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
