"""The sign-up of students, which needs a Code."""

from functools import partial, reduce

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from accounts import free_usernames, taken_usernames
from accounts.forms.sign_up import NewAccountForm, may_say_address_taken
from accounts.models import User
from accounts.models.user import account_with_username
from accounts.names import drop_invisible, has_space, without_accents
from accounts.shown_names import left_to_right
from classroom.exceptions import DoorsShut, Refusal
from classroom.same_name import exact
from joins import codes, twins, wish
from joins.acts import by_code
from joins.exceptions import TooManyInNetwork, UnknownCode
from joins.forms.fields import CodeField, read_code

# Names and usernames appear on pages and in addresses, where a Code must not appear (K10). And a password must not be
# something that the whole class knows.
NOT_THE_CODE = {
    "first_name": "This is the Code. Type your first name here.",
    "last_name": "This is the Code. Type your last name here.",
    "username": "This is the Code. Choose a username of your own.",
    "password1": "This is the Code, which your whole class knows. Choose another password.",
}


class SignUpWithCodeForm(NewAccountForm):
    """The sign-up form for students. A student's account can only be created with a current Code (A3)."""

    kind = User.Kind.STUDENT
    asked_for = {"username": True, "email": False, "password1": True}
    field_order = ["code", "first_name", "last_name", "username", "password1", "email"]
    free_usernames = ()  # offered if the typed one is taken
    can_only_wait = False  # whether the only error is that too many wrong Codes were typed
    checked_code = None  # a CheckedCode, once check_code() has found the Code right

    code = CodeField(help_text="It's on the board, or ask your teacher.")
    # The name of which the page has asked "Is this you?". Any press of that page says no.
    somebody_else = forms.CharField(required=False, widget=forms.HiddenInput)
    twin_letters = ()  # first letters of usernames, see check_twin()

    def __init__(self, *args, throttle, is_too_soon=False, **kwargs):
        self.throttle, self.is_too_soon = throttle, is_too_soon
        super().__init__(*args, **kwargs)
        username = self.fields["username"]
        username.help_text = "You'll log in with this. Pick one you'll remember and write it down."

    @property
    def given_code(self):
        """The Code as pages show it, if one has been typed already and can be one. It may still be a wrong one (J0)."""
        code = read_code(self["code"].value() or "")
        return codes.in_threes(code) if code and "code" not in self.errors else ""

    def clean_username(self):
        """Check the format only. Whether it's taken is said after the Code has been found right (T54)."""
        username = self.cleaned_data["username"]
        if drop_invisible(username) != username:
            raise ValidationError(
                "There is an invisible character in it. Delete everything and type it by hand, without pasting.",
                code="invisible",
            )
        if has_space(username):
            raise ValidationError(
                "A username can't have a space in it. Leave the space out, or put a dot there.", code="space"
            )
        if "@" in username:  # a browser that remembers passwords fills in the address by itself
            raise ValidationError(
                "An email address can't be your username. Choose one without an @.", code="address"
            )
        if plain := without_accents(username):
            raise ValidationError(
                f"A username has no accents, only the letters a to z. For example: {plain}.", code="accents"
            )
        if username.endswith("."):  # phones and dictation add one, and nobody would type it again
            raise ValidationError("A username can't end with a dot. Leave the dot out.", code="dot")
        return get_adapter().clean_username(username, shallow=True).lower()

    def validate_unique_email(self, value):
        return value  # checked after the Code, as the username is

    def clean(self):
        """Say all that is wrong in one round, but that something is taken only to somebody who has a Code (T54)."""
        code = self.cleaned_data.get("code")
        for name, refusal in NOT_THE_CODE.items():
            if code and read_code(self.cleaned_data.get(name, "")) == code:
                self.add_error(name, refusal)
        super().clean()
        if code:
            self.check_code()
        # A form with another error creates no account, so it could ask for many names unseen. So it may not often.
        if self.checked_code and (not self.errors or taken_usernames.may_say_early(self.issuer)):
            self.check_free()
        if self.checked_code and not self.errors:
            self.check_twin()
        return self.cleaned_data

    @property
    def issuer(self):
        """A text that identifies the teacher who issued the Code. "Taken" is counted for each teacher (T54)."""
        return str(self.checked_code.issuer_id)

    def check_code(self):
        """Give the same error for an unknown or retired Code and for that of a closed class, to reveal nothing (J0).

        If too many wrong Codes come from a network, that is said once nothing else in the form is wrong: a Code of a
        class that meets there works then (T97).
        """
        is_complete = not self.errors
        try:
            self.checked_code = by_code.check_typed_code(
                self.cleaned_data["code"], self.throttle, is_complete
            )
        except Refusal as refusal:
            self.can_only_wait = is_complete and refusal.retry_after is not None
            if is_complete or not isinstance(refusal, TooManyInNetwork):
                self.add_error(
                    "code", ValidationError(refusal.message, params={"retry_after": refusal.retry_after})
                )

    def check_free(self):
        """Add errors for a taken username or address. Raises ValidationError if that was said too often (T54)."""
        typed = self.cleaned_data
        errors = {}
        if "username" in typed and account_with_username.first(typed["username"]):
            self.free_usernames = free_usernames.offer(
                typed.get("first_name", ""), typed.get("last_name", "")
            )
            taken = get_adapter().error_messages["username_taken"]
            free = reduce(partial(format_html, "{} or {}"), map(left_to_right, self.free_usernames))
            errors["username"] = format_html("{} For example: {}.", taken, free)
        email = typed.get("email", "")
        if email and may_say_address_taken() and EmailAddress.objects.filter(email=email).exists():
            errors["email"] = get_adapter().validation_error("email_taken")
        if errors:
            taken_usernames.count(self.issuer)
        for field, error in errors.items():
            self.add_error(field, error)

    def check_twin(self):
        """Ask first whether they have an account with this name in the class already (L5)."""
        name = f"{self.cleaned_data['first_name']} {self.cleaned_data['last_name']}".strip()
        if exact(self.cleaned_data["somebody_else"]) == exact(name) and not self.is_too_soon:
            return
        self.twin_letters = twins.first_letters(self.checked_code, name)
        if self.twin_letters:
            self.data = self.data.copy()
            self.data["somebody_else"] = name
            self.add_error(None, ValidationError("Is this you?", code="twin"))

    def try_save(self, request):
        if not may_say_address_taken():
            self.unproved_address, self.cleaned_data["email"] = self.cleaned_data["email"], ""
        return super().try_save(request)

    def custom_signup(self, request, user):
        """Create the membership or join request in the same transaction as the account (T85)."""
        try:
            result = by_code.sign_up(self.cleaned_data["code"], user, self.checked_code.allowed_try)
        except DoorsShut:
            # Closed since check_code(). To somebody without an account, no sentence names a class (J0).
            raise ValidationError({"code": UnknownCode.message}) from None
        except Refusal as refusal:  # for example, somebody reset the Code since check_code()
            raise ValidationError({"code": refusal.message}) from None
        wish.note_sign_up(request, result)
