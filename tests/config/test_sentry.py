"""Errors only go to Sentry if one is configured, and without anything that people typed."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.threat("T26")

# Breaks a page, an account and a log line, and prints everything that would be sent to Sentry.
DRIVE = """
import json, logging, django
django.setup()
from django.conf import settings
import sentry_sdk
from sentry_sdk.transport import Transport
from config import sentry

class Printed(Transport):
    def capture_envelope(self, envelope):
        print(envelope.serialize().decode())

sentry.start(settings.SENTRY_DSN, transport=Printed)
from django.test import Client
settings.ROOT_URLCONF = "tests.config.urls"
browser = Client(raise_request_exception=False, SERVER_NAME="localhost")
browser.cookies["seen"] = "cookie-of-amara"
browser.post("/join/", {"code": "x" * 70_000})
browser.post("/broken/?q=Amara", {"code": "BDKRTWXZM"}, headers={"Referer": "http://testserver/j/key-of-a-class"})
logging.getLogger("homeroom").error("Digest %s was not delivered to %s", 7, "okafor@school.example")
try:
    raise ValueError("Amara")
except ValueError as error:
    logging.getLogger("homeroom").error(f"Refused: {error}")
sentry_sdk.flush()
"""
SECRETS = ["BDKRTWXZM", "amara", "Amara", "cookie", "key-of-a-class", "okafor", "127.0.0.1"]


def run(code, tmp_path, **environ):
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": str(tmp_path)} | environ
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=True, timeout=60).stdout


def test_what_leaves_the_house_says_where_it_broke_and_nothing_else(tmp_path):
    sent = run(DRIVE, tmp_path, SENTRY_DSN="https://key@sentry.school.example/1", DEBUG="true")

    events = [json.loads(line) for line in sent.splitlines() if '"exception"' in line]
    types = [value["type"] for event in events for value in event["exception"]["values"]]
    assert "ValueError" in types
    assert "Digest %s was not delivered to %s" in [event["logentry"]["message"] for event in events]
    assert "Refused: builtins.ValueError" in sent
    assert [secret for secret in SECRETS if secret in sent] == []
    assert "RequestDataTooBig" not in sent  # anybody can send such a request, as often as they like


def test_without_the_setting_it_is_not_even_imported(tmp_path):
    asked = "import sys, django; django.setup(); import config.urls, config.wsgi; print('sentry_sdk' in sys.modules)"

    assert run(asked, tmp_path, SENTRY_DSN="").strip() == "False"
