"""One partnership with rows in every table: for the matrix, the mutation of policies and the probes alike."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.isolation import furnishing, offices, record
from tests.isolation.cases import Case, cases
from tests.isolation.furnishing import Ids
from tests.world import World


@dataclass(frozen=True)
class Furnished:
    """What was made: by child, the ids that each audience's addresses name, and every share with its name."""

    world: World
    school: dict[str, Ids]
    panel: dict[str, Ids]
    agency: dict[str, Ids]
    shares: dict[str, UUID]

    def names(self) -> dict[Any, str]:
        """What a person calls the rows that others hang on."""
        things = {
            thing.id: label for label, thing in reversed(vars(self.world).items()) if hasattr(thing, "id")
        }
        return things | {share: label for label, share in self.shares.items()}


def furnish(world: World) -> Furnished:
    made = Furnished(world, {}, {}, {}, {})
    for case in cases(world):
        _furnish_case(made, case)
    _stay_open(made)
    offices.open_offices(world)
    return made


def _furnish_case(made: Furnished, case: Case) -> None:
    world, child, label = made.world, case.child, case.label
    ids = furnishing.school(world, case)
    record.complete(world, case, ids)
    record.heard(world, child, ids["share_id"])
    panel = furnishing.panel(world, child, case.adult, case.clerk)
    record.decided(world, child, panel)
    made.school[label], made.panel[label] = ids, panel
    made.agency[label] = furnishing.of_agency(world, ids)
    made.shares[f"lss {label}"] = panel["share_id"]
    made.shares[f"referral {label}"] = ids["share_id"]
    made.shares[f"withdrawn {label}"] = record.withdrawn(world, case)


def _stay_open(made: Furnished) -> None:
    """Two requests are on the agenda again, so that there is something left to do; of the third the vice-chair knows too much."""
    w = made.world
    reopened = [made.panel[label]["item_id"] for label in ("amara", "noor")]
    w.execute("update panel_item set status = 'on_agenda' where id = any (%s)", reopened)
    of = {"tenant_id": w.thornbeck.id, "home_tenant_id": w.larkrise.id, "share_id": made.shares["lss idris"]}
    declared = {"person_id": w.vice_chair.id, "declared_by": w.vice_chair.id}
    w.insert("recusal", **of, **declared, kind="declared", reason="Neighbour")
