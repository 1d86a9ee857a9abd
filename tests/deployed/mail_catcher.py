"""A mail server that keeps its mails. It speaks as much SMTP as Django does."""

import email
from email.policy import default
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Condition, Thread


class Conversation(StreamRequestHandler):
    def handle(self):
        self.say("220 school.example")
        for line in iter(self.rfile.readline, b""):
            self.say(self.answer(line))

    def answer(self, line):
        command = line[:4].upper()
        if command == b"DATA":
            self.say("354 go on")
            self.server.catch(self.body())
        return "221 bye" if command == b"QUIT" else "250 ok"

    def body(self):
        lines = []
        for line in iter(self.rfile.readline, b".\r\n"):
            if not line:
                raise ConnectionError("The sender went away in the middle of a mail.")
            lines.append(line)
        return b"".join(lines)

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


class MailCatcher(ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True

    def __init__(self, port=0, conversation=Conversation):
        super().__init__(("127.0.0.1", port), conversation)
        self.mails, self.came = [], Condition()
        Thread(target=self.serve_forever, daemon=True).start()

    def catch(self, mail):
        with self.came:
            self.mails.append(email.message_from_bytes(mail, policy=default))
            self.came.notify_all()

    def handle_error(self, request, client_address):
        """A sender that was killed is not an error of this server."""

    def text_to(self, address, words, seconds):
        """The text of the mail to `address` that contains `words`. Waits for it, and raises an error if none comes."""

        def found():
            texts = [text_of(mail) for mail in self.mails if mail["To"] == address]
            return next((text for text in texts if words in " ".join(text.split())), None)

        with self.came:
            assert self.came.wait_for(found, seconds), f"no mail says: {words}"
            return found()


def text_of(mail):
    return mail.get_body(("plain",)).get_content()
