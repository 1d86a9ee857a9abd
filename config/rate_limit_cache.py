"""The cache in which rate limits are counted: Django's database cache, except that each write is one statement."""

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
NO_END = datetime(9999, 1, 1, tzinfo=UTC)  # Django stores the end of that year for "never expires"
IF_OVER = "WHERE {table}.expires < %s"


class RateLimitCache(DatabaseCache):
    """Django's cache counts all rows of its table at each write, to see whether it is too full: twice for each limit.

    Here a task does it instead, by throw_away().
    """

    def throw_away(self):
        """Delete what has expired; if there are still more than MAX_ENTRIES, delete a third of them. Safe to repeat.

        Entries that never expire are kept, even under a flood: they are no counts but notes, such as the time of the
        last backup.
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
        if mode == "add":  # only if there is no such key, or it has expired
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
    """Encode a value as DatabaseCache expects it when it reads."""
    return base64.b64encode(pickle.dumps(value, protocol)).decode("latin1")
