"""The top of every page of an audience: filled at the composition root, so that this room knows no other."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel.access import Actor, Role


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A link to a top section. With roles: shown only to people who have one of them. `counts_unread` shows messages not read."""

    text: str
    endpoint: str
    roles: frozenset[Role] = frozenset()
    counts_unread: bool = False

    def shown_to(self, actor: Actor) -> bool:
        return not self.roles or actor.has(*self.roles)


def items_for(actor: Actor | None, items: Sequence[NavigationItem]) -> list[NavigationItem]:
    return [item for item in items if item.shown_to(actor)] if actor else []
