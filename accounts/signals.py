"""Signals from an account to the apps above it, sent inside the transaction of the act (ADR 5)."""

from django.dispatch import Signal

# sender: User, user. Sent before the user's row is locked, because the rows of classes are locked first (ADR 3).
renaming = Signal()
renamed = Signal()  # sender: User, rename
