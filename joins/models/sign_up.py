from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class SignUp(models.Model):
    """Which Code a student's account was created with (A3). Each account has one row, which never changes.

    The class is `join_code.classroom`, which is None once the class is deleted.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_up", verbose_name="person"
    )
    join_code = models.ForeignKey(
        "joins.JoinCode", models.PROTECT, related_name="sign_ups", verbose_name="Code"
    )
    at = models.DateTimeField(db_default=Now(), verbose_name="created at")

    class Meta:
        verbose_name = "account created with a Code"
        verbose_name_plural = "accounts created with a Code"

    def __str__(self):
        return f"{self.user} by the {self.join_code}"
