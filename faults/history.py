"""Writes down what people were told, and compares it with the database and the mails.

This module knows nothing of HTTP or SQL; tests/faults/test_history.py shows that it finds each kind of broken promise.
"""

import math
import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

IN, WAITS, REFUSED, UNSURE = "in", "waits", "refused", "unsure"  # UNSURE: a 5xx, or no answer at all


@dataclass(frozen=True)
class Attempt:
    """One attempt to join or to ask, and the answer. `began` is in seconds since the epoch."""

    person: str
    classroom: str
    code: str  # empty for the Join URL
    began: float
    answer: str


@dataclass
class ClosedCode:
    """A Code that was locked or reset. From the answer until somebody unlocks it, nobody may join with it."""

    code: str
    closed_at: float
    opened_at: float = math.inf


@dataclass(frozen=True)
class Mail:
    message_id: str
    to: str
    text: str


@dataclass
class Found:
    """What is in the database and the mailboxes at the end. A place is a pair (class, person)."""

    members: dict = field(default_factory=dict)  # place -> (Code by which they joined or "", when)
    came: Counter = field(default_factory=Counter)  # place -> how often the class's History has "joined"
    requested: set = field(default_factory=set)  # places with a join request of any status
    pending: Counter = field(default_factory=Counter)
    mails: list = field(default_factory=list)


@dataclass
class Verdict:
    lost: list = field(default_factory=list)
    doubled: list = field(default_factory=list)
    wrong: list = field(default_factory=list)  # see docs/reliability.md
    excused: int = 0  # mails that came twice, at most one for each crash in the middle of sending

    @property
    def is_kept(self):
        return not (self.lost or self.doubled or self.wrong)


class History:
    def __init__(self):
        self.attempts, self.closed_codes, self.expected_mails, self.approved, self.wrong = [], [], [], [], []
        # How many different mails may say so: several requests may be in one (N3).
        self.most_mails = Counter()
        # Processes that were killed while they sent a mail, which may then come twice (F05, F25).
        self.crashes = 0
        self._lock = Lock()

    def record_attempt(self, *values):
        with self._lock:
            self.attempts.append(Attempt(*values))

    def expect_mail(self, to, words):
        """Expect a mail to `to` that contains `words`."""
        with self._lock:
            self.expected_mails.append((to, words))
            self.most_mails[to, words] += 1

    def forget_mail(self, to, words):
        """Don't expect that mail any more, because there is nothing left to decide. It may come all the same."""
        with self._lock:
            if (to, words) in self.expected_mails:
                self.expected_mails.remove((to, words))

    def approve(self, places):
        with self._lock:
            self.approved += places

    def code_closed(self, code, closed_at):
        with self._lock:
            self.closed_codes.append(ClosedCode(code, closed_at))

    def code_opened(self, code):
        for closed in self.closed_codes:
            if closed.code == code:
                closed.opened_at = min(closed.opened_at, time.time())

    def demand(self, truth, words):
        """Check a promise that only this fault makes; `words` say what is wrong if it is broken."""
        if not truth:
            with self._lock:
                self.wrong.append(words)

    def check(self, found):
        verdict = Verdict(wrong=list(self.wrong))
        self._check_acknowledged(found, verdict)
        self._check_refused(found, verdict)
        self._check_closed_codes(found, verdict)
        self._check_complete(found, verdict)
        self._check_mails(found, verdict)
        return verdict

    def _check_acknowledged(self, found, verdict):
        there = {IN: found.members, WAITS: found.requested}
        for attempt in self.attempts:
            if attempt.answer not in (IN, WAITS, REFUSED, UNSURE):
                verdict.wrong.append(f"{attempt.person} was {attempt.answer}")
            if attempt.answer in there and (attempt.classroom, attempt.person) not in there[attempt.answer]:
                verdict.lost.append(f"{attempt.person} was told: {attempt.answer}")
        for place in self.approved:
            if place not in found.members:
                verdict.lost.append(f"{place[1]} was approved")

    def _check_refused(self, found, verdict):
        """If all that somebody heard was a refusal, they are no member and have no request."""
        heard = {}
        for attempt in self.attempts:
            heard.setdefault((attempt.classroom, attempt.person), set()).add(attempt.answer)
        for place, answers in heard.items():
            if answers == {REFUSED} and (place in found.members or place in found.requested):
                verdict.wrong.append(f"{place[1]} was refused, and is in")

    def _check_closed_codes(self, found, verdict):
        for closed in self.closed_codes:
            for attempt in self.attempts:
                is_after = closed.closed_at < attempt.began < closed.opened_at
                if attempt.code == closed.code and attempt.answer == IN and is_after:
                    verdict.wrong.append(f"{attempt.person} joined after the lock, says the answer")
            for place, (code, at) in found.members.items():
                if code == closed.code and closed.closed_at < at < closed.opened_at:
                    verdict.wrong.append(f"{place[1]} joined after the lock, says the database")

    def _check_complete(self, found, verdict):
        """A membership by Code and its line in the class's History: both or neither, and at most one of each."""
        by_code = {place for place, (code, _) in found.members.items() if code}
        for place in by_code ^ set(found.came):
            verdict.wrong.append(f"{place[1]} has a membership or a line in History, not both")
        for many in (found.came, found.pending):
            verdict.doubled += [place[1] for place, times in many.items() if times > 1]

    def _check_mails(self, found, verdict):
        for to, words in self.expected_mails:
            saying = [mail for mail in found.mails if mail.to == to and words in mail.text]
            if not saying:
                verdict.lost.append(f"no mail to {to} says: {words}")
            if len({mail.message_id for mail in saying}) > self.most_mails[to, words]:
                verdict.doubled.append(f"{to} got too many different mails that say: {words}")
        again = [
            f"{mail} came again" for mail, times in _times(found.mails).items() for _ in range(times - 1)
        ]
        verdict.excused = min(len(again), self.crashes)
        verdict.doubled += again[self.crashes :]


def _times(mails):
    return Counter(mail.message_id for mail in mails)
