"""gunicorn's threads, given a request when the whole of it is here: a client that takes its time costs none (F29).

gunicorn itself reads head and body in the thread that then answers, so sixteen slow clients would stop a school.
"""

import re
from functools import partial
from selectors import EVENT_READ
from time import monotonic

from gunicorn.workers.gthread import ThreadWorker

MOST = 98_304  # bytes that are waited for: a form's 64 kB and the head; what is longer is handed on, and refused there
LONGEST = 10  # seconds for the whole of a request to come
PART = 65_536  # bytes read at once
END_OF_HEAD, END_OF_CHUNKS = b"\r\n\r\n", b"\r\n0\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)


class Coming:
    """What is here of a request."""

    def __init__(self, begun=b""):
        self.begun, self.wanted = bytearray(), None
        self.ends = monotonic() + LONGEST
        self.add(begun)

    def add(self, part):
        looked = max(len(self.begun) - len(END_OF_HEAD), 0)
        self.begun += part
        if self.wanted is None and (head := self.begun.find(END_OF_HEAD, looked)) >= 0:
            self.wanted = self._wanted(head + len(END_OF_HEAD))

    @property
    def is_whole(self):
        if len(self.begun) > MOST:
            return True
        if self.wanted == END_OF_CHUNKS:
            return self.begun.endswith(END_OF_CHUNKS)
        return self.wanted is not None and len(self.begun) >= self.wanted

    def _wanted(self, head):
        """How many bytes the whole has, or how it ends. Too many: no more than the head, for it is refused anyway."""
        if CHUNKED.search(self.begun, 0, head):
            return END_OF_CHUNKS
        length = LENGTH.search(self.begun, 0, head)
        whole = head + int(length[1]) if length else head
        return whole if whole <= MOST else head


class WholeRequests(ThreadWorker):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.coming = {}  # connection -> what is here of its request; who has waited longest first

    def enqueue_req(self, conn):
        """Called for a connection that is new or has something to read; gunicorn's own takes a thread at once."""
        conn.sock.setblocking(False)
        self.coming[conn] = Coming(conn.parser.unreader.take_buffered() if conn.initialized else b"")
        self.poller.register(conn.sock, EVENT_READ, partial(self._read, conn))
        self._read(conn)

    def murder_pending(self):
        """Called every second, to end connections whose time is over."""
        super().murder_pending()
        over = [conn for conn, coming in self.coming.items() if coming.ends <= monotonic()]
        for conn in over:
            self._drop(conn)

    def _read(self, conn, _=None):
        coming = self.coming[conn]
        try:
            while not coming.is_whole and (part := conn.sock.recv(PART)):
                coming.add(part)
        except BlockingIOError:
            return  # the rest is on its way
        except OSError:
            self._drop(conn)
            return
        self._leave(conn)
        conn.init()
        conn.sock.setblocking(True)
        conn.parser.unreader.unread(coming.begun)
        conn.data_ready = True
        super().enqueue_req(conn)

    def _drop(self, conn):
        self._leave(conn)
        self.nr_conns -= 1
        conn.close()

    def _leave(self, conn):
        self.poller.unregister(conn.sock)
        del self.coming[conn]
