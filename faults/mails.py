"""A mail server that fails on demand."""

from threading import Event

from tests.deployed.mail_catcher import Conversation, MailCatcher
from tests.deployed.school import free_port


class Moody(Conversation):
    def handle(self):
        self.server.office.talks.wait()
        super().handle()

    def answer(self, line):
        office, command = self.server.office, line[:4].upper()
        if command == b"RCPT" and any(address.encode() in line for address in office.unknown):
            return "550 nobody of that name"
        before = office.moments.pop(f"before {command.decode()}", None)
        if before:
            before()
        said = super().answer(line)
        after = office.moments.pop(f"after {command.decode()}", None)
        if after:
            after()
        return said


class PostOffice:
    """Starts a mail server and keeps its mails even if the server is stopped.

    `unknown`: addresses that get a 550. `moments`: functions that are called once, at a command. At "before DATA" the
    server does not have the mail yet; at "after DATA" it has it but has not answered 250; at "before QUIT" it has
    answered 250 but the sender has not recorded it.
    """

    def __init__(self):
        self.port, self.mails, self.unknown, self.moments, self.talks = free_port(), [], set(), {}, Event()
        self.server = None
        self.accept()

    def accept(self):
        """End every failure: start the server if it is stopped, know all addresses, answer."""
        self.unknown.clear()
        self.moments.clear()
        self.talks.set()
        if self.server is None:
            self.server = MailCatcher(self.port, Moody)
            self.server.office, self.server.mails = self, self.mails

    def refuse(self):
        """Stop the server: connections are refused."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def be_silent(self):
        """Accept connections and never answer."""
        self.talks.clear()
