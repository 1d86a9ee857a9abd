from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import Notification, User
from accounts.models.user import one_time_password
from classroom.exceptions import NotAMember
from classroom.models import Event
from joins.exceptions import AskTheSchool
from joins.models import renames
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

    def give_password(self, classroom, user, by, form_key=None):
        """Give the student `user` a one-time password and return it; it is told to nobody else (T15).

        It is stored nowhere in clear, so it is made from the key of the form that was pressed: a second press at once
        returns the same one, and tells nobody again (J10). Raises AskTheSchool, NotAMember, NotAllowed.
        """
        with classroom.one_at_a_time("give_password", by) as classroom:
            if not classroom.memberships.filter(user=user).exists():
                raise NotAMember
            if reason := self.why_not(classroom, user):
                raise AskTheSchool(reason)
            user = User.objects.get(pk=user.pk)  # as it is under the lock
            password = form_key and one_time_password(f"{form_key} {by.pk} {user.pk}")
            if password and user.has_just_been_given(password):
                return password
            if password and user.check_password(password):
                password = None  # the page was sent again later: that is another press
            if not classroom.events.just_now(Event.Kind.GIVE_PASSWORD, by, user=user).exists():
                classroom.record(Event.Kind.GIVE_PASSWORD, by, user=user)
                self._tell(classroom, user, by)
            return user.give_one_time_password(password)

    def correct_name(self, classroom, user, by, first_name, last_name):
        """Correct the name of the student `user`, who is told; the histories of their classes keep both names (A8).

        The second time changes nothing. Raises AskTheSchool, NotAMember, NotAllowed.
        """
        with transaction.atomic():
            renames.hold_classes(user)  # all of them before one_at_a_time(), or the order would be another
            with classroom.one_at_a_time("correct_name", by) as classroom:
                if not classroom.memberships.filter(user=user).exists():
                    raise NotAMember
                if reason := self.why_not_correct(classroom, user):
                    raise AskTheSchool(reason)
                if rename := user.rename(by, first_name, last_name):
                    text = f"{by.full_name} of {classroom.name} changed your name to {rename.new}."
                    said = {"link": reverse("accounts:profile"), "topic": classroom.public_id}
                    Notification.objects.tell([user], text=text, mentions=by, **said)

    def why_not_correct(self, classroom, user):
        """Why no manager of the class may correct this member's name, for people; None where one may (A8)."""
        if user.is_teacher:
            return "Teachers change their name themselves, in their profile."
        if user.is_staff or not self.is_made_here(classroom, user):
            return (
                f"{user.full_name} did not create the account with a Code of this class. They can change their name "
                "themselves, in their profile."
            )
        return None

    def is_made_here(self, classroom, user):
        """Whether the account was created with a Code of this class, the current one or an earlier one."""
        return self.filter(user=user, join_code__classroom=classroom).exists()

    def why_not(self, classroom, user):
        """Why no manager of the class may give this member a password, for people; None where one may (T15)."""
        if user.is_teacher:
            return "A teacher chooses a new password by mail, from the log-in page. Or ask your school's administrator."
        if user.is_staff:  # it would open the admin's first door
            return f"{user.full_name} is an operator of this site. Ask your school's administrator."
        if user.has_verified_address:
            return f"{user.full_name} has an e-mail address and chooses a new password by mail, from the log-in page."
        if not self.is_made_here(classroom, user):
            return (
                f"{user.full_name} did not make the account with a Code of this class, so a new password does not come "
                "from here. Ask your school's administrator."
            )
        return None

    def _tell(self, classroom, user, by):
        said = {"topic": classroom.public_id, "mail_after": timedelta()}
        text = f"{by.full_name} of {classroom.name} has given you a one-time password. You were logged out everywhere."
        Notification.objects.tell([user], text=text, link=classroom.path, mentions=by, **said)
        text = f"{user.full_name} has been given a one-time password in {classroom.name}. The history tells by whom."
        others = [manager for manager in classroom.managers() if manager != by]
        history = reverse("joins:history", args=[classroom.public_id])
        Notification.objects.tell(others, text=text, link=history, mentions=user, **said)


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
