"""The mails that tell teachers who asks to join, as rows of the database."""

from tests.deployed.school import until

DIGEST = """
SELECT tries, faults, round(extract(epoch FROM due_at - now()) / 60)::int, parked_at IS NOT NULL, sent_at IS NOT NULL
FROM accounts_digest WHERE user_id = (SELECT id FROM accounts_user WHERE email = %s)
ORDER BY created_at DESC LIMIT 1
"""


class Digest:
    """The newest digest to this class's owner. Each attribute asks the database again."""

    def __init__(self, scene, room, email=None):
        self.premises, self.email = scene.premises, email or room.owner.email

    def __getattr__(self, name):
        rows = self.premises.postgres.query(DIGEST, self.email)
        names = ("tries", "faults", "minutes", "is_given_up", "is_sent")
        return dict(zip(names, rows[0] if rows else (0, 0, 0, False, False), strict=True))[name]

    def wait_for_failures(self, times):
        """Wait until so many tries have failed and none is under way."""
        until(
            lambda: (
                self.premises.send_task() or (self.tries >= times and (self.faults == 0 or self.is_given_up))
            )
        )


def ask_to_join(scene, room, how_many=1):
    students = scene.students(how_many)
    return students, [student.ask(room) for student in students]


def expect_no_mails(scene, room, students):
    """Expect no mail about these students any more, because it was given up, where staff see it."""
    for student in students:
        scene.history.forget_mail(*room.request_mail(student))
