from accounts.models.digest import Digest
from accounts.models.notification import Notification
from accounts.models.user import User

__all__ = ["Digest", "Notification", "User"]
