from datetime import UTC

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.forms.fields import FormKeyField, NamesForm
from accounts.forms.sign_up import StudentSignupForm
from classroom.exceptions import DoorsShut, Refusal
from joins import codes, wish
from joins.acts import by_code
from joins.acts.queue import Decision
from joins.exceptions import CodeChanged, UnknownCode

LOCAL = "%Y-%m-%dT%H:%M"  # the format that a datetime-local field sends
LOCAL_FORMATS = [LOCAL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
MOST_AT_ONCE = 200  # requests decided in one POST
NOT_IN_QUEUE = "These requests are not in this queue. Here is what waits."


class CodeField(forms.CharField):
    """A Code that a person types or pastes. It has no maxlength, because the browser would cut it off silently (K3)."""

    default_error_messages = {"required": "Type the Code from the board."}

    def __init__(self, **kwargs):
        attrs = {
            "autocapitalize": "characters",
            "autocorrect": "off",
            "data-code-field": "",
        }
        super().__init__(label="Code", widget=forms.TextInput(attrs), **kwargs)

    def clean(self, value):
        try:
            return codes.read(super().clean(value))
        except codes.TypingError as slip:
            raise ValidationError(str(slip), code="typing") from None


class CodeForm(forms.Form):
    code = CodeField()


# Names and usernames appear on pages and in addresses, where a Code must not appear (K10). And a password must not be
# something that the whole class knows.
NOT_THE_CODE = {
    "first_name": "This is the Code. Type your first name here.",
    "last_name": "This is the Code. Type your last name here.",
    "username": "This is the Code. Choose a username of your own.",
    "password1": "This is the Code, which your whole class knows. Choose another password.",
}


class SignUpWithCodeForm(StudentSignupForm):
    """The sign-up form for students. A student's account can only be created with a current Code (A3)."""

    code = CodeField(help_text="It's on the board, or ask your teacher.")

    def __init__(self, *args, throttle, **kwargs):
        self.throttle = throttle
        self.allowed_try = None  # an AllowedTry, once check_code() has found the Code right
        super().__init__(*args, **kwargs)

    @property
    def given_code(self):
        """The Code as pages show it, if one has been typed already and can be one. It may still be a wrong one (J0)."""
        if "code" in self.errors:
            return ""
        try:
            return codes.in_threes(codes.read(self["code"].value() or ""))
        except codes.TypingError:
            return ""

    def clean(self):
        code = self.cleaned_data.get("code")
        for name, refusal in NOT_THE_CODE.items():
            if code and _is_code(self.cleaned_data.get(name, ""), code):
                self.add_error(name, refusal)
        return super().clean()

    def check_code(self):
        """Give the same error for an unknown or retired Code and for that of a closed class, to reveal nothing (J0)."""
        try:
            self.allowed_try = by_code.check_typed_code(self.cleaned_data["code"], self.throttle)
        except Refusal as refusal:
            self.add_error(
                "code", ValidationError(refusal.message, params={"retry_after": refusal.retry_after})
            )

    def custom_signup(self, request, user):
        """Create the membership or join request in the same transaction as the account (T85)."""
        try:
            outcome = by_code.sign_up(self.cleaned_data["code"], user)
        except DoorsShut:
            # Closed since check_code(). To somebody without an account, no sentence names a class (J0).
            raise ValidationError({"code": UnknownCode.message}) from None
        except Refusal as refusal:  # for example, somebody reset the Code since check_code()
            raise ValidationError({"code": refusal.message}) from None
        self.allowed_try.record_join(outcome)
        wish.note_sign_up(request, outcome)


def _is_code(typed, code):
    try:
        return codes.read(typed) == code
    except codes.TypingError:
        return False


class MomentField(forms.DateTimeField):
    """A local date and time in the user's time zone. The templates write its HTML themselves."""

    default_error_messages = {
        "invalid": "This is no day and time. Choose them from the field.",
        "ambiguous_timezone": "The clocks change at this hour. Choose a moment before or after it.",
    }

    def __init__(self, **kwargs):
        super().__init__(input_formats=LOCAL_FORMATS, **kwargs)

    def to_python(self, value):
        try:
            moment = super().to_python(value)
            return moment and moment.astimezone(UTC)
        except ValidationError as refusal:
            raise ValidationError(self.error_messages[refusal.code], code=refusal.code) from None
        except OverflowError:  # the first or last day that Python knows, moved into another zone
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class LockAtForm(forms.Form):
    locks_at = MomentField(error_messages={"required": "Choose a day and a time."})


class UnlockForm(forms.Form):
    """Without a moment, the Code stays unlocked for two weeks."""

    locks_at = MomentField(required=False)


class ResetForm(forms.Form):
    """Sends the pk of the Code that the page showed, so that a second press doesn't reset the new one."""

    join_code = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def shown_code(self, current):
        """Return the Code that the page showed; it may have been reset since. Raises CodeChanged if there is none."""
        if not self.is_valid():
            raise CodeChanged
        pk = self.cleaned_data["join_code"]
        if pk in (None, current.pk):
            return current
        shown_code = current.classroom.join_codes.filter(pk=pk).first()
        if shown_code is None:
            raise CodeChanged
        return shown_code


class CorrectNameForm(NamesForm):
    """A form for a student's name. Its fields turn autocomplete off, or the browser would fill in the teacher's."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
        self.fields["last_name"].help_text = "Leave it empty if they have only one name."


class GivePasswordForm(forms.Form):
    form_key = FormKeyField()


class NumbersField(forms.TypedMultipleChoiceField):
    """Accepts any pks. The acts look them up within the class, so pks from other classes find nothing (T01)."""

    def __init__(self, **kwargs):
        super().__init__(coerce=int, **kwargs)

    def valid_value(self, value):
        return value.isascii() and value.isdigit() and len(value) < 19


class LeakForm(ResetForm):
    """Since when people may have joined with the leaked Code, and which of them stay members."""

    since = MomentField(required=False)
    keep = NumbersField(required=False)


class RequestsForm(forms.Form):
    request = NumbersField(
        error_messages={
            "required": "Tick at least one request first.",
            "invalid_choice": NOT_IN_QUEUE,
        },
    )

    def clean_request(self):
        ids = self.cleaned_data["request"]
        if len(ids) > MOST_AT_ONCE:
            raise ValidationError(f"Decide at most {MOST_AT_ONCE} requests at once.", code="too_many")
        return ids


class DecisionForm(RequestsForm):
    """`ask_first`: the button is for everybody who is ticked, so a page asks before it says no to several (Q9)."""

    decision = forms.ChoiceField(
        choices=Decision,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose: let in, say no or block."),
    )
    ask_first = forms.BooleanField(required=False)

    @property
    def needs_question(self):
        sent = self.cleaned_data
        return sent["ask_first"] and sent["decision"] == Decision.DENY and len(sent["request"]) > 1


class UndoForm(forms.Form):
    """Sends the pk of the Event that the page showed, so that a press that comes late doesn't undo a later decision."""

    event = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def event_id(self):
        """The pk that was sent, None if none was, and one that no Event has if it is no number."""
        return self.cleaned_data["event"] if self.is_valid() else 0


def datetime_local(moment):
    """Return `moment` in the format of a datetime-local field, in the user's time zone."""
    return timezone.localtime(moment).strftime(LOCAL)


def exact(moment):
    """Return `moment` as a MomentField reads it in any time zone, also in the hour that comes twice a year."""
    return moment.astimezone(UTC).strftime(f"{LOCAL}Z")
