from classroom.exceptions import Refusal


class IsAdministrator(Refusal):
    """The account can't be erased: two could erase each other at once, and nobody would be left (T59)."""

    def __init__(self):
        super().__init__(
            "An administrator's account can't be erased. Another administrator has to take that away first."
        )


class OwnsClasses(Refusal):
    """The account can't be erased because the person owns `classes`, which nobody else could hand over then."""

    def __init__(self, classes):
        names = ", ".join(classroom.name for classroom in classes)
        super().__init__(f"Somebody has to own {names}. Hand over or delete what is owned first.")
