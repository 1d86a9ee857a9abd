"""Sign-up and profile. A form turns what people type into what the account wants."""

from functools import cache
from uuid import uuid4

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.fields import PasswordField
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import taken_usernames
from accounts.models import Rename, User
from accounts.models.user import known_time_zones, school_time_zone
from accounts.names import clean_person_name
from accounts.passwords import SHORTEST
from accounts.transactions import again_if_undone

NAME_LENGTH = 60  # letters
REGIONS = ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe"]
REGIONS += ["Indian", "Pacific"]  # oceans with inhabited islands


class NameField(forms.CharField):
    """A first or a last name. No maxlength in the markup: browsers would cut off what is pasted."""

    def to_python(self, value):
        """A hyphen or a dot alone is what people type who have only one name (A7)."""
        name = super().to_python(value)
        return name.strip("-.–—_ ") and name

    def clean(self, value):
        if self.required and value and value.strip() and not self.to_python(value):
            raise ValidationError("Use at least one letter or digit.", code="no_letter")
        name = clean_person_name(super().clean(value))  # which looks at the length first (T95)
        if len(name) > NAME_LENGTH:
            raise ValidationError(f"This is too long. Use at most {NAME_LENGTH} letters.", code="long")
        return name


class FormKeyField(forms.UUIDField):
    """One form makes one thing: what it makes keeps this key, so that a second press finds it (A9, J10)."""

    def __init__(self):
        super().__init__(required=False, initial=uuid4, widget=forms.HiddenInput)

    def clean(self, value):
        """None where there is no key, or something else in its place: the form then works, unprotected."""
        try:
            return super().clean(value) or None
        except ValidationError:
            return None


def how_long(kind):
    return f"At least {SHORTEST[kind]} characters. A few words in a row are easy to remember."


def in_our_words(field, label):
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    if isinstance(field, forms.EmailField):
        field.error_messages["invalid"] = "This is no e-mail address. Look again."


class NamesForm(forms.Form):
    first_name = NameField(label="First name", widget=forms.TextInput({"autocomplete": "given-name"}))
    last_name = NameField(
        label="Last name",
        widget=forms.TextInput({"autocomplete": "family-name"}),
        help_text="Leave it empty if you have only one name.",
        required=False,
    )


class NewAccountForm(NamesForm, allauth.SignupForm):
    """What teachers and students have in common: `kind` and `ask` (field -> required) come from them."""

    # Filled by the browser: static/js/zone.js.
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput)
    form_key = FormKeyField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"] = PasswordField(
            label="Password",
            autocomplete="new-password",
            help_text=how_long(self.kind),
            render_value=True,  # a form that failed for another reason keeps it; the page is stored nowhere (T65)
        )
        in_our_words(self.fields["email"], "E-mail")
        for field in self.fields.values():
            for attribute in ("placeholder", "maxlength"):
                field.widget.attrs.pop(attribute, None)
        self.order_fields(self.field_order)

    def _get_signup_fields(self, kwargs):
        return {name: {"required": required} for name, required in self.ask.items()}

    def clean(self):
        # Not SignupForm's own, which checks the password against a person without kind and names.
        super(allauth.SignupForm, self).clean()
        if "password1" in self.cleaned_data:
            self.clean_password_of_person()
        return self.cleaned_data

    def clean_time_zone(self):
        """The school's, where the browser tells none that we know."""
        zone = self.cleaned_data["time_zone"]
        return zone if zone in known_time_zones() else school_time_zone()

    def clean_password_of_person(self):
        fields = ["first_name", "last_name", "username", "email"]
        person = User(kind=self.kind, **{name: self.cleaned_data.get(name, "") for name in fields})
        try:
            validate_password(self.cleaned_data["password1"], person)
        except ValidationError as refusal:
            self.add_error("password1", refusal)

    def clean_form_key(self):
        """None once it has made an account: the page was opened again for another one."""
        key = self.cleaned_data["form_key"]
        return None if key is None or User.objects.filter(form_key=key).exists() else key

    @again_if_undone
    def try_save(self, request):
        """Create the account and all that custom_signup() adds to it, or nothing (T85).

        Raises ValidationError where somebody else took the username or the address meanwhile, or custom_signup() does.
        """
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.demand_not_taken()
            if self.cleaned_data["form_key"] == self.clean_form_key():
                raise  # nothing that another username or address would mend
            self.cleaned_data["form_key"] = None  # another press of this form made another account meanwhile
            return self.try_save(request)

    def demand_not_taken(self):
        """Raises ValidationError, told at its field, where an account has this username or address (T85, T99)."""
        typed = self.cleaned_data
        taken = {
            "username": User.objects.filter(username=typed.get("username")),
            "email": User.objects.filter(email=typed["email"]).exclude(email=""),
        }
        refusals = {
            field: get_adapter().validation_error(f"{field}_taken")
            for field, others in taken.items()
            if others.exists()
        }
        if refusals:
            raise ValidationError(refusals)


class TeacherSignupForm(NewAccountForm):
    kind = User.Kind.TEACHER
    ask = {"email": True, "password1": True}
    field_order = ["first_name", "last_name", "email", "password1"]

    def validate_unique_email(self, value):
        User.objects.release_address(value)
        return super().validate_unique_email(value)

    def try_save(self, request):
        if self.account_already_exists:
            # It takes as long as creating an account, so that the time doesn't tell which addresses have one (T54).
            make_password(self.cleaned_data["password1"])
        try:
            return super().try_save(request)
        except ValidationError as refusal:
            # With a mail server only its owner is told that an address has an account, by mail (T54).
            is_told = settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory"
            if is_told or "email" not in getattr(refusal, "error_dict", {}):
                raise
            self.account_already_exists = True
            return super().try_save(request)


class StudentSignupForm(NewAccountForm):
    """Everything but the Code. Whoever adds the Code overrides clean_door() and custom_signup()."""

    kind = User.Kind.STUDENT
    ask = {"username": True, "email": False, "password1": True}
    field_order = ["code", "first_name", "last_name", "username", "password1", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        username = self.fields["username"]
        username.help_text = "You log in with it. Choose one that you remember, and write it down."

    def clean_username(self):
        """Only its shape: whether it is taken is said after the door (T54)."""
        return get_adapter().clean_username(self.cleaned_data["username"], shallow=True).lower()

    def validate_unique_email(self, value):
        return value  # as with the username, asked after the door

    def clean(self):
        super().clean()
        for check in (self.clean_door, self.clean_not_taken):
            if not self.errors:
                check()
        return self.cleaned_data

    def clean_door(self):
        """Called when every field is fine. Raises ValidationError where the door lets nobody in."""

    def clean_not_taken(self):
        """Raises ValidationError where that has been said too often (T54)."""
        taken_usernames.demand_room()
        refusals = {}
        try:
            get_adapter().clean_username(self.cleaned_data["username"])
        except ValidationError as refusal:
            refusals["username"] = refusal
        if EmailAddress.objects.filter(email=self.cleaned_data["email"]).exists():
            refusals["email"] = get_adapter().validation_error("email_taken")
        if refusals:
            taken_usernames.count(self.cleaned_data["code"])
        for field, refusal in refusals.items():
            self.add_error(field, refusal)


@cache
def time_zones():
    """Return the places of the world as choices, grouped by region."""
    choices = {"World": [("UTC", "UTC")]} | {region: [] for region in REGIONS}
    for name in sorted(known_time_zones()):
        region, _, place = name.partition("/")
        if region in REGIONS:
            choices[region].append((name, place.replace("_", " ").replace("/", ", ")))
    return list(choices.items())


class ProfileForm(NamesForm, forms.ModelForm):
    time_zone = forms.ChoiceField(label="Time zone", choices=time_zones)

    class Meta:
        model = User
        fields = ["first_name", "last_name", "time_zone"]

    def clean(self):
        is_new = not self.errors and any(
            self.cleaned_data[name] != self.initial[name] for name in ("first_name", "last_name")
        )
        if is_new:
            Rename.objects.refuse_too_many(self.instance)
        return super().clean()
