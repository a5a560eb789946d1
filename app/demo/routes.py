"""The mails of the demo, so that a newcomer can follow a link without a mail client."""

from email import message_from_bytes, policy
from pathlib import Path

from flask import Blueprint, abort, current_app, render_template
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from app.web.access import open_to_all
from infrastructure.settings import Settings

demo = Blueprint("demo", __name__, url_prefix="/dev", template_folder="templates")

NEWEST = 50


@demo.record_once
def _refuse_elsewhere(state: BlueprintSetupState) -> None:
    if not state.app.config["DEMO"]:
        raise RuntimeError("The demo's pages show secrets and never start outside the demo.")


@demo.get("/mail")
@open_to_all
def list_mails() -> ResponseReturnValue:
    settings: Settings = current_app.config["SETTINGS"]
    folder = settings.mail_folder
    if folder is None:
        abort(404)
    return render_template("demo/mails.html", mails=[_read(path) for path in _newest(folder)])


def _newest(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.eml"), reverse=True)[:NEWEST]


def _read(path: Path) -> dict[str, str]:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",))
    text = str(body.get_content()) if body else ""
    return {"to": str(mail["To"]), "subject": str(mail["Subject"]), "date": str(mail["Date"]), "text": text}
