from django.contrib.messages.storage.fallback import FallbackStorage


class Once(FallbackStorage):
    """Says a sentence once, also where the press that it answers came twice before any page (J10)."""

    def add(self, level, message, extra_tags=""):
        known = {(said.level, said.message) for said in [*self._loaded_messages, *self._queued_messages]}
        if (int(level), message) not in known:
            super().add(level, message, extra_tags)
        # Kept anew also where it is known: the page on which the browser gave up may have said it, and nobody saw it.
        self.added_new = True

    @property
    def just_said(self):
        """What this request has said so far."""
        return list(self._queued_messages)
