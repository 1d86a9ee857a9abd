"""The table of which role may do what in a class (C2). What an act asks for is a right, never a role."""

OWNER, CO_TEACHER, MEMBER = "owner", "co-teacher", "member"

MANAGERS = {OWNER, CO_TEACHER}
EVERYBODY = MANAGERS | {MEMBER}

RIGHTS = {
    "see_class": EVERYBODY,
    "see_door": MANAGERS,
    "lock_code": MANAGERS,
    "lock_code_at": MANAGERS,
    "unlock_code": MANAGERS,
    "reset_code": MANAGERS,
    "report_leak": MANAGERS,
    "pause_join_url": MANAGERS,
    "resume_join_url": MANAGERS,
    "see_history": MANAGERS,
    "see_arrivals": MANAGERS,
    "see_queue": MANAGERS,
    "decide": MANAGERS,
    "undo_decisions": MANAGERS,
    "see_today": MANAGERS,
    "move_to_queue": MANAGERS,
    "move_members_to_queue": MANAGERS,
    "remove_member": MANAGERS,
    "remove_members": MANAGERS,
    "undo_removal": MANAGERS,
    "give_password": MANAGERS,
    "correct_name": MANAGERS,
    "fold_account": MANAGERS,
    "undo_fold": MANAGERS,
    "see_kept_out": MANAGERS,
    "print_members": MANAGERS,
    "export_roster": MANAGERS,
    "let_back": MANAGERS,
    "edit_class": MANAGERS,
    "change_note": MANAGERS,
    "class_list": MANAGERS,
    "slips": MANAGERS,
    "log_in_slips": MANAGERS,
    "remove_co_teacher": {OWNER},
    "make_co_teacher": {OWNER},
    "make_member": {OWNER},
    "invite_co_teacher": {OWNER},
    "cancel_invitation": {OWNER},
    "transfer_class": {OWNER},
    "copy_class": {OWNER},
    "archive_class": {OWNER},
    "restore_class": {OWNER},
    "delete_class": {OWNER},
    "leave_class": {CO_TEACHER, MEMBER},
}

# One person may do these only so often in a day (T102): all that can be done again and again, to and fro. Of each pair
# it is the half that opens or gives, because then the other half ends with it. What protects a class is never refused:
# to lock and reset the Code, to block and remove people, to pause, to archive.
BOUNDED = {
    "lock_code_at",
    "unlock_code",
    "resume_join_url",
    "undo_decisions",
    "move_to_queue",
    "move_members_to_queue",
    "undo_removal",
    "give_password",
    "undo_fold",
    "export_roster",
    "let_back",
    "edit_class",
    "change_note",
    "class_list",
    "make_co_teacher",
    "transfer_class",
    "restore_class",
}
