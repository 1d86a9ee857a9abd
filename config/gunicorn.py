"""The web server: `gunicorn -c python:config.gunicorn config.wsgi`. WEB_CONCURRENCY processes (1)."""

import os

bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"
threads = 4  # each with its own database connection
timeout = 30  # seconds
graceful_timeout = 10  # seconds; pages answer within 3
control_socket_disable = True  # nobody uses it, and two sites on one machine would share its file
# Neither query string nor referrer: no address of a class belongs in a log (K10, T26).
access_log_format = '%(t)s %(h)s "%(m)s %(U)s" %(s)s %(B)s bytes %(M)s ms'
