"""A live server on a slow line: each answer arrives so many milliseconds later, long after the act itself."""

import re
import threading
import time
from collections import Counter
from functools import partial

from django.db import connection, transaction
from pytest_django.live_server_helper import LiveServer

from tests.browser.snapshot import BY_CHANCE, PASSED_OVER

WRITES = re.compile(r'(?:UPDATE|DELETE FROM) "(\w+)"(?: SET (.*?)(?: WHERE |$))?', re.DOTALL)
# New recovery codes are drawn in another row. "data" of an existing row only says whether they have been shown.
DRAWN = BY_CHANCE - {"data"}
# A try to log in is recorded before its password is checked, and its row is deleted when the password was right. So the
# second press of a sign-up, which logs in to the account that the first has made, leaves nothing. A row that stays, or
# one that was there before, is found in the snapshot.
COMES_AND_GOES = {"accounts_logintry"}


class SlowServer(LiveServer):
    slow = 0  # milliseconds

    def __init__(self):
        super().__init__("localhost")
        self._under_way, self._lock = 0, threading.Lock()
        self.overwritten = Counter()  # what the rows don't show afterwards -> how often it was done
        self._answer = self.thread.httpd.get_app()
        self.thread.httpd.set_app(self._answer_later)

    def _answer_later(self, environ, start_response):
        with self._lock:
            self._under_way += 1
        try:
            with connection.execute_wrapper(self._note):
                answer = self._answer(environ, start_response)
            if not environ["PATH_INFO"].startswith("/static/"):
                time.sleep(self.slow / 1000)
            return answer
        finally:
            with self._lock:
                self._under_way -= 1

    @property
    def is_quiet(self):
        return self._under_way == 0

    def _note(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if (what := _overwritten_by(sql)) and (rows := context["cursor"].rowcount) > 0:
            transaction.on_commit(partial(self._count, what, rows))  # not if the transaction is rolled back
        return result

    def _count(self, what, rows):
        with self._lock:
            self.overwritten[what] += rows


def _overwritten_by(sql):
    """Which randomly drawn values this statement overwrites, or from which table it deletes rows. Otherwise None."""
    written = WRITES.match(sql)
    if not written or written[1] in PASSED_OVER:
        return None
    table, columns = written.groups()
    if columns is None and table in COMES_AND_GOES:
        return None
    if columns is None:
        return f"{table}: rows gone"
    drawn = DRAWN.intersection(re.findall(r'"(\w+)" = ', columns))
    return f"{table}: {', '.join(sorted(drawn))} written" if drawn else None
