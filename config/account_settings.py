"""Accounts: log-in, sign-up, passwords. A part of settings.py, which takes all of it."""

from config import env

# People.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# The first one writes; the second reads what other systems wrote.
PASSWORD_HASHERS = ["config.hashers.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LengthForKind"},
    {"NAME": "accounts.passwords.NoSpaceAround"},
    {"NAME": "accounts.passwords.NotLikeTheirName"},
    {"NAME": "accounts.passwords.NotCommon"},  # 20,000
    {"NAME": "accounts.passwords.NoSchoolWord"},
]

# Log-in and sign-up. Students need no e-mail address, and verify one later: accounts.forms, accounts.login_stages.
MAIL_SERVER = env.mail("EMAIL_URL")
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "accounts.auth_forms.AddressForm",
    "reset_password": "accounts.auth_forms.ForgottenForm",
    "reauthenticate": "accounts.auth_forms.IsItYouForm",
    "login": "accounts.auth_forms.LogInForm",
    "change_password": "accounts.auth_forms.ChangePasswordForm",
    "reset_password_from_key": "accounts.auth_forms.ResetPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_USERNAME_VALIDATORS = "accounts.names.USERNAME_VALIDATORS"
ACCOUNT_USERNAME_MIN_LENGTH = 3  # characters
ACCOUNT_PRESERVE_USERNAME_CASING = False
# Nobody who signs up is called as if they ran the site (T42).
ACCOUNT_USERNAME_BLACKLIST = [
    "admin",
    "administrator",
    "headteacher",
    "help",
    "homeroom",
    "moderator",
    "operator",
    "postmaster",
]
ACCOUNT_USERNAME_BLACKLIST += [
    "principal",
    "root",
    "school",
    "staff",
    "support",
    "sysadmin",
    "system",
    "teacher",
    "webmaster",
]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if MAIL_SERVER else "optional"  # A2
# By code, the sign-up's own tab goes on, intent and all (J6); allauth wants it mandatory then.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = bool(MAIL_SERVER)
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# Seconds. School mail can take hours; a code lasts for three tries, whenever they are made (J6).
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 86_400
ACCOUNT_LOGIN_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT + 60  # what waits for that code
ACCOUNT_CHANGE_EMAIL = True  # one address a person; a new one counts once it is verified
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a changed password or address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_UNIQUE_EMAIL = ACCOUNT_PREVENT_ENUMERATION = ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Not by a mailed code: on a borrowed device the owner's mail is often open too (T60).
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
# A GET changes nothing: mail scanners and link previews open links (T36, T37).
ACCOUNT_LOGOUT_ON_GET = ACCOUNT_CONFIRM_EMAIL_ON_GET = ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = None  # ask; shared machines leave it unticked
ACCOUNT_SESSION_COOKIE_AGE = 14 * 86_400  # seconds; for who ticks it
# A school sits behind one address: only an account's own failures are few (T57). What is counted by address is what
# strangers do there, and its ceiling is ten times a school's Monday, on which 300 come in within a minute (T97).
ACCOUNT_RATE_LIMITS = {
    "signup": "3000/m/ip",
    "login": None,  # who types the right password gets in
    "login_failed": "5/5m/key",
    "login_failed_by_strangers": "3000/m/ip",
    "login_failed_in_a_row": "100/d/key",  # from everywhere together (T55); known devices apart (T56)
    "reset_password": None,  # allauth's own count knows no devices; these two are asked by accounts.devices
    "reset_password_by_strangers": "600/m/ip",
    "reset_password_mails": "5/h/key",  # to one address, an account's or a stranger's (T35)
    "reset_password_from_key": "600/m/ip",
    "taken": "10/h/key",  # said to a browser that somebody has a username (T54)
    "taken_by_code": "30/h/key",  # and with one Code; then a free one is offered
    "confirm_email": "5/10m/key",  # allauth's 1/3m refuses who logs in again before verifying
}

# Operators: a second factor before the admin opens (T58), and no admin at all where strangers come.
ADMIN_OFF = env.flag("ADMIN_OFF")
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.auth_forms.SecondStepForm",
    "reauthenticate": "accounts.auth_forms.SecondStepAgainForm",
    "activate_totp": "accounts.auth_forms.SetUpForm",
}
MFA_ADAPTER = "accounts.adapter.SecondStepAdapter"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Homeroom"
MFA_TOTP_TOLERANCE = 1  # periods of 30 seconds that a phone's clock may be off
MFA_ALLOW_UNVERIFIED_EMAIL = not MAIL_SERVER  # elsewhere nobody could verify one

# What new accounts are shown about what is kept, and why the school may keep it (T89).
PRIVACY_NOTICE_URL = env.page("PRIVACY_NOTICE_URL")
CONSENT_BASIS = env.text("CONSENT_BASIS")
