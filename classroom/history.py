"""What the history says of each kind of act.

An Event stores its kind and its facts, and its sentence is made whenever somebody reads it: with the names that people
have by then, and in the reader's time zone.
"""

from django.utils.html import format_html

# Of each kind the first sentence whose facts are all known. Of an act without {by}, the sentence begins in another
# way, so that nobody can choose a name that makes their own act look like it (T43). A kind may be followed by a door.
SENTENCES = {
    "open_class": ["{by} created the class"],
    "edit_class": ["{by} edited the class"],
    "change_note": ["{by} changed the note"],
    "keep_list": ["{by} kept a class list"],
    "forget_list": ["{by} deleted the class list"],
    "make_slips": ["{by} made slips for the class list"],
    "cancel_slips": [
        "{by} cancelled slips",
        "The administrator of this site cancelled all unused slips",
    ],
    "archive_class": ["{by} archived the class"],
    "restore_class": ["{by} restored the class"],
    "transfer_class": [
        "{by} handed the class over to {user}",
        "The administrator of this site handed the class over to {user}",
    ],
    "make_co_teacher": [
        "{by} gave co-teacher rights to {user}, until the end of {until}",
        "{by} gave co-teacher rights to {user}",
    ],
    "invite_co_teacher": ["{by} invited a co-teacher by email"],
    "cancel_invitation": ["{by} cancelled an invitation by email"],
    "accept_invitation": ["{by} became co-teacher by an invitation"],
    "make_member": ["{by} took co-teacher rights from {user}"],
    "end_co_teacher": ["The co-teacher rights ended for {user}"],
    "set_aside": ["{by} moved {user} to the queue"],
    "remove_member": ["{by} removed {user}"],
    "undo_removal": ["{by} undid removing {user}"],
    "keep_out": ["{by} blocked {user}"],
    "let_back": ["{by} unblocked {user}"],
    "change_name": [
        "{by} changed their name from “{old_name}” to “{new_name}”",
        "{by} changed their name",
    ],
    "correct_name": [
        "{by} corrected the name of {user} from “{old_name}” to “{new_name}”",
        "{by} corrected the name of {user}",
        "A teacher of another class corrected the name of {user} from “{old_name}” to “{new_name}”",
        "A teacher of another class corrected the name of {user}",
    ],
    "fold_account": [
        "{by} put together two accounts of {user}: {username} was closed.",
        "{by} put together two accounts of {user}",
    ],
    "undo_fold": ["{by} took apart the two accounts of {user}"],
    "give_password": ["{by} gave a one-time password to {user}"],
    "export_roster": [
        "{by} exported the member list",
        "The administrator of this site exported the member list",
    ],
    "leave_class": ["{by} left the class"],
    "lock_code": ["{by} locked the Code", "The Code locked automatically"],
    "lock_code_at": ["{by} chose when the Code locks"],
    "lock_crowded_code": ["The Code locked because more people joined than expected"],
    "lock_all_codes": ["The administrator of this site locked every Code"],
    "report_leak": ["{by} reported that the Code had leaked"],
    "unlock_code": ["{by} unlocked the Code"],
    "reset_code": ["{by} reset the Code"],
    "pause_join_url": ["{by} paused the Join URL"],
    "resume_join_url": ["{by} resumed the Join URL"],
    "join": ["{by} joined"],
    "join code": ["{by} joined by the Code"],
    "join slip": ["{by} joined by their slip for {slip_name}", "{by} joined by their slip"],
    "ask": ["{by} asked to join"],
    "ask code": ["{by} asked to join by the Code"],
    "ask join-url": ["{by} asked to join by the Join URL"],
    "approve_request": ["{by} let in {user}"],
    "deny_request": ["{by} said no to {user}"],
    "undo_approval": ["{by} undid letting in {user}"],
    "undo_denial": ["{by} undid saying no to {user}"],
    "withdraw_request": ["{by} cancelled the request"],
}
# The kind of an act that the next release has written, while servers are being replaced (F27).
UNKNOWN = [
    "{by} did something that this page can't show yet",
    "Something happened that this page can't show yet",
]
# What a manager reads whose press came after another manager's act (Q3).
DONE_BEFORE = {
    "set_aside": "{by} moved {user} to the queue on {at}.",
    "remove_member": "{by} removed {user} on {at}.",
    "undo_removal": "{by} undid removing {user} on {at}.",
    "let_back": "{by} unblocked {user} on {at}.",
    "fold_account": "{by} put together two accounts of {user} on {at}.",
    "undo_fold": "{by} took apart the two accounts of {user} on {at}.",
    "give_password": "{by} gave a one-time password to {user} on {at}.",
    "undo_approval": "{by} undid letting in {user} on {at}.",
    "undo_denial": "{by} undid saying no to {user} on {at}.",
}


def say(kind, door, facts):
    """Return the sentence as plain text. `facts` are the names and texts that are known of the act."""
    return _fitting(kind, door, facts).format(**facts)


def draw(kind, door, facts):
    """Return the sentence as HTML. Each name stands in bdi, because it may be written from right to left (T43)."""
    sentence = _fitting(kind, door, facts)
    if not facts:
        return sentence
    return format_html(sentence, **{name: _drawn(name, fact) for name, fact in facts.items()})


def _fitting(kind, door, facts):
    sentences = SENTENCES.get(f"{kind} {door}") or SENTENCES.get(kind, [])
    return next(sentence for sentence in [*sentences, *UNKNOWN] if _is_known(sentence, facts))


def _is_known(sentence, facts):
    try:
        return bool(sentence.format(**facts))
    except KeyError:
        return False


def _drawn(name, fact):
    if name == "until":
        return fact
    if name == "username":
        return format_html('<span translate="no"><bdi>{}</bdi></span>', fact)
    return format_html("<bdi>{}</bdi>", fact)
