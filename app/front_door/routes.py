"""Pages for everybody, signed in nowhere."""

from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app.web.access import open_to_all
from tenants import registry

front = Blueprint("front", __name__, template_folder="templates")

FEWEST_LETTERS = 3
MOST = 20
TOO_SHORT = "Enter at least 3 letters of the school’s name"


@dataclass(frozen=True, slots=True)
class Found:
    """A school on the list, with its own address."""

    name: str
    locality: str | None
    url: str


@front.get("/")
@open_to_all
def home() -> ResponseReturnValue:
    return render_template("front_door/home.html", family_url=_address("family"))


@front.get("/schools")
@open_to_all
def list_schools() -> ResponseReturnValue:
    """A search is a GET: it changes nothing and can be kept as a bookmark."""
    words = " ".join(request.args.get("words", "").split())[:120]
    problem = TOO_SHORT if "words" in request.args and len(words) < FEWEST_LETTERS else None
    asked = bool(words) and problem is None
    found = _search(words) if asked else []
    return render_template(
        "front_door/schools.html", words=words, problem=problem, asked=asked, schools=found, most=MOST
    )


@front.get("/locality-send-support")
@open_to_all
def show_locality_send_support() -> ResponseReturnValue:
    return render_template("front_door/locality_send_support.html", family_url=_address("family"))


@front.get("/professionals")
@open_to_all
def show_professionals() -> ResponseReturnValue:
    return render_template("front_door/professionals.html")


def _search(words: str) -> list[Found]:
    return [Found(name, locality, _address(slug)) for slug, name, locality in registry.search_schools(words)]


def _address(label: str) -> str:
    return f"{current_app.config['SCHEME']}://{label}.{current_app.config['DOMAIN']}/"
