"""Settings of the web server: `gunicorn wsgi:application -c infrastructure/deploy/gunicorn.py`."""

import os
from pathlib import Path
from typing import Any

from infrastructure.database import door

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
graceful_timeout = 30
timeout = 60
keepalive = 5
# A restart now and then bounds what a slow leak can take; the jitter keeps workers from restarting together.
max_requests = 20_000
max_requests_jitter = 2_000
# Workers show that they live by touching a file: on a disk that stalls they would be killed for nothing.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 # nosec B108
# Nobody's X-Forwarded-* headers are believed unless the proxy is named.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "")
control_socket_disable = True
preload_app = False


def post_fork(_server: Any, _worker: Any) -> None:
    """Two processes on one database connection would read each other's tenant."""
    door.after_fork()
