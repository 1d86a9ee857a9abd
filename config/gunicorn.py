"""The configuration of gunicorn, which config.web starts. It runs WEB_CONCURRENCY processes (one by default).

gunicorn reads a request in the thread that answers it, so a slow client occupies a thread. The proxy in front has to
wait until it has the whole request (F29).
"""

import os
import shutil
import tempfile

from gunicorn.glogging import Logger

from config.checks import refuse_to_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
refuse_to_start()  # once in the master: gunicorn would start a worker that fails again and again

from config.settings import LOGGING, PORT  # noqa: E402 (refuse_to_start() has checked that they can be read)


class WithoutAccessLog(Logger):
    """gunicorn's own, but config.request_log logs requests: an access log would contain paths (T26).

    With a LOGGING of ours, gunicorn would otherwise put together a line for each request, which no handler writes.
    """

    def access(self, *of_request):
        pass


bind = f"127.0.0.1:{PORT}"
worker_class = "gthread"
threads = 4  # each with its own database connection
timeout = 30  # seconds
# Characters of the first line of a request, as many as gunicorn allows and nginx passes on. The list of members has in
# its address who is ticked: by gunicorn's default of 4,094 no more than 300 could be.
limit_request_line = 8190
graceful_timeout = 10  # seconds; pages answer within 3
# By these headers a proxy could move the site to another path. gunicorn would take them from every client of a proxy on
# this machine that hands them on, as Caddy does, and links in mails would begin with what the client chose (T63).
forwarder_headers = ""
control_socket_disable = True  # nobody uses it, and two sites on one machine would share its socket
logconfig_dict = LOGGING
logger_class = WithoutAccessLog

# The processes share their figures through files in this folder. They inherit the environment and so find it.
counts_folder = None
if os.environ.get("METRICS_TOKEN") and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    counts_folder = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="homeroom-metrics-")


def on_exit(server):
    if counts_folder:
        shutil.rmtree(counts_folder, ignore_errors=True)
