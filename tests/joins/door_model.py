"""The rules in plain Python: the door of one class, told by hours and without a database. A refusal is its name."""

from dataclasses import dataclass, field

TWO_WEEKS = 14 * 24  # hours
A_DAY = 24  # hours


@dataclass
class Door:
    code: str
    locks_at: int = TWO_WEEKS
    locked: bool = False
    archived: bool = False
    retired: list = field(default_factory=list)
    members: dict = field(default_factory=dict)  # person -> (door, code)
    pending: dict = field(default_factory=dict)  # person -> (door, code)
    kept_out: set = field(default_factory=set)
    denied_at: dict = field(
        default_factory=dict
    )  # person -> hour of the denial that ended their last request

    def is_unlocked(self, now):
        """K5: a fact of the clock."""
        return not self.locked and now < self.locks_at

    def refuses(self, person):
        """J8, Q7, C4: what keeps somebody from either door."""
        if person in self.members:
            return "AlreadyMember"
        if person in self.kept_out:
            return "KeptOut"
        return "ClassArchived" if self.archived else None

    def redeem(self, code, person, now):
        """J1, J2, J8, K8"""
        if code != self.code:
            return "UnknownCode"
        if refusal := self.refuses(person):
            return refusal
        if self.is_unlocked(now):
            self.pending.pop(person, None)
            self.members[person] = ("code", code)
            return "in"
        self.locked = True
        return self._knock(person, ("code", code), now)

    def ask(self, person, now):
        """J3"""
        return self.refuses(person) or self._knock(person, ("join-url", ""), now)

    def _knock(self, person, came_by, now):
        if person not in self.pending:
            if now - self.denied_at.get(person, -A_DAY) < A_DAY:  # Q6
                return "AskedTooSoon"
            self.pending[person] = came_by
            self.denied_at.pop(person, None)
        return "waits"

    def decide(self, people, decision, now):
        """Q2, Q6, Q7: those of `people` who wait; returns them."""
        if self.archived:
            return "ArchivedFirst"
        waiting = people & self.pending.keys()
        for person in waiting:
            came_by = self.pending.pop(person)
            if decision == "approve":
                self.members[person] = came_by
            else:
                self.denied_at[person] = now
            if decision == "keep-out":
                self.kept_out.add(person)
        return waiting

    def unlock(self, now, hours):
        """K7"""
        return self._with_code(locked=False, locks_at=now + (hours or TWO_WEEKS))

    def lock(self):
        """K7"""
        return self._with_code(locked=True)

    def lock_at(self, now, hours):
        """K7"""
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
        """K8"""
        if self.archived:
            return "ArchivedFirst"
        self.retired.append(self.code)
        self.code, self.locked, self.locks_at = fresh, False, now + TWO_WEEKS
        return fresh

    def restore(self):
        """C4: the Code comes back locked."""
        self.locked = self.locked or self.archived
        self.archived = False
