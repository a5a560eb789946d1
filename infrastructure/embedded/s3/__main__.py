"""Serve the embedded S3: `python -m infrastructure.embedded.s3 --port P --home D`, keys from the settings."""

import argparse
import os
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from infrastructure.embedded.ports import HOST
from infrastructure.embedded.s3.cors import DEMO_ORIGINS, CrossOrigin
from infrastructure.embedded.s3.gate import Gate
from infrastructure.embedded.s3.mirror import Mirror
from infrastructure.embedded.s3.signature import Keys
from infrastructure.embedded.s3.store import Store

THREADS = 16


class Server(BaseApplication):  # type: ignore[misc]
    """One worker, because moto keeps its state in memory; many threads."""

    def __init__(self, home: Path, port: int) -> None:
        self._home = home
        self._port = port
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": f"{HOST}:{self._port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 0,
            "graceful_timeout": 2,
            "loglevel": "warning",
            "limit_request_line": 8190,
            "control_socket_disable": True,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Gate:
        keys = Keys(
            os.environ["AWS_ACCESS_KEY_ID"],
            os.environ["AWS_SECRET_ACCESS_KEY"],
            os.environ.get("AWS_DEFAULT_REGION", "eu-west-2"),
        )
        store = Store(keys)
        mirror = Mirror(self._home, store)
        mirror.restore()
        return Gate(store, mirror, keys, CrossOrigin(os.environ.get("S3_ALLOWED_ORIGINS", DEMO_ORIGINS)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--home", type=Path, required=True, help="the folder for buckets and objects")
    options = parser.parse_args()
    Server(options.home, options.port).run()


if __name__ == "__main__":
    main()
