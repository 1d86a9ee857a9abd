"""What an account announces, inside the transaction of the act, to the apps above it (ADR 5)."""

from django.dispatch import Signal

renaming = Signal()  # sender: User, user: before their row is taken, for classes' rows come first (ADR 3)
renamed = Signal()  # sender: User, rename
