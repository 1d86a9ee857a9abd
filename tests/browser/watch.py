"""What a browser reports without the person noticing."""

import re

# A refused act answers 4xx with its own page. Chromium notes each of them, but they are no faults.
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


class Watch:
    """Collects what one page reports in its console and about its security policy, and which other sites it asks
    (T94)."""

    def __init__(self, page, address):
        self.address = address
        self.complaints = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.context.on("request", self._asked)
        page.context.on("response", self._answered)

    def _said(self, message):
        if message.text.startswith("htmx:sendAbort"):
            # A newer question took the place of this one (hx-sync). htmx has just reported it as one without an answer.
            assert "htmx:afterRequest" in self.complaints.pop()
        elif message.type in ("error", "warning") and not REFUSED.match(message.text):
            self.complaints.append(f"console: {message.text} ({message.location['url']})")

    def _asked(self, request):
        if not request.url.startswith((self.address, "data:")):
            self.complaints.append(f"another site: {request.url}")

    def _answered(self, response):
        is_broken_link = response.status == 404 and "/static/" in response.url
        if response.status >= 500 or is_broken_link:
            self.complaints.append(f"{response.status}: {response.url}")
