"""A live server on a slow line: each answer comes so many milliseconds later, when the act is long done."""

import threading
import time

from pytest_django.live_server_helper import LiveServer


class SlowServer(LiveServer):
    slow = 0  # milliseconds

    def __init__(self):
        super().__init__("localhost")
        self._under_way, self._lock = 0, threading.Lock()
        self._answer = self.thread.httpd.get_app()
        self.thread.httpd.set_app(self._answer_later)

    def _answer_later(self, environ, start_response):
        with self._lock:
            self._under_way += 1
        try:
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
