"""The sections of a child's record: filled at the composition root, so that no room knows which others there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, current_app, request, url_for

from app.kernel.access import Actor, Role
from app.web.access import may_be_current_actor


@dataclass(frozen=True, slots=True)
class RecordTab:
    """A link on every page about a pupil. `also` names further blueprints whose pages belong to it."""

    text: str
    endpoint: str
    roles: frozenset[Role] = frozenset()
    also: frozenset[str] = frozenset()

    def shown_to(self, actor: Actor) -> bool:
        return not self.roles or actor.has(*self.roles)

    @property
    def sections(self) -> frozenset[str]:
        return self.also | {self.endpoint.split(".")[0]}


def install(app: Flask, tabs: Sequence[RecordTab]) -> None:
    app.config["RECORD_TABS"] = tuple(tabs)
    app.jinja_env.globals["record_tabs"] = tabs_for


def tabs_for(pupil_id: UUID) -> list[dict[str, Any]]:
    """For the sub-navigation: only what this person may open, and what this host has."""
    actor = may_be_current_actor()
    if actor is None:
        return []
    return [
        {
            "text": tab.text,
            "href": url_for(tab.endpoint, pupil_id=pupil_id),
            "active": request.blueprint in tab.sections,
        }
        for tab in current_app.config["RECORD_TABS"]
        if tab.shown_to(actor) and tab.endpoint in current_app.view_functions
    ]
