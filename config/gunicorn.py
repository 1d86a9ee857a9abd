"""How gunicorn runs, which config.web starts: WEB_CONCURRENCY processes (1).

It reads a request in the thread that answers it: the proxy has to hold back what is not whole yet (F29).
"""

import os
import shutil
import tempfile

from config.checks import refuse_to_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
refuse_to_start()  # here, once: a web process that does not start is started again and again

from config.settings import LOGGING, PORT  # noqa: E402 (only now is it known that they can be read)

bind = f"127.0.0.1:{PORT}"
worker_class = "gthread"
threads = 4  # each with its own database connection
timeout = 30  # seconds
graceful_timeout = 10  # seconds; pages answer within 3
control_socket_disable = True  # nobody uses it, and two sites on one machine would share its file
logconfig_dict = (
    LOGGING  # requests are told by config.request_log, not by an access log with paths in it (T26)
)

# Where the processes of this web server keep what they count; its environment is theirs.
counts_folder = None
if os.environ.get("METRICS_TOKEN") and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    counts_folder = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="homeroom-metrics-")


def on_exit(server):
    if counts_folder:
        shutil.rmtree(counts_folder, ignore_errors=True)
