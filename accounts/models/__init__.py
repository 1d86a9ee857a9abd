from accounts.models.digest import Digest
from accounts.models.letter import Letter
from accounts.models.notification import Notification
from accounts.models.press import Press
from accounts.models.rename import Rename
from accounts.models.user import User

__all__ = ["Digest", "Letter", "Notification", "Press", "Rename", "User"]
