"""Signals to the apps that depend on this one. They are sent inside the transaction of the act (ADR 5)."""

from django.dispatch import Signal

created = Signal()  # sender: Classroom, classroom, by
restored = Signal()  # sender: Classroom, classroom, by
# sender: Classroom, classroom, user; who may not have been in the class, but is its owner or a co-teacher now
role_given = Signal()
deleting = Signal()  # sender: Classroom, classroom, by; sent before the class's rows are deleted
