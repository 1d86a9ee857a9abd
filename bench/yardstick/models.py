"""Unmanaged models of Homeroom's tables, with only the columns that the yardstick needs."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now


class User(AbstractBaseUser):
    username = models.CharField(max_length=30, unique=True)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    email = models.CharField(max_length=254, default="")
    kind = models.CharField(max_length=7)
    time_zone = models.CharField(max_length=60, default="UTC")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_superuser = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=Now())

    objects = BaseUserManager()
    USERNAME_FIELD = "username"

    class Meta:
        managed = False
        db_table = "accounts_user"

    def __str__(self):
        return self.username


class Classroom(models.Model):
    public_id = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=100)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "classroom_classroom"

    def __str__(self):
        return self.name


class OfAClass(models.Model):
    classroom = models.ForeignKey(Classroom, models.CASCADE)

    class Meta:
        abstract = True

    def __str__(self):
        return str(self.pk)


class JoinCode(OfAClass):
    code = models.CharField(max_length=16, unique=True)
    locks_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "joins_joincode"


class JoinURL(OfAClass):
    key = models.CharField(max_length=22, unique=True)

    class Meta:
        managed = False
        db_table = "joins_joinurl"


class OfAPerson(OfAClass):
    user = models.ForeignKey(User, models.CASCADE)

    class Meta:
        abstract = True


class Membership(OfAPerson):
    role = models.CharField(max_length=10)
    door = models.CharField(max_length=8)
    code = models.CharField(max_length=16, default="")
    joined_at = models.DateTimeField(db_default=Now())

    class Meta:
        managed = False
        db_table = "classroom_membership"


class KeptOut(OfAPerson):
    class Meta:
        managed = False
        db_table = "classroom_keptout"


class JoinRequest(OfAPerson):
    door = models.CharField(max_length=8)
    name = models.CharField(max_length=121)
    class_name = models.CharField(max_length=100)
    asked_at = models.DateTimeField(db_default=Now())
    status = models.CharField(max_length=9, default="pending")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.CASCADE, null=True, related_name="decided")

    class Meta:
        managed = False
        db_table = "joins_joinrequest"


class Event(models.Model):
    classroom = models.ForeignKey(Classroom, models.CASCADE)
    kind = models.CharField(max_length=20)
    by = models.ForeignKey(User, models.CASCADE, related_name="caused")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="met")
    door = models.CharField(max_length=8, default="")
    code = models.CharField(max_length=16, default="")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        managed = False
        db_table = "classroom_event"

    def __str__(self):
        return self.kind


class Notification(models.Model):
    user = models.ForeignKey(User, models.CASCADE)
    text = models.CharField(max_length=400)
    link = models.CharField(max_length=200)
    topic = models.CharField(max_length=40, default="")
    about = models.CharField(max_length=40, default="")
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "accounts_notification"

    def __str__(self):
        return self.text
