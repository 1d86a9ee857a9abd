"""F27 and F29: a rolling restart, and slow clients."""

import socket
from contextlib import ExitStack
from threading import Event

from faults.embedded import Embedded
from faults.registry import fault
from tests.deployed.school import AT_MOST
from tests.deployed.visitor import HOST

CROWD = 100
AT_ONCE = 6
SLOW = 200  # connections
LONGER = 1  # seconds at most that they add


@fault("F27", "Rolling restart under load")
def rolling_restart(scene):
    room, students, premises = scene.room(), scene.students(CROWD), scene.premises

    def inject():
        port = premises.ports["web 2"]
        premises.school.reload("web 1")
        premises.proxy.take_out(port)
        premises.school.stop("web 2")
        premises.school.start_web("web 2", port)
        premises.proxy.put_in(port)
        for name in ("worker 1", "beat"):
            premises.school.stop(name)
            premises.start(name)

    scene.rush(room, students, inject, AT_ONCE)
    errors = [answer.status for student in students for answer in student.answers if answer.is_error]
    scene.demand(not errors, f"answers: {errors}")


@fault("F29", "Slow clients", rounds=1, premises=Embedded)
def slow_clients(scene):
    """Without a proxy. tests/deployed/test_slow_clients.py tries proxies."""
    room = scene.room()
    usual = max(student.join(room).seconds for student in scene.students(8))
    with ExitStack() as open_ones:
        slow = [
            open_ones.enter_context(open_slow_connection(scene.premises.port, number))
            for number in range(SLOW)
        ]
        Event().wait(1)
        longest = max(student.join(room).seconds for student in scene.students(8))
        scene.record_figure("slow connections", len(slow), "")
        scene.record_figure("cut off after", scene.seconds_until(lambda: all(map(is_closed, slow))), "s")
    scene.record_figure("added at most", max(longest - usual, 0), "s")
    scene.demand(longest - usual <= LONGER, f"{longest - usual:.1f} s more")


def open_slow_connection(port, number):
    """Open a connection that never finishes its request: by turns nothing, half a head, half a form."""
    head = f"POST /join/ HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\nContent-Length: 1000\r\n"
    begun = ("", head, f"{head}\r\ncode=")[number % 3]
    client = socket.create_connection(("127.0.0.1", port), timeout=AT_MOST)
    client.sendall(begun.encode())
    return client


def is_closed(client):
    client.setblocking(False)
    try:
        return client.recv(1) == b""
    except BlockingIOError:
        return False
