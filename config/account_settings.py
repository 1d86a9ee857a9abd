"""The settings of accounts: log-in, sign-up, passwords, the admin. settings.py imports all of them."""

from config import env

# People.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# New passwords are stored by the first one. The second one reads hashes that another Django site has written.
PASSWORD_HASHERS = ["config.hashers.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LengthForKind"},
    {"NAME": "accounts.passwords.NoSpaceAround"},
    {"NAME": "accounts.passwords.NotLikeTheirName"},
    {"NAME": "accounts.passwords.NotCommon"},  # knows the 20,000 most common ones
    {"NAME": "accounts.passwords.NoSchoolWord"},
]

# Log-in and sign-up. Students need no email address; if they give one, they verify it later (accounts.login_stages).
MAIL_SERVER = env.mail("EMAIL_URL")
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.profile.AddEmailForm",
    "confirm_email_verification_code": "accounts.forms.mailed_code.MailedCodeForm",
    "reset_password": "accounts.forms.log_in.ForgottenPasswordForm",
    "reauthenticate": "accounts.forms.log_in.ConfirmPasswordForm",
    "login": "accounts.forms.log_in.LogInForm",
    "change_password": "accounts.forms.passwords.ChangePasswordForm",
    "reset_password_from_key": "accounts.forms.passwords.NewPasswordByLinkForm",
    "user_token": "accounts.forms.passwords.LinkForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_USERNAME_VALIDATORS = "accounts.names.USERNAME_VALIDATORS"
ACCOUNT_USERNAME_MIN_LENGTH = 3  # characters
ACCOUNT_PRESERVE_USERNAME_CASING = False
# Nobody who signs up may take a username like these: it looks as if they ran the site or the school (T42).
_LIKE_STAFF = """
    admin administrator headmaster headmistress headteacher help homeroom moderator noreply office operator owner
    postmaster principal root school security staff superuser support sysadmin system teacher webmaster
"""
ACCOUNT_USERNAME_BLACKLIST = _LIKE_STAFF.split()
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if MAIL_SERVER else "optional"  # A2
# The mail has a code and no link, so the tab of the sign-up carries on and still knows the Code typed there (J6).
# allauth accepts this setting only together with "mandatory".
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = bool(MAIL_SERVER)
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# Seconds. Mail to a school can take hours, so the code lasts for a day; three wrong tries end it (J6).
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 86_400
ACCOUNT_LOGIN_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT + 60  # a log-in that waits for the code
ACCOUNT_CHANGE_EMAIL = True  # one address per person; a new one replaces it when it is verified
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a mail about each change of password or address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_UNIQUE_EMAIL = ACCOUNT_PREVENT_ENUMERATION = ACCOUNT_REAUTHENTICATION_REQUIRED = True
# A mailed code is not enough, because on a borrowed device the owner's mail is often open too (T60).
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
# Mail scanners and link previews open links, so a GET must not change anything (T36, T37).
ACCOUNT_LOGOUT_ON_GET = ACCOUNT_CONFIRM_EMAIL_ON_GET = ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = None  # asks by a box, which people on shared computers leave unticked
ACCOUNT_SESSION_COOKIE_AGE = 14 * 86_400  # seconds; for people who tick that box
# A whole school may share one IP address, so only the failures of a single account have a low limit (T57). A limit by
# address is there against strangers, and allows ten times what a school needs on a Monday, when 300 people log in
# within a minute (T97).
ACCOUNT_RATE_LIMITS = {
    # Nobody signs up as a student without a Code, and wrong Codes, what a form says is taken and mails have counts of
    # their own. A count of all sign-ups would let a school's first day queue for one row of one address (T97).
    "signup": None,
    "login": None,  # the right password always works
    # Both forms count wrong passwords like the log-in, and say so. The pages' own limits must not come first.
    "reauthenticate": None,
    "change_password": "20/m/user",
    "login_failed": "5/5m/key",
    "login_failed_by_strangers": "3000/m/ip",
    "login_failed_in_a_row": "100/d/key",  # from all addresses together (T55); known devices have their own count (T56)
    "reset_password": None,  # allauth's count doesn't know devices; accounts.devices counts with the next two
    "reset_password_by_strangers": "600/m/ip",
    "reset_password_mails": "5/h/key",  # to one email address, with or without an account (T35)
    "reset_password_from_key": "600/m/ip",
    "manage_email": "10/m/user,20/d/user",  # each new address is sent a mail, also a stranger's (T35)
    # How often a sign-up may say that a username is taken, with the Codes of one teacher and in one network (T54). A
    # network has ten times a teacher's share, for a school's first day. Beyond it we offer a free username.
    "taken": "30/h/key,300/h/ip",
    "taken_early": "30/h/key,300/h/ip",  # how many forms that have another error may learn it, too
    # How often a sign-up asks "Is this you?", and so tells that a name is in a class. Beyond it the account is created.
    "twin": "30/h/key,300/h/ip",
    "unknown_account_mails": "100/d/ip",  # to addresses without an account; those over it are not sent (T35)
    # Invitations to be a co-teacher, to one address, by all teachers together: anybody can have several accounts (T35).
    "invitation_mails": "20/d/key",
    "confirm_email": None,  # allauth's count refuses the page, also to the owner of an address that others typed (T53)
    # To one email address, and from one network: on a school's first day, hundreds sign up. Those over it are not sent
    # (T35).
    "confirming_mails": "5/10m/key,20/d/key,500/h/ip,1000/d/ip",
}

# Operators need two-step verification to open the admin (T58). ADMIN_OFF removes the admin from the site.
ADMIN_OFF = env.flag("ADMIN_OFF")
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.forms.second_step.SecondStepForm",
    "reauthenticate": "accounts.forms.second_step.SecondStepAgainForm",
    "activate_totp": "accounts.forms.second_step.SetUpSecondStepForm",
}
MFA_ADAPTER = "accounts.adapter.SecondStepAdapter"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Homeroom"
MFA_TOTP_TOLERANCE = 1  # periods of 30 seconds by which a phone's clock may be wrong
MFA_ALLOW_UNVERIFIED_EMAIL = not MAIL_SERVER  # without a mail server nobody could verify an address

# Shown on the sign-up form: where the school's privacy notice is, and why the school may store the data (T89).
PRIVACY_NOTICE_URL = env.page("PRIVACY_NOTICE_URL")
CONSENT_BASIS = env.text("CONSENT_BASIS")
