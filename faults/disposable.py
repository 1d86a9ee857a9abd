"""A site that no other fault can use afterwards: its database is on a small disk, and gets restored from a backup."""

import os
import subprocess

from faults.premises import Premises
from faults.servers import ROLE

DISK = 64  # megabytes; the write-ahead log stays on the machine's own disk
BLOCK = 8192  # bytes of a block of PostgreSQL


def mount(folder, megabytes):
    """Mount a small disk at `folder`. Return whether this user may do that."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "homeroom", str(folder)]
    return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0  # noqa: PLW1510


def unmount(folder):
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607


def fill(folder):
    """Write until there is no room for another block. Return the file that takes up the room."""
    ballast = folder / "ballast"
    try:
        with ballast.open("wb", buffering=0) as taking:
            while True:
                taking.write(bytes(BLOCK))
    except OSError:
        return ballast


class Disposable(Premises):
    def __init__(self):
        super().__init__()
        self.disk = self.postgres.folder / "small"
        self.disk.mkdir()
        self.is_mounted = mount(self.disk, DISK)
        if self.is_mounted:
            self._move_to_the_small_disk()

    def _move_to_the_small_disk(self):
        if self.postgres.who:
            os.chown(self.disk, self.postgres.who["user"], self.postgres.who["group"])
        self.disk.chmod(0o700)
        with self.postgres.superuser_connection("postgres") as admin:
            admin.execute(f"CREATE TABLESPACE small LOCATION '{self.disk}'")
            admin.execute(f"ALTER DATABASE {ROLE} SET TABLESPACE small")

    def close(self):
        self.postgres.stop()
        if self.is_mounted:
            unmount(self.disk)
        super().close()
