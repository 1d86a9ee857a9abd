"""A small HTTP client that makes visits on kept connections. It costs a tenth of a millisecond of CPU a request.

locust costs as much as the site itself, so it is used only where visits begin at given moments (bench.load).
"""

import socket
import time
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import urlencode

AT_MOST = 60  # seconds to wait for an answer


@dataclass
class Answers:
    """How many milliseconds each request took, and what was not as expected."""

    times: list = field(default_factory=list)
    seconds: float = 0
    wrong: list = field(default_factory=list)


def drive(port, visits, visitors):
    """Let a number of `visitors` make the `visits`, each visitor one after another. Returns the Answers."""
    answers = Answers()
    waiting = iter([request for visit in visits for request in _requests(visit, port)])
    threads = [Thread(target=_visit, args=(port, waiting, answers)) for _ in range(visitors)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.seconds = time.perf_counter() - began
    return answers


def _requests(visit, port):
    """Yield for each step of a visit the bytes to send, and the status that is expected."""
    cookies = visit.get("cookies", {})
    headers = {"Host": f"127.0.0.1:{port}"} | visit.get("headers", {})
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    token = next((value for name, value in cookies.items() if name.endswith("csrftoken")), "")
    for step in visit["steps"]:
        method, body = "GET", b""
        if "data" in step:
            method = "POST"
            body = urlencode(step["data"] | {"csrfmiddlewaretoken": token}, doseq=True).encode()
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Content-Length": len(body),
            }
        lines = [
            f"{method} {step['path']} HTTP/1.1",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        yield "\r\n".join(lines).encode() + b"\r\n\r\n" + body, step["expect"]


def _visit(port, waiting, answers):
    with socket.create_connection(("127.0.0.1", port), AT_MOST) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for sent, expected in waiting:
            began = time.perf_counter()
            connection.sendall(sent)
            head = _read(connection)
            answers.times.append((time.perf_counter() - began) * 1000)
            status = int(head[9:12])
            if status != expected or b"/accounts/login/" in head:
                answers.wrong.append(f"{status} instead of {expected}: {sent[:60]!r}")


def _read(connection):
    """Read a whole answer, and return its head."""
    answer = bytearray()
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += _more(connection)
    head = bytes(answer[:end])
    if head[9:12] == b"204":
        return head  # such an answer has neither a body nor a length
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    if not found:
        raise SystemExit(f"An answer without a length:\n{head.decode()}")
    size = int(rest.partition(b"\r\n")[0])
    while len(answer) < end + 4 + size:
        answer += _more(connection)
    return head


def _more(connection):
    part = connection.recv(262_144)
    if not part:
        raise SystemExit("The server has closed a connection.")
    return part
