from django.contrib.messages.storage.fallback import FallbackStorage


class UniqueMessageStorage(FallbackStorage):
    """Django's message storage, except that a message appears once even if its button was pressed twice (J10).

    Django keeps every message that is added, and has no setting to drop repeated ones.
    """

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
