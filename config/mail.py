"""SMTP with one limit for a whole mail (F23).

Django's EMAIL_TIMEOUT starts anew with each line, so a server that says a word a second holds up a worker for ever.
"""

import smtplib
import socket
from contextlib import suppress
from threading import Timer

from django.core.mail.backends import smtp


class HangsUp:
    """Once connected, the whole talk lasts at most as long as one line of it may; then the line is cut."""

    def _get_socket(self, host, port, timeout):
        connected = super()._get_socket(host, port, timeout)
        self.ends = Timer(timeout, self._hang_up)
        self.ends.daemon = True
        self.ends.start()
        return connected

    def close(self):
        self.ends.cancel()
        super().close()

    def _hang_up(self):
        with suppress(OSError, AttributeError):  # it may be gone by itself, in this very moment
            self.sock.shutdown(socket.SHUT_RDWR)


class Plain(HangsUp, smtplib.SMTP):
    pass


class Encrypted(HangsUp, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    @property
    def connection_class(self):
        return Encrypted if self.use_ssl else Plain
