"""Files and folders that only their owner may read: passwords and data of the embedded services."""

import os
import secrets
from pathlib import Path


def private_folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def write_private(file: Path, text: str) -> None:
    """Written beside and renamed, so that a crash never leaves half a file."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(text)
    draft.replace(file)


def kept_secret(file: Path) -> str:
    """The secret of last time, or a new one."""
    if not file.exists():
        write_private(file, secrets.token_urlsafe(24))
    return file.read_text().strip()
