"""Something that must never be called: it leaves a mark when it is."""

import os
from pathlib import Path
from typing import Any


def spring(*_: Any, **__: Any) -> None:
    Path(os.environ["TRAP_MARK"]).touch()
