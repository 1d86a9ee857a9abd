"""The broker of the embedded default: kombu's "filesystem" transport, except that it writes each message as a whole."""

import os
from pathlib import Path
from time import monotonic
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue, payload, **kwargs):
        """Write the message under a temporary name, then rename it.

        Kombu writes it in place, and a worker that reads half a message stops for good.
        """
        name = f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        half, whole = (Path(self.data_folder_out, name + end) for end in (".half", ""))
        try:
            half.write_text(dumps(payload))
            os.replace(half, whole)
        except OSError as exc:
            half.unlink(missing_ok=True)
            raise ChannelError(f"Cannot write {whole}") from exc


class Transport(filesystem.Transport):
    Channel = Channel
