from classroom.models.classroom import Classroom
from classroom.models.co_teacher_invitation import CoTeacherInvitation
from classroom.models.event import Door, Event
from classroom.models.kept_out import KeptOut
from classroom.models.listed_name import ListedName
from classroom.models.membership import Membership
from classroom.models.sourced_id import SourcedId

__all__ = [
    "Classroom",
    "CoTeacherInvitation",
    "Door",
    "Event",
    "KeptOut",
    "ListedName",
    "Membership",
    "SourcedId",
]
