"""Children with adults and numbers, made behind the service's back; and files that a school might bring."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from app.kernel.names import search_key, sort_key
from app.pupils.upn import check_letter
from tests.browser import Browser
from tests.world import Child, Organisation, World

LARKRISE = Path(__file__).parents[1] / "data" / "roll_larkrise.csv"
HEADINGS = "UPN,Legal surname,Legal forename,Date of birth,Year group,Class,SEN status"


def child(world: World, at: Organisation, first: str, last: str, *, born: date, **changes: Any) -> Child:
    """A pupil of Year 3, on nobody's class list unless told otherwise."""
    facts: dict[str, Any] = {
        "legal_surname": last,
        "legal_forenames": first,
        "preferred_forename": first,
        "sort_key": sort_key(last, first),
        "search_key": search_key(f"{first} {last}"),
        "born_on": born,
        "year_group": 3,
    }
    made = world.insert("pupil", tenant_id=at.id, **(facts | changes))
    return Child(made, at.id, first, last, changes.get("class_id"))


def upn(serial: int, authority: str = "999") -> str:
    """A UPN whose check letter is right; 999 is the authority of the fiction."""
    tail = f"{authority}200126{serial:03d}"
    return check_letter(tail) + tail


def with_upn(world: World, of: Child, serial: int) -> str:
    number = upn(serial)
    world.insert("pupil_upn", tenant_id=of.tenant_id, pupil_id=of.id, upn=number)
    return number


def contact(world: World, of: Child, name: str, **changes: Any) -> UUID:
    facts: dict[str, Any] = {"parental_responsibility": True, "email": None, "relationship": "Mother"}
    return world.insert("contact", tenant_id=of.tenant_id, pupil_id=of.id, name=name, **(facts | changes))


def bring(browser: Browser, content: bytes | str) -> str:
    """Bring a file and return the address of what it would do."""
    data = content.encode() if isinstance(content, str) else content
    response = browser.post("/roll-imports", {"file": (data_stream(data), "roll.csv")})
    assert response.status_code == 303, response.text[:3000]
    return str(response.location)


def data_stream(data: bytes) -> Any:
    from io import BytesIO

    return BytesIO(data)


def say_yes(browser: Browser, address: str, **answers: str) -> Any:
    """Look at what a file would do, answer what is asked and import."""
    import re

    page = browser.get(address).text
    found = re.search(r'name="fingerprint" value="([0-9a-f]+)"', page)
    assert found, page[:3000]
    return browser.post(f"{address}/confirmation", {"fingerprint": found[1], **answers})
