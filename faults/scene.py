"""What a fault's function gets: the site, unused people and classes, and a history of what people are told."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime
from itertools import count
from threading import Event
from time import monotonic

from faults.browsers import Student, Teacher, logged_out_person
from faults.history import Found, History, Mail
from tests.deployed.mail_catcher import text_of
from tests.deployed.school import AT_MOST, until

# These run on PostgreSQL and on SQLite, so they have nothing that only one of them knows. Each row begins with a class
# and a person.
MEMBERS = """
SELECT c.public_id, u.username, m.joined_at,
  CASE WHEN EXISTS (SELECT 1 FROM joins_joinrequest r
    WHERE r.user_id = u.id AND r.classroom_id = c.id AND r.status = 'approved') THEN '' ELSE m.code END
FROM classroom_membership m JOIN classroom_classroom c ON c.id = m.classroom_id JOIN accounts_user u ON u.id = m.user_id
WHERE m.role = 'member'
"""
CAME = """
SELECT c.public_id, u.username FROM classroom_event e
JOIN classroom_classroom c ON c.id = e.classroom_id JOIN accounts_user u ON u.id = e.by_id
WHERE e.kind = 'join' AND u.erased_at IS NULL
"""
REQUESTS = """
SELECT c.public_id, u.username, r.status FROM joins_joinrequest r
JOIN classroom_classroom c ON c.id = r.classroom_id JOIN accounts_user u ON u.id = r.user_id
"""
number = "{:.3g}".format
SEVERAL = 4  # joins that wait for the same row before the fault strikes
RETRY_AFTER = 0.2  # seconds; a real person takes longer


class Scene:
    """One scene per fault, for all its rounds."""

    def __init__(self, premises, number):
        self.premises, self.number, self.history = premises, number, History()
        self.rooms, self._figures, self._strangers, self.skipped = [], {}, count(1), None

    def room(self):
        """Create a class with its own teacher."""
        (about,) = self.premises.people("teacher", 1)
        teacher = Teacher(self.premises.proxy, self.history, about)
        self.rooms.append(teacher.open(f"{self.number} class {len(self.rooms) + 1}"))
        return self.rooms[-1]

    def students(self, how_many):
        return list(map(self.person, self.premises.people("student", how_many)))

    def person(self, about):
        return Student(self.premises.proxy, self.history, about)

    def strangers(self, how_many):
        """Return people without an account, with unused usernames."""
        names = [f"new-{self.number.lower()}-{next(self._strangers)}" for _ in range(how_many)]
        return [self.person(logged_out_person(name)) for name in names]

    @contextmanager
    def meanwhile(self, act, students, at_once=None):
        """Run `act(student)` for each student in threads while the block runs, `at_once` at a time or all together.

        Yields a list that has the answers when the block is over.
        """
        answers = []
        with ThreadPoolExecutor(at_once or len(students)) as crowd:
            coming = [crowd.submit(act, student) for student in students]
            yield answers
            answers += [one.result() for one in coming]

    def until_answered(self, act, seconds=AT_MOST):
        """Try again after each error, as a person does. Return the last answer and the seconds until then."""
        began, pause = monotonic(), Event()
        answer = act()
        while answer.is_error and monotonic() - began < seconds:
            pause.wait(RETRY_AFTER)
            answer = act()
        return answer, monotonic() - began

    def rush(self, room, students, inject, at_once=8, in_flight=False):
        """Students join, and try again after an error. Meanwhile call `inject()`, then reset the Code.

        With `in_flight`, inject() is called while joins are in the middle of their transaction: another session locks
        the class's row before they begin and until inject() is over. At the end the Code is locked and one more student
        uses it. Return the seconds from the end of inject() to the next answer that was no error.
        """
        *students, late = students
        third = len(students) // 3
        let_join = lambda some: self.meanwhile(lambda student: self._join(student, room), some, at_once)  # noqa: E731
        with let_join(students[:third]):
            pass
        with ExitStack() as crowd:
            with self.premises.class_row_locked(room) if in_flight else nullcontext():
                crowd.enter_context(let_join(students[third:]))
                if in_flight:
                    self.premises.wait_for_blocked(SEVERAL)
                inject()
            _, back = self.until_answered(lambda: room.owner.look("/"))
            self.until_answered(room.reset)
        self.until_answered(room.lock)
        self.until_answered(lambda: late.join(room))
        return back

    def _join(self, student, room):
        answer, _ = self.until_answered(lambda: student.join(room))
        if answer.status == 422:  # that was the old Code; the new one is on the board
            answer, _ = self.until_answered(lambda: student.join(room))
        return answer

    def demand_polite_errors(self, people, connections_may_break=False, sessions_may_break=False):
        """Demand that each error was a 503 with "try again".

        Connections may break if a web server was killed. Django answers 400 if the database goes away while it writes a
        session.
        """
        errors = Counter(answer.status for person in people for answer in person.answers if answer.is_error)
        self.record_figure("told to try again", errors.pop(503, 0), "")
        if connections_may_break:
            self.record_figure("broken off", errors.pop(None, 0), "")
        if sessions_may_break:
            self.record_figure("sessions not written (400)", errors.pop(400, 0), "")
        self.demand(not errors, f"errors without 'try again': {dict(errors)}")
        self.demand(
            all("One moment" in one.page for person in people for one in person.answers if one.status == 503),
            "a 503 without our page",
        )

    def seconds_until(self, happens):
        began = monotonic()
        until(happens)
        return monotonic() - began

    def skip(self, why):
        """Skip this fault; the table says why."""
        self.skipped = why

    def demand(self, truth, words):
        self.history.demand(truth, words)

    def record_figure(self, what, value, unit):
        """Record a figure for the table, which shows the largest of all rounds."""
        before = self._figures.get(what, (0, unit))[0]
        self._figures[what] = (max(before, value), unit)

    @property
    def figures(self):
        return ", ".join(
            f"{what} {number(value)} {unit}".strip() for what, (value, unit) in self._figures.items()
        )

    def wait_for_mails(self, call=True, seconds=AT_MOST):
        """Wait until every expected mail has come, and return whether it has.

        Without `call`, only beat starts the sending.
        """
        ends, pause = monotonic() + seconds, Event()
        while (unsent := self._missing_mails() or self.premises.has_unsent_digests()) and monotonic() < ends:
            if call:
                self.premises.send_task()
            pause.wait(0.5)
        return not unsent

    def verdict(self):
        self.premises.repair()
        self.wait_for_mails()
        return self.history.check(self.found())

    def found(self):
        requests = self._rows(REQUESTS)
        return Found(
            members={place(row): (row[3], epoch(row[2])) for row in self._rows(MEMBERS)},
            came=Counter(map(place, self._rows(CAME))),
            requested=set(map(place, requests)),
            pending=Counter(place(row) for row in requests if row[2] == "pending"),
            mails=self._mails(),
        )

    def _rows(self, sql):
        """Return the rows about this scene's classes."""
        ours = {room.public_id for room in self.rooms}
        return [row for row in self.premises.postgres.query(sql) if row[0] in ours]

    def _mails(self):
        """Return the mails to the owners of this scene's classes."""
        ours = {room.owner.email for room in self.rooms}
        return [
            Mail(mail["Message-ID"], mail["To"], text_of(mail))
            for mail in list(self.premises.mails.mails)
            if mail["To"] in ours
        ]

    def _missing_mails(self):
        mails = self._mails()
        return [
            (to, words)
            for to, words in self.history.expected_mails
            if not any(mail.to == to and words in mail.text for mail in mails)
        ]


def place(row):
    return f"/classes/{row[0]}/", row[1]


def epoch(moment):
    """Return a moment in seconds since the epoch. SQLite returns it as text, in UTC."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return moment.timestamp()
