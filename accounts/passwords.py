import re

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator, UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError

from accounts.folding import fold
from accounts.models import User
from accounts.one_time_passwords import may_be_one_time_password

SHORTEST_PASSWORD = {User.Kind.STUDENT: 8, User.Kind.TEACHER: 12}  # characters (T55)
LONGEST_PASSWORD = 128  # characters (T68)

# What people try first at a school's site. Django's list of common passwords has those of the whole world.
SCHOOL_WORDS = """
    homeroom classroom class school schule ecole skole teacher teach student pupil lesson learn learning
    homework password welcome letmein changeme secret login admin administrator principal headteacher
    maths mathematics english biology chemistry physics science history geography music sport french german spanish
    spring summer autumn winter january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
"""


def wrong_password(refusal, password):
    """Return the ValidationError for a wrong password, with what may be the reason.

    Only what was typed counts. The answer must not tell whether there is such an account, or what it was given (T54).
    """
    if may_be_one_time_password(password):
        reason = "Was it a one-time password? It works only once, for a day. Ask for a new one."
    elif password.isupper():
        reason = "The password was all in capitals. Check Caps Lock."
    else:
        return refusal
    return ValidationError(f"{refusal.message} {reason}", code=refusal.code)


class LengthForKind:
    """Teachers can do more, so their passwords are longer. A user without a kind is treated as a teacher."""

    def validate(self, password, user=None):
        shortest = SHORTEST_PASSWORD.get(getattr(user, "kind", None), SHORTEST_PASSWORD[User.Kind.TEACHER])
        if len(password) < shortest:
            raise ValidationError(f"This is too short. Use at least {shortest} characters.", code="short")
        if len(password) > LONGEST_PASSWORD:
            raise ValidationError(
                f"This is too long. Use at most {LONGEST_PASSWORD} characters.", code="long"
            )

    def get_help_text(self):
        return "Use at least {teacher} characters (students: {student}).".format(**SHORTEST_PASSWORD)


class NoSpaceAround:
    """Nobody sees a space at the end, so it wouldn't be typed the next time."""

    def validate(self, password, user=None):
        if password != password.strip():
            raise ValidationError("A password can't begin or end with a space.", code="space")

    def get_help_text(self):
        return "It can't begin or end with a space."


class NotLikeTheirName(UserAttributeSimilarityValidator):
    def get_error_message(self):
        return "This is too much like your %(verbose_name)s. Choose something else."


class NotCommon(CommonPasswordValidator):
    def get_error_message(self):
        return "That password is too easy to guess. Choose something else."


class NoSchoolWord:
    """Refuses a password made only of school words, the person's own names, numbers and signs (T55).

    "Biology9B", "homeroom-2026", and "kwame kwame" for Kwame. Names are compared as in searches: "Zoë" is "zoe".
    """

    def __init__(self):
        of_the_site = re.findall(r"[a-z]{3,}", settings.SITE.hostname)
        self.words = {*SCHOOL_WORDS.split(), *of_the_site}

    def validate(self, password, user=None):
        if len(password) > LONGEST_PASSWORD:  # LengthForKind refuses it
            return
        text, names = fold(password), _words_of_names(user)
        words = self.words | names
        # Only with one of them in it, or without any letter: "7t8x9z2c" reads like four classes ("9b"), but is none.
        has_word = any(word in text for word in words) or not any("a" <= letter <= "z" for letter in text)
        if not (password and has_word and _is_only_words_and_signs(text, words)):
            return
        if any(name in text for name in names):
            raise ValidationError("Your own name is easy to guess. Add other words.", code="name")
        raise ValidationError("That's easy to guess at a school. Add words of your own.", code="school")

    def get_help_text(self):
        return "Don't use only words of the school, such as its name or a subject, or only your own name."


def _words_of_names(user):
    """Return the words of names, username and email address up to the "@"; not single letters, such as initials."""
    names = (getattr(user, field, "") for field in ("first_name", "last_name", "username", "email"))
    names = (name.partition("@")[0] for name in names)
    return {word for word in fold(" ".join(names)).split() if len(word) > 1}


def _is_only_words_and_signs(text, words):
    """Mark, from left to right, every place up to which the text is only words, digits and signs.

    One pass, with the same work at each letter: a pattern would not have finished on "homeroomhomeroom…q" (T95).
    """
    reached = {0}
    for place, letter in enumerate(text):
        if place not in reached:
            continue
        reached |= {place + len(word) for word in words if text.startswith(word, place)}
        if letter == "_" or not letter.isalnum():
            reached.add(place + 1)
        elif letter.isdecimal():
            reached.add(place + 1)
            if "a" <= text[place + 1 : place + 2] <= "z":  # "9b"
                reached.add(place + 2)
    return len(text) in reached
