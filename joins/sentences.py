"""What the notifications about joining say."""

from accounts.notification_kinds import register

CODE_LOCKED_ITSELF = register(
    "code-locked-itself",
    "The Code of %(class_name)s has locked. Until you unlock it, everyone who uses it has to ask you.",
)
CODE_LOCKS_SOON = register("code-locks-soon", "The Code of %(class_name)s was about to lock.")
ALL_CODES_LOCKED = register(
    "all-codes-locked",
    "Every Code of this site has been locked, as a precaution, and slips that nobody has used no longer work. Anyone "
    "who uses a Code has to ask. Unlock yours whenever you like.",
)
CODE_CROWDED = register(
    "code-crowded",
    "More people joined %(class_name)s than you expected, so its Code has locked. Until you unlock it, everyone who "
    "uses it has to ask you.",
)
LEAK_REPORTED = register(
    "leak-reported",
    "%(by)s has reported that the Code of %(class_name)s had leaked. There is a new one, locked. Moved to the queue: "
    "%(moved)d.",
)
MOVED_TO_QUEUE = register(
    "moved-to-queue",
    "The teachers of %(class_name)s are checking who belongs in it. You're back in the queue and don't have to do "
    "anything.",
)
ASKED = register("asked", "People asked to join %(class_name)s.")
ASKED_OVER_QUOTA = register(
    "asked-over-quota",
    "Many new accounts asked to join %(class_name)s. Check who they are before you let them in.",
)
SLIP_OF_ANOTHER_NAME_USED = register(
    "slip-of-another-name-used",
    "Somebody has joined %(class_name)s with a slip for another name. Check who it is.",
)
LAST_WEEK = register("last-week", "Last week in %(class_name)s.")
OWNER_ABSENT = register(
    "owner-absent",
    "%(owner)s, who owns %(class_name)s, has not logged in for a month, and people wait to be let in. You can let them "
    "in.",
)
OWNER_ABSENT_TO_OPERATORS = register(
    "owner-absent-to-operators",
    "%(owner)s, who owns %(class_name)s, has not logged in for a month, and people wait to be let in. If the account "
    "is closed, you can give the class to another teacher.",
)
WAITS_LONG = register(
    "waits-long",
    "Your request to join %(class_name)s has waited since %(asked_at)s. Ask %(manager)s about it.",
)
APPROVED = register("approved", "You've been let in. You're in %(class_name)s now.")
DENIED = register(
    "denied",
    "Your teacher said no to your request to join %(class_name)s. You can ask again from %(again_at)s. Not sure why? "
    "Talk to your teacher.",
    to_teachers="Its teacher said no to your request to join %(class_name)s. You can ask again from %(again_at)s. Not "
    "sure why? Talk to its teacher.",
)
DENIED_AND_KEPT_OUT = register(
    "denied-and-kept-out",
    "Your teacher said no to your request to join %(class_name)s, and you can't join it right now. If you think this "
    "is a mistake, talk to your teacher.",
    to_teachers="Its teacher said no to your request to join %(class_name)s, and you can't join it right now. If you "
    "think this is a mistake, talk to its teacher.",
)
DECISION_UNDONE = register(
    "decision-undone",
    "Your teacher took back the answer to your request to join %(class_name)s. You're waiting again, and you don't "
    "have to do anything.",
    to_teachers="Its teacher took back the answer to your request to join %(class_name)s. You're waiting again, and "
    "you don't have to do anything.",
)
CLASS_DELETED = register(
    "class-of-request-deleted", "%(class_name)s has been deleted, and your request to join it with it."
)
PASSWORD_GIVEN = register(
    "password-given",
    "%(by)s of %(class_name)s has given you a one-time password. You were logged out everywhere.",
)
PASSWORD_GIVEN_TO_STUDENT = register(
    "password-given-to-student",
    "%(user)s has been given a one-time password in %(class_name)s. The history shows who did it.",
)
ACCOUNTS_FOLDED = register(
    "accounts-folded",
    "%(by)s has put another account of yours together with this one. Log in as %(username)s.",
)
ACCOUNTS_OF_STUDENT_FOLDED = register(
    "accounts-of-student-folded",
    "Two accounts of %(user)s in %(class_name)s are one account now. The history shows who did it.",
)
NAME_CORRECTED = register("name-corrected", "%(by)s of %(class_name)s changed your name to %(new_name)s.")
RENAMED_LIKE_ANOTHER = register(
    "renamed-like-another",
    "%(old_name)s is now called %(new_name)s, similar to a name in %(class_name)s. Check who it is.",
)
CODES_ARE_GUESSED = register(
    "codes-are-guessed",
    "Codes are being guessed from many networks at once. Until that ends, no Code works where nobody has joined or "
    "taught before. Schools that use Homeroom notice nothing.",
)
CODES_ARE_GUESSED_IN_A_NETWORK = register(
    "codes-are-guessed-in-a-network",
    "Codes are being guessed in the network of a school. The Codes of the classes that meet there still work there, so "
    "look who joins them. The log and the list of wrong Codes say which network it is.",
)
