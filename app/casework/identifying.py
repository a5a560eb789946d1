"""Words that tell a stranger who a child is. A hint for the writer, who may have a reason."""

import re
from collections.abc import Iterable, Mapping

from app.kernel.names import search_key

UPN = re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[0-9A-HJ-NP-RT-Z]\b", re.IGNORECASE)
POSTCODE = re.compile(r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b", re.IGNORECASE)


def hints(words: Mapping[str, str], surnames: Iterable[str | None]) -> list[str]:
    """Sentences that say where to look again. `words` maps the name of a question to the answer."""
    names = [search_key(surname) for surname in surnames if surname]
    return [
        f"“{question}” seems to have {what} in it. The reader does not need it."
        for question, answer in words.items()
        for what in _found_in(answer, names)
    ]


def _found_in(answer: str, surnames: list[str]) -> list[str]:
    plain = f" {search_key(answer)} "
    looked = [
        ("the child’s surname", any(f" {surname} " in plain for surname in surnames)),
        ("a pupil number", UPN.search(answer)),
        ("a postcode", POSTCODE.search(answer)),
    ]
    return [what for what, found in looked if found]
