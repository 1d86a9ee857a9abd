from allauth.account.signals import (
    authentication_step_completed,
    email_confirmed,
    password_changed,
    password_reset,
)
from django import forms
from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.checks import Tags, register
from django.utils.module_loading import autodiscover_modules

from accounts import checks, forgotten_password, sessions


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Accounts and notifications"

    def ready(self):
        autodiscover_modules("sentences")  # for a process that only reads notifications, such as a worker
        register(checks.no_half_replaced_migrations, Tags.database)
        # Django's own messages speak of fields and values. People do see them: spaces alone, or pasted text, get past
        # the browser's checks.
        forms.Field.default_error_messages |= {
            "required": "Please fill this in.",
            "min_length": "This is too short. Use at least %(limit_value)d characters.",
            "max_length": "This is too long. Use at most %(limit_value)d characters.",
        }
        user_logged_in.connect(sessions.note_log_in)
        # By this name, Django then connects no receiver of its own.
        user_logged_in.connect(sessions.note_last_login, dispatch_uid="update_last_login")
        user_logged_in.connect(forgotten_password.clear)
        authentication_step_completed.connect(sessions.keep_newest_proofs)
        user_logged_out.connect(sessions.note_log_out)
        email_confirmed.connect(sessions.log_out_others)
        password_changed.connect(sessions.end_one_time_password)
        password_changed.connect(sessions.end_mailed_code)
        password_reset.connect(sessions.end_one_time_password)
