"""Which role somebody has at this moment.

Co-teacher rights that were given until a moment are over then, by the database's clock, whatever the worker does
(ADR 7). The column `role` says so only when the worker has written it down. So what decides by a role asks for that of
now.
"""

from django.db import models
from django.db.models.functions import Now

from classroom.rights import CO_TEACHER, MEMBER

OVER = models.Q(role=CO_TEACHER, co_teacher_until__lte=Now())
ROLE_NOW = models.Case(models.When(OVER, then=models.Value(MEMBER)), default="role")
