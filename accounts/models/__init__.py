from accounts.models.anonymous_sessions import AnonymousSessions
from accounts.models.digest import Digest
from accounts.models.form_submission import FormSubmission
from accounts.models.letter import Letter
from accounts.models.log_in_try import LogInTry
from accounts.models.notification import Notification
from accounts.models.rename import Rename
from accounts.models.session import Session
from accounts.models.user import User

__all__ = [
    "AnonymousSessions",
    "Digest",
    "FormSubmission",
    "Letter",
    "LogInTry",
    "Notification",
    "Rename",
    "Session",
    "User",
]
