"""The rules in plain Python: Code and Join URL of one class, with hours for time and no database. A refusal is its
name."""

from dataclasses import dataclass, field

TWO_WEEKS = 14 * 24  # hours
A_DAY = 24  # hours
A_WEEK = 7 * 24  # hours


@dataclass
class DoorModel:
    code: str
    locks_at: int = TWO_WEEKS
    locked: bool = False
    archived: bool = False
    retired: list = field(default_factory=list)
    members: dict = field(default_factory=dict)  # person -> (door, code)
    pending: dict = field(default_factory=dict)  # person -> (door, code)
    kept_out: set = field(default_factory=set)
    denied_at: dict = field(default_factory=dict)  # person -> hour in which their last request was denied
    denials: dict = field(default_factory=dict)  # person -> how many
    unannounced: set = field(default_factory=set)  # those who wait, but not by their own request
    moved_to_queue: set = field(default_factory=set)  # those about whom a manager has to decide first
    vetted: set = field(default_factory=set)  # those whom a manager has let in by the current Code
    gone: set = field(default_factory=set)  # those who have left or cancelled, and done nothing since
    cancelled: set = field(default_factory=set)  # those who have ever cancelled a request
    paused: bool = False
    before: dict = field(default_factory=dict)  # person -> what an undo brings back, and when it was decided

    def is_unlocked(self, now):
        """Only the clock decides (K5)."""
        return not self.locked and now < self.locks_at

    def refuses(self, person):
        """What keeps somebody from joining and asking alike (J8, Q7, C4)."""
        if person in self.members:
            return "AlreadyMember"
        if person in self.kept_out:
            return "IsKeptOut"
        return "ClassArchived" if self.archived else None

    def use_code(self, code, person, now):
        """Use a Code: an unlocked one lets in at once, a locked one asks (J1, J2, J8, K8)."""
        if code != self.code:
            return "UnknownCode"
        if refusal := self.refuses(person):
            return refusal
        if self.is_unlocked(now) and person not in self.moved_to_queue:
            self._settle(person)
            self.before.pop(person, None)
            self.members[person] = ("code", code)
            self.gone.discard(person)
            return "in"
        self.locked = self.locked or not self.is_unlocked(now)
        return self._wait(person, ("code", code), now)

    def ask(self, person, now):
        """Ask by the Join URL (J3)."""
        if refusal := self.refuses(person):
            return refusal
        if self.paused and person not in self.pending and not self._is_too_soon(person, now):
            return "AskingPaused"
        return self._wait(person, ("join-url", ""), now)

    def _wait(self, person, came_by, now):
        if person not in self.pending:
            if self._is_too_soon(person, now):
                return "AskedTooSoon"
            self.pending[person] = came_by
            self.gone.discard(person)
            self.denied_at.pop(person, None)
            self.before.pop(person, None)
        return "waits"

    def _is_too_soon(self, person, now):
        """Whether they were denied less than a day ago, or a week if it was not the first time (Q6, T50)."""
        wait = A_WEEK if self.denials.get(person, 0) > 1 else A_DAY
        return person in self.denied_at and now - self.denied_at[person] < wait

    def _settle(self, person):
        self.unannounced.discard(person)
        self.moved_to_queue.discard(person)
        return self.pending.pop(person, None)

    def withdraw(self, person, now):
        """Says whether there was a request to cancel. Somebody who was moved to the queue stays so."""
        if self.pending.pop(person, None) is None:
            return False
        self.unannounced.discard(person)
        self.gone.add(person)
        self.cancelled.add(person)
        return True

    def let_everybody_back(self):
        """Unblock everybody. This ends their waiting time too (Q7, Q9)."""
        for person in self.kept_out:
            self.denied_at.pop(person, None)
        self.kept_out.clear()

    def move_to_queue(self, person):
        """Move a member to the queue (T30)."""
        self.before.pop(person, None)
        self.unannounced.add(person)
        self.moved_to_queue.add(person)
        self.denied_at.pop(person, None)
        self.pending[person] = self.members.pop(person)

    def report_leak(self, fresh, now):
        """Everybody who joined by the leaked Code moves to the queue, and the new Code is locked (T30, K8)."""
        if self.archived:
            return "ArchivedFirst"
        gone = [
            one for one, (_, code) in self.members.items() if code == self.code and one not in self.vetted
        ]
        for person in gone:
            self.move_to_queue(person)
        self.vetted.clear()
        self.reset(fresh, now)
        self.locked = True
        return len(gone)

    def decide(self, people, decision, now):
        """Decides about those of `people` who wait, and returns them (Q2, Q6, Q7)."""
        if self.archived:
            return "ArchivedFirst"
        waiting = people & self.pending.keys()
        for person in waiting:
            self._remember(person, now)
            came_by = self._settle(person)
            if decision == "approve":
                self.members[person] = came_by
                self.vetted |= {person} if came_by[1] == self.code else set()
            else:
                self.denied_at[person] = now
                self.denials[person] = self.denials.get(person, 0) + 1
            if decision == "keep-out":
                self.kept_out.add(person)
        if decision == "keep-out":
            self.kept_out |= people & self.gone & self.cancelled
        return waiting

    def _remember(self, person, now):
        """What an undo of the decision that follows brings back."""
        known = {name: person in getattr(self, name) for name in ("unannounced", "moved_to_queue", "vetted")}
        self.before[person] = (now, self.pending[person], known, self.denials.get(person, 0))

    def undo(self, person, now):
        """Within ten minutes the request waits again, as if nobody had decided, unless somebody moved since (Q9)."""
        if self.archived:
            return "ArchivedFirst"
        if person not in self.before:
            return "HappenedSince"
        if now > self.before[person][0]:
            return "TooLateToUndo"
        _, self.pending[person], known, self.denials[person] = self.before.pop(person)
        self.unannounced |= {person} if known["unannounced"] else set()
        self.moved_to_queue |= {person} if known["moved_to_queue"] else set()
        self.vetted -= set() if known["vetted"] else {person}
        self.denied_at.pop(person, None)
        self.members.pop(person, None)
        self.kept_out.discard(person)
        return None

    def goes(self, person):
        """A member leaves or is removed. Says whether there was one."""
        if self.members.pop(person, None) is None:
            return False
        self.before.pop(person, None)
        return True

    def unlock(self, now, hours):
        return self._with_code(locked=False, locks_at=now + (hours or TWO_WEEKS))

    def lock(self):
        return self._with_code(locked=True)

    def lock_at(self, now, hours):
        if not self.archived and not self.is_unlocked(now):
            return "CodeLocked"
        return self._with_code(locks_at=now + hours)

    def _with_code(self, **changes):
        if self.archived:
            return "ArchivedFirst"
        for name, value in changes.items():
            setattr(self, name, value)
        return None

    def reset(self, fresh, now):
        if self.archived:
            return "ArchivedFirst"
        self.vetted.clear()
        self.retired.append(self.code)
        self.code, self.locked, self.locks_at = fresh, False, now + TWO_WEEKS
        return fresh

    def restore(self):
        """The Code comes back locked (C4)."""
        self.locked = self.locked or self.archived
        self.archived = False
