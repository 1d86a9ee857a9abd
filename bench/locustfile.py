"""Makes the visits listed in the JSON file $BENCH_VISITS, one after another or each at its own second."""

import json
import os
import re
import time
from collections import deque
from pathlib import Path
from urllib.parse import urlencode

import gevent
from locust import FastHttpUser, constant, events, task
from locust.exception import StopUser

FILE = Path(os.environ["BENCH_VISITS"])
VISITS = deque(json.loads(FILE.read_text()))
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
began = time.monotonic()


class Visitor(FastHttpUser):
    wait_time = constant(0)
    left = len(VISITS)

    @task
    def visit(self):
        if not VISITS:
            raise StopUser
        try:
            self.make(VISITS.popleft())
        finally:
            Visitor.left -= 1
            if not Visitor.left:
                gevent.spawn(self.environment.runner.quit)  # not directly: quit() waits for this visitor

    def make(self, visit):
        gevent.sleep(max(0, visit.get("at", 0) - (time.monotonic() - began)))
        self.client.cookiejar.clear()
        cookies = "; ".join(f"{name}={value}" for name, value in visit.get("cookies", {}).items())
        headers = visit.get("headers", {}) | ({"Cookie": cookies} if cookies else {})
        token = visit.get("cookies", {}).get("csrftoken")
        for step in visit["steps"]:
            token = self.take(step, headers, token)

    def take(self, step, headers, token):
        """Send one request of a visit. Returns the CSRF token for the next: the page's, or `token` if it has none."""
        method, body = "GET", None
        if "data" in step:
            method, body = "POST", urlencode(step["data"] | {"csrfmiddlewaretoken": token}, doseq=True)
            headers = headers | {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.host}
        sent = self.client.request(
            method,
            step["path"],
            data=body,
            headers=headers,
            name=step["name"],
            allow_redirects=False,
            catch_response=True,
        )
        with sent as answer:
            expected = [step["expect"]] if step["expect"] else range(200, 500)  # None: any but a server error
            if answer.status_code not in expected:
                answer.failure(f"{answer.status_code} instead of {step['expect']}")
            elif "/accounts/login/" in answer.headers.get("Location", ""):
                answer.failure("sent to log in")
            else:
                answer.success()
            found = TOKEN.search(answer.text or "")
        return found[1] if found else token


@events.test_stop.add_listener
def tell_errors(environment, **_):
    errors = {
        f"{error.name}: {error.error}": error.occurrences for error in environment.stats.errors.values()
    }
    FILE.with_suffix(".errors").write_text(json.dumps(errors))
