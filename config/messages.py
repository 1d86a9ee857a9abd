"""Where messages wait until a page shows them: in a cookie or, if they're too long for it, in the session."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.core import signing


class OwnCookieStorage(CookieStorage):
    """The cookie is signed for the person who got the messages, because it outlives their log-in.

    For anybody else at the same computer it's like a forged one (T62).
    """

    def _get(self, *args, **kwargs):
        if self.cookie_name in self.request.COOKIES:
            self._sign_for_this_person()
        return super()._get(*args, **kwargs)

    def _store(self, *args, **kwargs):
        self._sign_for_this_person()
        return super()._store(*args, **kwargs)

    def _sign_for_this_person(self):
        self.signer = signing.get_cookie_signer(salt=f"{self.key_salt}.{self.request.user.pk}")


class UniqueMessageStorage(FallbackStorage):
    """Django's message storage, with two differences.

    A message appears once even if its button was pressed twice (J10). Django keeps every message that is added, and
    has no setting to drop repeated ones. And a message is only shown to the person who got it.
    """

    storage_classes = (OwnCookieStorage, SessionStorage)

    def _get(self, *args, **kwargs):
        found = super()._get(*args, **kwargs)
        # Also delete a cookie that isn't for this person. Django only does so if it's the only storage.
        self._used_storages.update(storage for storage in self.storages if storage.used)
        return found

    def add(self, level, message, extra_tags=""):
        known = {
            (stored.level, stored.message) for stored in [*self._loaded_messages, *self._queued_messages]
        }
        if (int(level), message) not in known:
            super().add(level, message, extra_tags)
        # Store the message again even if it is known. A response that the browser gave up may have shown it to nobody.
        self.added_new = True

    @property
    def new_messages(self):
        """The messages that this request has added so far."""
        return list(self._queued_messages)
