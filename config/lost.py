"""What a worker does with a message whose process was lost: killed, out of memory (F26, F30)."""

from collections import Counter

from celery.worker import request

MOST_LOST = 3  # processes that one message may cost a worker


class Request(request.Request):
    """Celery brings such a message again and again, until it expires; here the third time is the last.

    Beat sends the next one in its own time, so what is dropped is a try, and meanwhile other tasks have their turn.
    """

    lost = Counter()  # by the message's number, in this worker alone

    def reject(self, requeue=False):
        if requeue:
            self.lost[self.id] += 1
            requeue = self.lost[self.id] < MOST_LOST
        if not requeue:
            self.lost.pop(self.id, None)
        super().reject(requeue=requeue)
