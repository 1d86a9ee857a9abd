"""A mail server that misbehaves when it is told to."""

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
    """Accepts at first. Mails stay, whatever happens to the server.

    `unknown`: addresses that get a 550. `moments`: what is called, once, at a command: "before DATA" has the mail not
    yet, "after DATA" has it and has not said 250, "before QUIT" has said 250 and the sender has marked nothing.
    """

    def __init__(self):
        self.port, self.mails, self.unknown, self.moments, self.talks = free_port(), [], set(), {}, Event()
        self.server = None
        self.accept()

    def accept(self):
        """Everything is well again."""
        self.unknown.clear()
        self.moments.clear()
        self.talks.set()
        if self.server is None:
            self.server = MailCatcher(self.port, Moody)
            self.server.office, self.server.mails = self, self.mails

    def refuse(self):
        """Nobody listens at the port."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def be_silent(self):
        """Connections are taken, and nothing is ever said."""
        self.talks.clear()
