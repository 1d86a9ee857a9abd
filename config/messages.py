"""Where messages wait until a page shows them: in a cookie or, if they're too long for it, in the session."""

from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.core import signing

# Messages that wait for the next page, and that one press may add. The session has them, and each request reads it.
MOST_WAITING = 20
CARD = "card"  # the first word of the tags of a message with the username of a new student


def is_card(message):
    return message.extra_tags.split(" ")[0] == CARD


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
    """Django's message storage, with four differences.

    A message appears once even if its button was pressed twice (J10). Django keeps every message that is added, and
    has no setting to drop repeated ones. A message is only shown to the person who got it. And a card is shown again
    if the page that has shown it is reloaded, until there is another page (M2). At most
    MOST_WAITING messages wait, the newest.
    """

    storage_classes = (OwnCookieStorage, SessionStorage)

    def _get(self, *args, **kwargs):
        found, is_complete = super()._get(*args, **kwargs)
        # Also delete a cookie that isn't for this person. Django only does so if it's the only storage.
        self._used_storages.update(storage for storage in self.storages if storage.used)
        return [message for message in found if not self._is_of_another_page(message)], is_complete

    def _is_of_another_page(self, message):
        return is_card(message) and message.extra_tags not in (CARD, self._tag_of_card())

    def _tag_of_card(self):
        """A card that was shown carries the path of its page. What a page asks by itself belongs to that page."""
        page = self.request.htmx.current_url_abs_path or self.request.path
        return f"{CARD} {page.split('?')[0]}"

    def update(self, response):
        if self.used:
            for card in filter(is_card, self._loaded_messages):
                self._queued_messages.append(Message(card.level, card.message, self._tag_of_card()))
        return super().update(response)

    def add(self, level, message, extra_tags=""):
        known = {
            (stored.level, stored.message) for stored in [*self._loaded_messages, *self._queued_messages]
        }
        if (int(level), message) not in known and len(self._queued_messages) < MOST_WAITING:
            super().add(level, message, extra_tags)
        # Store the message again even if it is known. A response that the browser gave up may have shown it to nobody.
        self.added_new = True

    def _store(self, messages, response, *args, **kwargs):
        return super()._store(messages[-MOST_WAITING:], response, *args, **kwargs)

    @property
    def new_messages(self):
        """The messages that this request has added so far."""
        return list(self._queued_messages)
