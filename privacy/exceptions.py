from classroom.exceptions import Refusal


class OwnsClasses(Refusal):
    """`classes` are those the person owns: without an owner nobody could hand them over."""

    def __init__(self, classes):
        names = ", ".join(classroom.name for classroom in classes)
        super().__init__(f"Somebody has to own {names}. Hand over or delete what is owned first.")
