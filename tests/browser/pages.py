"""Every page by its name in the URL conf, and who looks at it. `{id}` is Biology 9B, `{key}` its Join URL's."""

SIGNED_OUT = {
    "joins:home": "/",
    "joins:join": "/join/",
    "privacy:what_is_kept": "/privacy/",
    "joins:join_url": "/j/{key}/",
    "joins:sign_up_student": "/accounts/signup/student/",
    "account_login": "/accounts/login/",
    "account_signup": "/accounts/signup/",
    "accounts:sign_up_teacher": "/accounts/signup/teacher/",
    "account_inactive": "/accounts/inactive/",
    "account_email_verification_sent": "/accounts/confirm-email/",
    "account_confirm_email": "/accounts/confirm-email/{confirmation}/",
    "account_reset_password": "/accounts/password/reset/",
    "account_reset_password_done": "/accounts/password/reset/done/",
    "account_reset_password_from_key": "/accounts/password/reset/key/{reset}/",
    "account_reset_password_from_key_done": "/accounts/password/reset/key/done/",
}
OWNER = {
    "joins:home": "/",
    "joins:history": "/classes/{id}/history/",
    "joins:handout": "/classes/{id}/handout/",
    "joins:queue": "/classes/{id}/requests/",
    "joins:today": "/classes/{id}/today/",
    "joins:reset_code": "/classes/{id}/code/reset/",
    "joins:report_leak": "/classes/{id}/code/leaked/",
    "classroom:new_class": "/classes/new/",
    "classroom:class_page": "/classes/{id}/",
    "classroom:edit_class": "/classes/{id}/edit/",
    "classroom:archive_class": "/classes/{id}/archive/",
    "classroom:restore_class": "/classes/{id}/restore/",
    "classroom:delete_class": "/classes/{id}/delete/",
    "classroom:transfer_class": "/classes/{id}/transfer/",
    "classroom:members": "/classes/{id}/members/",
    "classroom:remove_member": "/classes/{id}/members/leo/remove/",
    "joins:give_password": "/classes/{id}/members/leo/password/",
    "classroom:kept_out": "/classes/{id}/kept-out/",
    "accounts:profile": "/accounts/profile/",
    "privacy:my_data": "/accounts/data/",
    "privacy:delete_account": "/accounts/data/delete/",
    "accounts:notifications": "/notifications/",
    "accounts:open_notification": "/notifications/{notification}/",
    "account_logout": "/accounts/logout/",
    "account_reauthenticate": "/accounts/reauthenticate/",
    "account_email": "/accounts/email/",
    "account_change_password": "/accounts/password/change/",
}
OPERATOR = {
    "mfa_index": "/accounts/second-step/",
    "mfa_reauthenticate": "/accounts/second-step/again/",
    "mfa_view_recovery_codes": "/accounts/second-step/codes/",
    "mfa_generate_recovery_codes": "/accounts/second-step/codes/new/",
    "mfa_deactivate_totp": "/accounts/second-step/remove/",
}
NEW_OPERATOR = {
    "mfa_index": "/accounts/second-step/",
    "mfa_activate_totp": "/accounts/second-step/set-up/",
}
MEMBER = {
    "joins:home": "/",
    "joins:join": "/join/",
    "classroom:class_page": "/classes/{id}/",
    "classroom:members": "/classes/{id}/members/",
    "classroom:leave_class": "/classes/{id}/leave/",
    "accounts:notifications": "/notifications/",
    "403": "/classes/{id}/history/",
    "404": "/classes/nowhere/",
}
WITH_REQUESTS = {"joins:home": "/", "joins:join_url": "/j/{key}/", "accounts:profile": "/accounts/profile/"}

ACTS = {  # only POST
    "joins:lock_code",
    "joins:lock_code_at",
    "joins:unlock_code",
    "joins:decide",
    "joins:set_aside",
    "joins:withdraw_request",
    "classroom:make_co_teacher",
    "classroom:make_member",
    "classroom:let_back",
    "classroom:export_roster",
    "privacy:download_data",
    "accounts:mark_notifications_read",
}
NO_PAGES = {
    "mfa_authenticate": "between password and log-in; test_second_step.py sees it",
    "joins:waiting": "the counts, a part of every page",
    "account_set_password": "sends on to the change of the password: everybody has one",
    "account_confirm_login_code": "log-in by mailed code is off",
    "healthz": "for machines",
    "readyz": "for machines",
    "robots.txt": "for machines",
}
