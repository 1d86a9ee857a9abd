"""Signals to the apps that depend on this one. They are sent inside the transaction of the act (ADR 5)."""

from django.dispatch import Signal

created = Signal()  # sender: Classroom, classroom, by
restored = Signal()  # sender: Classroom, classroom, by
handed_over = Signal()  # sender: Classroom, classroom, to; an operator has made `to` the owner
invitation_accepted = Signal()  # sender: Classroom, classroom, user; the user has become co-teacher
deleting = Signal()  # sender: Classroom, classroom, by; sent before the class's rows are deleted
