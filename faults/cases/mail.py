"""F22 to F25: the mail server is down, silent, slow or refuses; a worker dies right after the mail server's yes."""

from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread

from faults.digests import Digest, ask_to_join, expect_no_mails
from faults.registry import fault
from tests.deployed.school import until

WORKERS = ("worker 1", "worker 2")
WAITS = [1, 2, 4, 8, 16, 32, 60, 60]  # minutes after each failure
THREE_DAYS = 3 * 24 * 60  # minutes
LEASE = 10  # minutes; then another worker may send a mail that a dead one had claimed
A_TRY = 10, 60  # seconds at most: if the server is silent, and if it sends a line a second for ever
SOON = 3  # seconds more, for beat and broker
REQUESTS = 8
LONGER = 1  # second that a page may take longer than usual


@fault("F22", "SMTP refused for three days", rounds=1)
def smtp_refused(scene):
    room, other, premises = scene.room(), scene.room(), scene.premises
    usual = max(answer.seconds for answer in ask_to_join(scene, scene.room(), REQUESTS)[1])
    scene.wait_for_mails()
    premises.mails.refuse()
    students, answers = ask_to_join(scene, room, REQUESTS)
    slowest = max(answer.seconds for answer in answers)
    scene.record_figure("added at most", max(slowest - usual, 0), "s")
    scene.demand(
        not any(answer.is_error for answer in answers) and slowest - usual < LONGER,
        "a page waited for the mail",
    )
    digest, waits = Digest(scene, room), []
    for times in range(1, len(WAITS) + 1):
        if waits:
            premises.minutes_pass(waits[-1] + 1)
        digest.wait_for_failures(times)
        waits.append(digest.minutes)
    # No time passes after the last failure. If a worker were in the middle of a ninth try now, it would have found the
    # mail young and would write down an hour's wait, for which nothing here waits.
    scene.demand(waits == WAITS, f"it was tried again after {waits} minutes")
    premises.minutes_pass(THREE_DAYS)
    until(lambda: premises.send_task() or digest.is_given_up)
    expect_no_mails(scene, room, students)
    ask_to_join(scene, other)
    Digest(scene, other).wait_for_failures(1)
    premises.mails.accept()
    premises.minutes_pass(60)
    scene.demand(scene.wait_for_mails(), "it does not come when the server is back")


class Tarpit(ThreadingTCPServer):
    """Sends a greeting without end, a line a second, so that no timeout for a single line ends it."""

    daemon_threads = allow_reuse_address = True

    def __init__(self, port):
        super().__init__(("127.0.0.1", port), Greeting)
        self.closes = Event()
        Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """Print nothing: hanging up on this server is right."""

    def close(self):
        self.closes.set()
        self.shutdown()
        self.server_close()


class Greeting(StreamRequestHandler):
    def handle(self):
        while not self.server.closes.wait(1):
            self.wfile.write(b"220-one moment\r\n")


@fault("F23", "SMTP silent, or slow for ever", least=2)
def smtp_silent(scene):
    """The first round: silence. The second: a line a second."""
    room, other, premises = scene.room(), scene.room(), scene.premises
    is_silent = len(scene.rooms) == 2
    tarpit = None
    if is_silent:
        premises.mails.be_silent()
    else:
        premises.mails.refuse()
        tarpit = Tarpit(premises.mails.port)
    ask_to_join(scene, room)
    digest = Digest(scene, room)
    until(lambda: premises.send_task() or digest.tries == 1)
    seconds = scene.seconds_until(lambda: digest.faults == 0)
    scene.record_figure("one try", seconds, "s")
    longest = A_TRY[0 if is_silent else 1]
    scene.demand(seconds <= longest + SOON, f"a try took {seconds:.0f} s")
    if tarpit:
        tarpit.close()
    premises.mails.accept()
    ask_to_join(scene, other)
    seconds = scene.seconds_until(lambda: premises.send_task() or Digest(scene, other).is_sent)
    scene.demand(seconds <= A_TRY[0], "another mail waits for this one")
    premises.minutes_pass(1)


@fault("F24", "SMTP 550 for one address")
def one_unknown(scene):
    room, others, premises = scene.room(), [scene.room() for _ in range(3)], scene.premises
    premises.mails.unknown_addresses.add(room.owner.email)
    students, _ = ask_to_join(scene, room, 2)
    for other in others:
        ask_to_join(scene, other, 2)
    until(lambda: premises.send_task() or Digest(scene, room).is_given_up)
    scene.demand(Digest(scene, room).tries == 1, "it was tried again")
    expect_no_mails(scene, room, students)
    scene.demand(scene.wait_for_mails(), "the others wait")


@fault("F25", "kill -9 between the 250 and the mark", rounds=3)
def killed_after_250(scene):
    room, killed, premises = scene.room(), Event(), scene.premises

    def inject():
        premises.kill(*WORKERS)
        killed.set()

    premises.mails.callbacks["before QUIT"] = inject
    ask_to_join(scene, room)
    scene.history.crashes += 1
    until(lambda: premises.send_task() or killed.is_set())
    premises.repair()
    premises.minutes_pass(LEASE)
    scene.demand(scene.wait_for_mails(), "it is never marked")
