"""A mail server that fails on demand."""

from threading import Event

from tests.deployed.mail_catcher import Conversation, MailCatcher
from tests.deployed.school import free_port


class FaultyConversation(Conversation):
    def handle(self):
        self.server.office.is_answering.wait()
        super().handle()

    def answer(self, line):
        office, command = self.server.office, line[:4].upper()
        if command == b"RCPT" and any(address.encode() in line for address in office.unknown_addresses):
            return "550 nobody of that name"
        callback = office.callbacks.pop(f"before {command.decode()}", None)
        if callback:
            callback()
        reply = super().answer(line)
        callback = office.callbacks.pop(f"after {command.decode()}", None)
        if callback:
            callback()
        return reply


class FaultyMailServer:
    """Starts a mail server and keeps its mails even if the server is stopped.

    `unknown_addresses` get a 550. `callbacks` are functions that are called once, at a command. At "before DATA" the
    server does not have the mail yet; at "after DATA" it has it but has not answered 250; at "before QUIT" it has
    answered 250 but the sender has not recorded it.
    """

    def __init__(self):
        self.port, self.mails, self.server = free_port(), [], None
        self.unknown_addresses, self.callbacks, self.is_answering = set(), {}, Event()
        self.accept()

    def accept(self):
        """End every failure: start the server if it is stopped, know all addresses, answer."""
        self.unknown_addresses.clear()
        self.callbacks.clear()
        self.is_answering.set()
        if self.server is None:
            self.server = MailCatcher(self.port, FaultyConversation)
            self.server.office, self.server.mails = self, self.mails

    def refuse(self):
        """Stop the server: connections are refused."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def be_silent(self):
        """Accept connections and never answer."""
        self.is_answering.clear()
