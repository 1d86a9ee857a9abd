"""The web server of the embedded default, which has no proxy in front: `python -m config.waitress`.

waitress reads a whole request before it uses a thread for it, so clients that never finish one don't block it (F29).
The command waitress-serve would not finish running requests at SIGTERM, and can't read our settings.
"""

import signal
import sys

import waitress
from django.conf import settings

from config.wsgi import application

HOST = "127.0.0.1"
OPTIONS = {
    "threads": 4,  # each with its own database connection
    "connection_limit": 900,  # each takes a file descriptor, and a process has 1024
    "asyncore_use_poll": True,  # select() can't handle descriptors over 1023
    "channel_timeout": 10,  # seconds without data until a connection is closed
    "cleanup_interval": 5,  # seconds between two searches for such connections
    # Bytes read at once. They may hold about 20 requests; if the client doesn't read the answers and these exceed what
    # waitress buffers (16 MB), a thread waits. 20 times our largest file is 6 MB.
    "recv_bytes": 1024,
    "max_request_header_size": 32_768,  # bytes
    # Bytes. What is more than a form's 64 kB (DATA_UPLOAD_MAX_MEMORY_SIZE) gets Homeroom's own page, which says what to
    # do; beyond this, waitress answers with one plain line.
    "max_request_body_size": 1_048_576,
    "inbuf_overflow": 131_072,  # bytes of a body that are kept in memory; more go to a file
    "ident": None,  # no Server header
    # accounts.proxies decides which of these headers to trust; without a proxy they are dropped here.
    "clear_untrusted_proxy_headers": not settings.TRUSTED_PROXIES,
}


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # waitress then ends its threads in order
    waitress.serve(application, host=HOST, port=settings.PORT, _quiet=True, **OPTIONS)


if __name__ == "__main__":
    main()
