"""Tasks that do harm, for a worker that is told to include them."""

import os
import signal
from time import sleep

from celery import shared_task


@shared_task
def end_the_process():
    """As the kernel does when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


@shared_task
def never_end():
    while True:
        try:
            sleep(3600)
        except Exception:  # noqa: S112 — as a library does that swallows exceptions
            continue
