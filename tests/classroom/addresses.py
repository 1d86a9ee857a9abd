"""Every address of a class and what each person gets there: the table of C2, written a second time by hand."""

from datetime import timedelta
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from classroom.models import CoTeacherInvitation

PEOPLE = ["owner", "co-teacher", "teacher", "student"]

#                               owner  co-teacher  teacher  student  (the last two are plain members)
TABLE = """
    classroom:class_page       GET  200  200  200  200
    classroom:members          GET  200  200  200  200
    classroom:print_members    GET  200  200  403  403
    classroom:edit_class       GET  200  200  403  403
    classroom:edit_class      POST  302  302  403  403
    classroom:change_note      GET  200  200  403  403
    classroom:change_note     POST  302  302  403  403
    classroom:copy_class       GET  200  403  403  403
    classroom:copy_class      POST  302  403  403  403
    classroom:archive_class    GET  200  403  403  403
    classroom:archive_class   POST  302  403  403  403
    classroom:restore_class    GET  200  403  403  403
    classroom:restore_class   POST  302  403  403  403
    classroom:delete_class     GET  200  403  403  403
    classroom:delete_class    POST  302  403  403  403
    classroom:transfer_class   GET  200  403  403  403
    classroom:transfer_class  POST  302  403  403  403
    classroom:leave_class      GET  403  200  200  200
    classroom:leave_class     POST  403  302  302  302
    classroom:remove_member    GET  200  200  403  403
    classroom:remove_member   POST  302  302  403  403
    classroom:remove_members   GET  200  200  403  403
    classroom:remove_members  POST  302  302  403  403
    classroom:undo_removal    POST  409  409  403  403
    classroom:make_co_teacher  GET  200  403  403  403
    classroom:make_co_teacher POST  302  403  403  403
    classroom:make_member     POST  302  403  403  403
    classroom:invite_co_teacher  GET  200  403  403  403
    classroom:invite_co_teacher POST  302  403  403  403
    classroom:cancel_invitation POST  302  403  403  403
    classroom:export_roster   POST  200  200  403  403
    classroom:kept_out         GET  200  200  403  403
    classroom:let_back        POST  302  302  403  403
    joins:correct_name         GET  200  200  403  403
    joins:correct_name        POST  302  302  403  403
    joins:give_password        GET  200  200  403  403
    joins:give_password       POST  200  200  403  403
    joins:fold_account         GET  200  200  403  403
    joins:fold_account        POST  409  409  403  403
    joins:undo_fold           POST  409  409  403  403
    joins:lock_code           POST  302  302  403  403
    joins:lock_code_at        POST  302  302  403  403
    joins:unlock_code         POST  302  302  403  403
    joins:reset_code           GET  200  200  403  403
    joins:reset_code          POST  302  302  403  403
    joins:report_leak          GET  200  200  403  403
    joins:report_leak         POST  302  302  403  403
    joins:pause_join_url      POST  302  302  403  403
    joins:resume_join_url     POST  302  302  403  403
    joins:history              GET  200  200  403  403
    joins:arrivals             GET  200  200  403  403
    joins:board                GET  200  200  403  403
    joins:board_count          GET  200  200  403  403
    joins:handout              GET  200  200  403  403
    joins:class_list           GET  200  200  403  403
    joins:class_list          POST  302  302  403  403
    joins:slips                GET  200  200  403  403
    joins:slips               POST  302  302  403  403
    joins:log_in_slips         GET  200  200  403  403
    joins:today                GET  200  200  403  403
    joins:move_to_queue           POST  302  302  403  403
    joins:move_members_to_queue   GET  200  200  403  403
    joins:move_members_to_queue  POST  302  302  403  403
    joins:queue                GET  200  200  403  403
    joins:say_no               GET  302  302  403  403
    joins:decided              GET  200  200  403  403
    joins:decide              POST  302  302  403  403
    joins:undo_decisions      POST  409  409  403  403
"""
# What an archived class refuses to its managers (C4).
SHUT_IN_THE_ARCHIVE = {
    ("classroom:invite_co_teacher", "POST"),
    ("joins:lock_code", "POST"),
    ("joins:lock_code_at", "POST"),
    ("joins:unlock_code", "POST"),
    ("joins:reset_code", "GET"),
    ("joins:reset_code", "POST"),
    ("joins:report_leak", "GET"),
    ("joins:report_leak", "POST"),
    ("joins:move_to_queue", "POST"),
    ("joins:move_members_to_queue", "GET"),
    ("joins:move_members_to_queue", "POST"),
    ("joins:pause_join_url", "POST"),
    ("joins:resume_join_url", "POST"),
    ("joins:class_list", "POST"),
    ("joins:slips", "POST"),
    ("joins:decide", "POST"),
    ("joins:undo_decisions", "POST"),
    ("joins:handout", "GET"),
    ("joins:fold_account", "GET"),
}
# Whom the address is about.
TO = {
    "classroom:remove_member": "robin",  # a student in the class
    "joins:correct_name": "robin",
    "joins:give_password": "robin",
    "joins:fold_account": "robin",
    "joins:undo_fold": "robin",
    "classroom:make_co_teacher": "berg",  # a teacher in the class
    "classroom:make_member": "lind",  # the co-teacher
    "classroom:let_back": "hana",  # blocked
    "joins:move_to_queue": "robin",
}


A_KEY = "1c4d9a30-2a10-4ff3-9df0-7a7a0f1d2c3b"  # as a form of ours draws one

FIELDS = {
    "classroom:edit_class": {"name": "Biology 9C", "kind": "class"},
    "classroom:copy_class": {"name": "Biology 10B", "form_key": A_KEY},
    "classroom:change_note": {"note": "Bring a leaf."},
    "classroom:delete_class": {"name": "Biology 9B"},
    "classroom:invite_co_teacher": {"email": "ana@school.example"},
    "classroom:transfer_class": {"username": "berg"},
    "joins:correct_name": {"first_name": "Robin", "last_name": "Reed"},
    "joins:class_list": {"names": "Ana López", "keep": "on"},
    "joins:slips": {"make": "missing"},
    "joins:report_leak": {"who": "everyone", "counted": "everyone:"},
}


class Address(NamedTuple):
    name: str
    method: str
    answers: dict

    def __str__(self):
        return f"{self.name}-{self.method}"

    def path(self, public_id):
        to = {"username": TO[self.name]} if self.name in TO else {}
        if self.name == "classroom:cancel_invitation":
            to["invitation_id"] = CoTeacherInvitation.objects.get().pk
        return reverse(self.name, kwargs={"public_id": public_id} | to)

    def fields(self, classroom):
        """Only those that need it ask the database, because the tests of rights send more than a thousand."""
        if self.name in ("classroom:remove_members", "joins:move_members_to_queue"):
            return {
                "member": list(
                    classroom.memberships.filter(user__username="robin").values_list("user_id", flat=True)
                )
            }
        if self.name == "joins:decide":
            return {"decision": "approve", "request": [waits.pk for waits in classroom.join_requests.all()]}
        if self.name == "joins:lock_code_at":
            in_an_hour = timezone.localtime(timezone.now() + timedelta(hours=1))
            return {"locks_at": f"{in_an_hour:%Y-%m-%dT%H:%M}"}
        return FIELDS.get(self.name, {})

    def ask(self, browser, classroom, public_id=None, method=None):
        """The answer to this browser at this address of the class (or of the class with `public_id`), with valid
        fields."""
        ask = getattr(browser, (method or self.method).lower())
        return ask(self.path(public_id or classroom.public_id), self.fields(classroom))


def _read(line):
    name, method, *statuses = line.split()
    return Address(name, method, dict(zip(PEOPLE, map(int, statuses), strict=True)))


ADDRESSES = [_read(line) for line in TABLE.strip().splitlines()]
ACTS = [address for address in ADDRESSES if address.method == "POST"]
