from dataclasses import dataclass

from classroom.models import Classroom
from joins.models import JoinRequest


@dataclass(frozen=True)
class JoinResult:
    """What using a Code or a Join URL led to: a place in the class, or a join request that a manager decides."""

    classroom: Classroom
    join_request: JoinRequest | None = None

    @property
    def is_member(self):
        return self.join_request is None
