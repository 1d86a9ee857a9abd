from django.core.exceptions import ValidationError

from accounts.models import User

SHORTEST = {User.Kind.STUDENT: 8, User.Kind.TEACHER: 12}  # characters (T55)
LONGEST = 128  # characters (T68)


class LengthForKind:
    """Teachers can do more, so their passwords are longer. Without a kind, as for a teacher."""

    def validate(self, password, user=None):
        shortest = SHORTEST.get(getattr(user, "kind", None), SHORTEST[User.Kind.TEACHER])
        if len(password) < shortest:
            raise ValidationError(f"This is too short. Use at least {shortest} characters.", code="short")
        if len(password) > LONGEST:
            raise ValidationError(f"This is too long. Use at most {LONGEST} characters.", code="long")

    def get_help_text(self):
        return "Use at least {teacher} characters (students: {student}).".format(**SHORTEST)
