"""Who may change what a school or a locality keeps about itself, whatever page they come from."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel.access import Actor
from app.settings.models import ClassStaff, SchoolClass, SchoolTerm
from app.settings.rules import Rules
from app.settings.service import classes, rules, school, terms
from app.settings.service.classes import ClassChange, NewClass, NewWorker
from app.settings.service.rules import NewRules
from app.settings.service.school import SchoolChange
from app.settings.service.terms import TermDetails
from infrastructure.database.door import db
from tenants.registry import Tenant
from tests.builders.refusing import refused
from tests.world import World

AUTUMN = TermDetails("Autumn", date(2030, 9, 3), date(2030, 12, 19), None, None, 1)
GREEN = SchoolChange("Larkrise", "green", "")


def any_of(model: type[Any]) -> Any:
    return db.session.scalars(select(model).limit(1)).one()


OF_THE_ADMIN: dict[str, Callable[[Actor], Any]] = {
    "add class": lambda actor: classes.add_class(actor, NewClass("Oaks", 2)),
    "change class": lambda actor: classes.change_class(actor, any_of(SchoolClass), ClassChange("Oaks", 2, 1)),
    "end class": lambda actor: classes.end_class(actor, any_of(SchoolClass)),
    "add worker": lambda actor: classes.add_worker(actor, any_of(SchoolClass), NewWorker(actor.person_id)),
    "remove worker": lambda actor: classes.remove_worker(actor, any_of(ClassStaff)),
    "school": lambda actor: school.change_school(actor, db.session.get_one(Tenant, actor.tenant_id), GREEN),
    "add term": lambda actor: terms.add_term(actor, AUTUMN),
    "change term": lambda actor: terms.change_term(actor, any_of(SchoolTerm), AUTUMN),
    "remove term": lambda actor: terms.remove_term(actor, any_of(SchoolTerm)),
    "suggested": terms.take_suggested,
}


@pytest.mark.parametrize("deed", OF_THE_ADMIN)
def test_nobody_else_changes_what_the_school_keeps_even_past_the_pages(world: World, deed: str) -> None:
    world.insert(
        "term", tenant_id=world.larkrise.id, name="Autumn", starts_on=AUTUMN.starts_on, ends_on=AUTUMN.ends_on
    )
    refused(world, [world.sendco, world.head, world.dsl, world.teacher], OF_THE_ADMIN[deed])


def test_nobody_else_sets_the_rules_of_the_locality_even_past_the_pages(world: World) -> None:
    others = [world.chair, world.vice_chair, world.member, world.finance]
    refused(world, others, lambda actor: rules.set_rules(actor, NewRules(Rules(quorum=2), 0)))
