from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now

from joins.models.join_code import JoinCode


class SignUpQuerySet(models.QuerySet):
    def with_code(self, code, user):
        """Let the new account `user` in, or have it knock, as JoinCode.redeem() does, and keep that this Code made it.

        Returns and raises what redeem() does; refused, nothing is kept.
        """
        with transaction.atomic():
            outcome = JoinCode.objects.redeem(code, user)
            self.create(user=user, join_code=JoinCode.objects.with_code(code).get())
        return outcome


class SignUp(models.Model):
    """With which Code a student's account was made (A3): one row an account, written once, never changed.

    Its class is `join_code.classroom`, which is empty once the class is deleted.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_up")
    join_code = models.ForeignKey("joins.JoinCode", models.PROTECT, related_name="sign_ups")
    at = models.DateTimeField(db_default=Now())

    objects = SignUpQuerySet.as_manager()

    def __str__(self):
        return f"{self.user} by the {self.join_code}"
