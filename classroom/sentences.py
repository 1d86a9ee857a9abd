"""What the notifications about a class and its members say."""

from accounts.notification_kinds import register

HANDED_OVER = register("class-handed-over", "%(by)s has handed %(class_name)s over to you: you own it now.")
HANDED_OVER_BY_ADMINISTRATOR = register(
    "class-handed-over-by-administrator",
    "The administrator of this site has handed %(class_name)s over to you: you own it now.",
)
OWNER_REPLACED = register("owner-replaced", "%(owner)s owns %(class_name)s now: the owner before has left.")
DELETED = register("class-deleted", "%(class_name)s has been deleted by %(by)s.")
MADE_CO_TEACHER = register("made-co-teacher", "You're now a co-teacher of %(class_name)s.")
MADE_CO_TEACHER_UNTIL = register(
    "made-co-teacher-until",
    "You're now a co-teacher of %(class_name)s, until the end of %(co_teacher_until)s.",
)
CO_TEACHER_ENDS_SOON = register(
    "co-teacher-ends-soon", "Your co-teacher rights in %(class_name)s end within a day."
)
CO_TEACHER_OF_YOURS_ENDS_SOON = register(
    "co-teacher-of-yours-ends-soon", "The co-teacher rights of %(user)s in %(class_name)s end within a day."
)
CO_TEACHER_ENDED = register(
    "co-teacher-ended", "Your co-teacher rights in %(class_name)s have ended. You're now a member."
)
CO_TEACHER_OF_YOURS_ENDED = register(
    "co-teacher-of-yours-ended", "The co-teacher rights of %(user)s in %(class_name)s have ended."
)
MADE_MEMBER = register("made-member", "You're now a member of %(class_name)s.")
INVITATION_ACCEPTED = register(
    "invitation-accepted", "%(user)s has accepted your invitation and is now a co-teacher of %(class_name)s."
)
INVITATION_UNUSED = register(
    "invitation-unused",
    "Nobody has used an invitation to be a co-teacher in %(class_name)s, so it has ended.",
)
REMOVED = register(
    "removed",
    "You're no longer in %(class_name)s. Not sure why? Talk to your teacher.",
    to_teachers="You're no longer in %(class_name)s. Not sure why? Talk to its teacher.",
)
REMOVAL_UNDONE = register("removal-undone", "You're back in %(class_name)s.")
UNBLOCKED = register("unblocked", "You can join %(class_name)s again.")
