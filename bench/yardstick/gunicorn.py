"""Gunicorn's configuration for the yardstick: as config/gunicorn.py, but without loading Homeroom's settings.

If they were loaded, the web processes would serve Homeroom instead of the yardstick.
"""

import os

bind = f"127.0.0.1:{os.environ['PORT']}"
worker_class = "gthread"
threads = 4
control_socket_disable = True
