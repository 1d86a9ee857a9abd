"""What a fault's function gets: the site, unused people and classes, and a history of what people are told."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from itertools import count
from threading import Event
from time import monotonic

from faults.history import Found, History, Mail
from faults.visits import Student, Teacher, nobody
from tests.deployed.mail_catcher import text_of
from tests.deployed.school import AT_MOST, until

MEMBERS = """
SELECT c.public_id, u.username, extract(epoch FROM m.joined_at),
  CASE WHEN EXISTS (SELECT 1 FROM joins_joinrequest r
    WHERE r.user_id = u.id AND r.classroom_id = c.id AND r.status = 'approved') THEN '' ELSE m.code END
FROM classroom_membership m JOIN classroom_classroom c ON c.id = m.classroom_id JOIN accounts_user u ON u.id = m.user_id
WHERE m.role = 'member' AND c.public_id = ANY(%s)
"""
CAME = """
SELECT c.public_id, u.username FROM classroom_event e
JOIN classroom_classroom c ON c.id = e.classroom_id JOIN accounts_user u ON u.id = e.by_id
WHERE e.kind = 'join' AND u.erased_at IS NULL AND c.public_id = ANY(%s)
"""
ASKED = """
SELECT c.public_id, u.username, r.status FROM joins_joinrequest r
JOIN classroom_classroom c ON c.id = r.classroom_id JOIN accounts_user u ON u.id = r.user_id
WHERE c.public_id = ANY(%s)
"""
number = "{:.3g}".format
SEVERAL = 4  # joins that wait for the same row before the fault strikes
AGAIN_AFTER = 0.2  # seconds; a real person takes longer


class Scene:
    """One scene per fault, for all its rounds."""

    def __init__(self, premises, number):
        self.premises, self.number, self.history = premises, number, History()
        self.rooms, self._seen, self._strangers, self.left_out = [], {}, count(1), None

    def room(self):
        """Create a class with its own teacher."""
        (said,) = self.premises.people("teacher", 1)
        teacher = Teacher(self.premises.proxy, self.history, said)
        self.rooms.append(teacher.open(f"{self.number} class {len(self.rooms) + 1}"))
        return self.rooms[-1]

    def students(self, how_many):
        return list(map(self.person, self.premises.people("student", how_many)))

    def person(self, said):
        return Student(self.premises.proxy, self.history, said)

    def strangers(self, how_many):
        """Return people without an account, with unused usernames."""
        names = [f"new-{self.number.lower()}-{next(self._strangers)}" for _ in range(how_many)]
        return [self.person(nobody(name)) for name in names]

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
            pause.wait(AGAIN_AFTER)
            answer = act()
        return answer, monotonic() - began

    def rush(self, room, students, strike, at_once=8, in_flight=False):
        """Students join, and try again after an error. Meanwhile call `strike()`, then reset the Code.

        With `in_flight`, strike() is called while joins are in the middle of their transaction: another session locks
        the class's row before they begin and until strike() is over. At the end the Code is locked and one more student
        uses it. Return the seconds from the end of strike() to the next answer that was no error.
        """
        *students, late = students
        third = len(students) // 3
        come = lambda some: self.meanwhile(lambda student: self._come(student, room), some, at_once)  # noqa: E731
        with come(students[:third]):
            pass
        with ExitStack() as crowd:
            with self.premises.held(room) if in_flight else nullcontext():
                crowd.enter_context(come(students[third:]))
                if in_flight:
                    self.premises.wait_for_waiting(SEVERAL)
                strike()
            _, back = self.until_answered(lambda: room.owner.look("/"))
            self.until_answered(room.reset)
        self.until_answered(room.lock)
        self.until_answered(lambda: late.join(room))
        return back

    def _come(self, student, room):
        answer, _ = self.until_answered(lambda: student.join(room))
        if answer.status == 422:  # that was the old Code; the new one is on the board
            answer, _ = self.until_answered(lambda: student.join(room))
        return answer

    def demand_kindness(self, people, connections_may_break=False, sessions_may_break=False):
        """Demand that each error was a 503 with "try again".

        Connections may break if a web server was killed. Django answers 400 if the database goes away while it writes a
        session.
        """
        met = Counter(answer.status for person in people for answer in person.answers if answer.is_error)
        self.see("told to try again", met.pop(503, 0), "")
        if connections_may_break:
            self.see("broken off", met.pop(None, 0), "")
        if sessions_may_break:
            self.see("sessions not written (400)", met.pop(400, 0), "")
        self.demand(not met, f"errors that were not kind: {dict(met)}")
        self.demand(
            all("One moment" in one.page for person in people for one in person.answers if one.status == 503),
            "a 503 without our page",
        )

    def seconds_until(self, happens):
        began = monotonic()
        until(happens)
        return monotonic() - began

    def leave_out(self, why):
        """Skip this fault; the table says why."""
        self.left_out = why

    def demand(self, truth, words):
        self.history.demand(truth, words)

    def see(self, what, value, unit):
        """Record a figure for the table, which shows the largest of all rounds."""
        before = self._seen.get(what, (0, unit))[0]
        self._seen[what] = (max(before, value), unit)

    @property
    def seen(self):
        return ", ".join(
            f"{what} {number(value)} {unit}".strip() for what, (value, unit) in self._seen.items()
        )

    def mails_come(self, call=True, seconds=AT_MOST):
        """Wait until every expected mail has come, and return whether it has.

        Without `call`, only beat starts the sending.
        """
        ends, pause = monotonic() + seconds, Event()
        while (is_owed := self._missing() or self.premises.owes_digests()) and monotonic() < ends:
            if call:
                self.premises.call()
            pause.wait(0.5)
        return not is_owed

    def verdict(self):
        self.premises.mend()
        self.mails_come()
        return self.history.check(self.found())

    def found(self):
        ask, rooms = self.premises.postgres.ask, [room.public_id for room in self.rooms]
        place = lambda row: (f"/classes/{row[0]}/", row[1])  # noqa: E731
        asked = ask(ASKED, rooms)
        return Found(
            members={place(row): (row[3], float(row[2])) for row in ask(MEMBERS, rooms)},
            came=Counter(map(place, ask(CAME, rooms))),
            asked=set(map(place, asked)),
            pending=Counter(place(row) for row in asked if row[2] == "pending"),
            mails=self._mails(),
        )

    def _mails(self):
        """Return the mails to the owners of this scene's classes."""
        ours = {room.owner.email for room in self.rooms}
        return [
            Mail(mail["Message-ID"], mail["To"], text_of(mail))
            for mail in list(self.premises.mails.mails)
            if mail["To"] in ours
        ]

    def _missing(self):
        mails = self._mails()
        said = lambda to, words: any(mail.to == to and words in mail.text for mail in mails)  # noqa: E731
        return [owed for owed in self.history.owed if not said(*owed)]
