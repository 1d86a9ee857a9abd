from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import InterfaceError, OperationalError, connection, models
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.compiled import compiled


class Session(AbstractBaseSession):
    """A session in Django's own table, to which a migration of ours has added the column `user` (ADR 28)."""

    # The person who is logged in. Empty if nobody is, and if the previous release has written the row, which doesn't
    # know this column (F27). Without a constraint, so that a session can be written whatever became of the account.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, db_constraint=False, related_name="+"
    )

    class Meta(AbstractBaseSession.Meta):
        managed = False  # django.contrib.sessions creates the table
        db_table = "django_session"

    @classmethod
    def get_session_store_class(cls):
        return SessionStore


class SessionStore(db.SessionStore):
    """Django's, with the row's user in `user` as soon as the session has been read."""

    user = None

    @classmethod
    def get_model_class(cls):
        return Session

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        return row

    def _get_session_from_db(self):
        row = _read(self.session_key)
        # Compared with the clock that has written the date, as Django does; the database's may be another one (F21).
        if row is None or row.expire_date <= timezone.now():
            self._session_key = None
            return None
        self.user = row.user
        return row

    def _get_new_session_key(self):
        """Draw a key. Django asks first whether a row has it, but then its INSERT fails, and create() draws again."""
        return get_random_string(32, VALID_KEY_CHARS)

    def hold(self):
        """Hold the row until the transaction ends, and read again what is in it.

        Requests of this session at the same moment wait for each other here. Each sees what the one before has written,
        if that was saved in its transaction: the middleware saves a session after that.
        """
        row = self.model.objects.select_for_update(no_key=True).filter(pk=self.session_key).first()
        self._session_cache = self.decode(row.session_data) if row else {}

    def cycle_key(self):
        """Take a new key. Django writes the row now and at the end of the request; the latter is enough."""
        data, old = self._session, self.session_key
        if old:
            self.delete(old)
        self._session_key, self._session_cache = None, data
        self.modified = True


def _read(session_key):
    """Read the row with its user.

    Nearly every request begins with this query, so it also shows whether the connection still works: Django need not
    find that out with a query of its own (CONN_HEALTH_CHECKS).
    """
    connection.health_check_done = True
    try:
        return _session_with_user.first(session_key)
    except (OperationalError, InterfaceError):
        if connection.connection is None or connection.is_usable():
            raise
        connection.close()
        return _session_with_user.first(session_key)


@compiled(Session)
def _session_with_user(key):
    return Session.objects.select_related("user").filter(pk=key)
