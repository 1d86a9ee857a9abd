"""What a class announces, inside the transaction of the act, to the apps above it (ADR 5)."""

from django.dispatch import Signal

opened = Signal()  # sender: Classroom, classroom, by
restored = Signal()  # sender: Classroom, classroom, by
handed_over = Signal()  # sender: Classroom, classroom, to: by whoever runs the site
deleting = Signal()  # sender: Classroom, classroom, by: while its rows are still there
