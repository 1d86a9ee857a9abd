"""A school that is of no use to any other fault afterwards: its database on a small disk, and restored."""

import os
import subprocess

from faults.premises import Premises
from faults.servers import OF_THE_SITE

DISK = 64  # megabytes; the write-ahead log stays on the big one
BLOCK = 8192  # bytes, as PostgreSQL takes them


def mount(folder, megabytes):
    """Make `folder` a small disk; says whether this user may."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "homeroom", str(folder)]
    return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0  # noqa: PLW1510


def unmount(folder):
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607


def fill(folder):
    """Until not one block more can be written. Returns the file that takes all the room."""
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
        with self.postgres.beside("postgres") as admin:
            admin.execute(f"CREATE TABLESPACE small LOCATION '{self.disk}'")
            admin.execute(f"ALTER DATABASE {OF_THE_SITE} SET TABLESPACE small")

    def close(self):
        self.postgres.stop()
        if self.is_mounted:
            unmount(self.disk)
        super().close()
