"""The web server of the embedded default, where no proxy holds back slow clients: `python -m config.waitress`.

waitress collects a request before it takes a thread for it, so whoever begins one and does not end it costs none (F29).
"""

import signal
import sys

import waitress
from django.conf import settings

from config.wsgi import application

HOST = "127.0.0.1"
OPTIONS = {
    "threads": 4,  # each with its own database connection
    "connection_limit": 900,  # a descriptor each; a process has 1024
    "asyncore_use_poll": True,  # select() knows no descriptor over 1023
    "channel_timeout": 10,  # seconds in which nothing came
    "cleanup_interval": 5,  # seconds between looking for them
    # Bytes taken at once, and with them so many requests: where their answers are more than waitress keeps (16 MB) and
    # nobody reads them, it waits with a thread in hand. 20 times the largest file are 6 MB.
    "recv_bytes": 1024,
    "max_request_header_size": 32_768,  # bytes
    "max_request_body_size": 131_072,  # bytes: a form's 64 kB (DATA_UPLOAD_MAX_MEMORY_SIZE), and some of its packing
    "ident": None,  # no Server header
    # Which of them are believed is said in one place, accounts.proxies; without a proxy they are not even passed on.
    "clear_untrusted_proxy_headers": not settings.TRUSTED_PROXIES,
}


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # waitress ends its threads in order then
    waitress.serve(application, host=HOST, port=settings.PORT, _quiet=True, **OPTIONS)


if __name__ == "__main__":
    main()
