"""Keep what the store holds on disk: objects with their versions, tags, metadata and encryption flags."""

import hashlib
import json
import shutil
from base64 import b64decode, b64encode
from datetime import datetime
from pathlib import Path
from typing import Any

from moto.s3.models import FakeDeleteMarker, FakeKey
from werkzeug.datastructures import Headers

from infrastructure.embedded.private import private_folder, write_private
from infrastructure.embedded.s3.store import Store

PLAIN_ATTRIBUTES = (
    "_version_id",
    "_is_versioned",
    "_storage_class",
    "encryption",
    "kms_key_id",
    "bucket_key_enabled",
    "lock_mode",
    "lock_legal_status",
    "lock_until",
    "checksum_algorithm",
    "checksum_value",
    "checksum_type",
    "checksum_parts",
    "website_redirect_location",
)
CREATION = "creation"


class Mirror:
    """A folder for each bucket: its settings as the requests that made them, and its keys."""

    def __init__(self, home: Path, store: Store) -> None:
        self._home = private_folder(home)
        self._store = store

    def keep_setting(self, bucket: str, name: str, query: str, headers: Headers, body: bytes) -> None:
        kept = {"query": query, "headers": list(headers.items()), "body": b64encode(body).decode()}
        folder = private_folder(self._home / bucket / "settings")
        write_private(folder / f"{name or CREATION}.json", json.dumps(kept))

    def forget_setting(self, bucket: str, name: str) -> None:
        if name:
            (self._home / bucket / "settings" / f"{name}.json").unlink(missing_ok=True)
        else:
            shutil.rmtree(self._home / bucket, ignore_errors=True)

    def keep_key(self, bucket: str, key: str) -> None:
        folder = self._key_folder(bucket, key)
        versions = self._store.buckets[bucket].keys.getlist(key, [])
        if not versions:
            shutil.rmtree(folder, ignore_errors=True)
            return
        private_folder(folder)
        manifest = [self._described(version, folder) for version in versions]
        write_private(folder / "versions.json", json.dumps({"key": key, "versions": manifest}))
        wanted = {"versions.json", *(entry["body"] for entry in manifest if "body" in entry)}
        for file in folder.iterdir():
            if file.name not in wanted:
                file.unlink()

    def keep_bucket(self, bucket: str) -> None:
        """After a request that names several keys."""
        manifests = self._home.glob(f"{bucket}/objects/*/versions.json")
        kept = {json.loads(manifest.read_text())["key"] for manifest in manifests}
        for key in kept | set(dict.keys(self._store.buckets[bucket].keys)):
            self.keep_key(bucket, key)

    def restore(self) -> None:
        for folder in sorted(path for path in self._home.iterdir() if path.is_dir()):
            settings = (folder / "settings").glob("*.json")
            for setting in sorted(settings, key=lambda file: (file.stem != CREATION, file.stem)):
                self._repeat(folder.name, json.loads(setting.read_text()))
            for manifest in folder.glob("objects/*/versions.json"):
                self._restore_key(folder.name, manifest)

    def _repeat(self, bucket: str, kept: dict[str, Any]) -> None:
        headers = Headers([(name, value) for name, value in kept["headers"]])
        answer = self._store.ask("PUT", f"/{bucket}", kept["query"], headers, b64decode(kept["body"]))
        if answer.status_code >= 300:
            said = answer.get_data(as_text=True)
            raise RuntimeError(f"{bucket}: {kept['query'] or CREATION} could not be restored: {said}")

    def _key_folder(self, bucket: str, key: str) -> Path:
        return self._home / bucket / "objects" / hashlib.sha256(key.encode()).hexdigest()[:40]

    def _described(self, version: Any, folder: Path) -> dict[str, Any]:
        stamp = version.last_modified.isoformat()
        if isinstance(version, FakeDeleteMarker):
            return {"deleted": version.version_id, "last_modified": stamp}
        body = hashlib.sha256(f"{version.version_id} {version.etag}".encode()).hexdigest()[:40]
        if not (folder / body).exists():
            _write_body(folder / body, version.value)
        return {
            "body": body,
            "etag": version.etag.strip('"'),
            "last_modified": stamp,
            "metadata": dict(version.metadata),
            "tags": self._store.backend.tagger.get_tag_dict_for_resource(version.arn),
            "attributes": {name: getattr(version, name) for name in PLAIN_ATTRIBUTES},
        }

    def _restore_key(self, bucket: str, manifest: Path) -> None:
        kept = json.loads(manifest.read_text())
        versions: list[Any] = []
        for entry in kept["versions"]:
            version = self._revived(bucket, kept["key"], entry, manifest.parent)
            version.last_modified = datetime.fromisoformat(entry["last_modified"])
            versions.append(version)
        self._store.buckets[bucket].keys.setlist(kept["key"], versions)

    def _revived(self, bucket: str, key: str, entry: dict[str, Any], folder: Path) -> Any:
        body = (folder / entry["body"]).read_bytes() if "body" in entry else b""
        backend = self._store.backend
        region = self._store.buckets[bucket].region_name
        version = FakeKey(key, body, backend.account_id, region, etag=entry.get("etag"), bucket_name=bucket)
        if "deleted" in entry:
            marker = FakeDeleteMarker(version)
            vars(marker)["_version_id"] = entry["deleted"]
            return marker
        for name, value in entry["attributes"].items():
            setattr(version, name, value)
        version.set_metadata(entry["metadata"], replace=False)
        tags = [{"Key": name, "Value": value} for name, value in entry["tags"].items()]
        backend.tagger.tag_resource(version.arn, tags)
        return version


def _write_body(file: Path, body: bytes) -> None:
    draft = file.with_name(f".{file.name}")
    draft.write_bytes(body)
    draft.replace(file)
