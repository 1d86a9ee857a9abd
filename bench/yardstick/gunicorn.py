"""As config/gunicorn.py, without its look at Homeroom's settings, or its web processes would serve Homeroom."""

import os

bind = f"127.0.0.1:{os.environ['PORT']}"
worker_class = "gthread"
threads = 4
control_socket_disable = True
