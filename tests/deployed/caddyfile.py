"""The Caddyfile in a form that the installed version of Caddy understands."""

import re
import subprocess
from pathlib import Path


def caddyfile():
    """request_buffers came with 2.6.4. Debian 12 has 2.6.2, which needs two lines for the same."""
    text = Path("Caddyfile").read_text()
    version = subprocess.run(["caddy", "version"], capture_output=True, text=True, check=True).stdout
    if tuple(map(int, re.match(r"v?(\d+)\.(\d+)\.(\d+)", version).groups())) >= (2, 6, 4):
        return text
    return re.sub(r"request_buffers (\S+)", r"buffer_requests\n\t\tmax_buffer_size \1\n", text)
