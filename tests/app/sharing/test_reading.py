"""Everything that would be shared can be read, and the words to agree to are plain."""

import re

import pytest

from app.sharing.content import content_hash
from app.sharing.models import Purpose
from app.sharing.reading import Line, lines_of
from app.sharing.wording import wording_of


def test_every_part_of_the_content_has_its_line() -> None:
    content = {
        "urgent": False,
        "why_now": "She finds it hard to say what she needs.",
        "amount_pence": 120000,
        "review_on": "2026-12-03",
        "wanted": "",
        "kind": "school_to_school",
        "needs_listed": ["Speech", "Attention"],
        "plan": {
            "strengths": "Kind to others",
            "targets": [{"title": "Ask for help", "who": "Miss Lowther"}],
        },
        "documents": [{"title": "Speech report", "filename": "r.pdf", "sha256": "ab12"}],
        "pupil": {"year_group": 2, "name": "Amara O"},
    }
    assert lines_of(content) == [
        Line("Child", "Amara O"),
        Line("Year", "2"),
        Line("Kind of help", "School to school"),
        Line("What we ask for", "Nothing"),
        Line("Money we ask for", "£1,200"),
        Line("Why we ask now", "She finds it hard to say what she needs."),
        Line("The plan: What goes well", "Kind to others"),
        Line("The plan: Targets", items=("Title: Ask for help · Who: Miss Lowther",)),
        Line("Documents we send", items=("Speech report",)),
        Line("Urgent", "No"),
        Line("Review on", "3 December 2026"),
        Line("Needs listed", items=("Speech", "Attention")),
    ]


def test_the_fingerprint_depends_on_words_and_not_on_their_order() -> None:
    assert content_hash({"a": 1, "b": "ł"}) == content_hash({"b": "ł", "a": 1})
    assert content_hash({"a": 1}) != content_hash({"a": 2})


@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_words_to_agree_to_say_who_what_and_that_no_costs_nothing(purpose: Purpose) -> None:
    wording = wording_of(
        purpose, school="Larkrise Primary", guest="Ashmere Speech and Language Therapy", child="Amara"
    )
    for part in ("Larkrise Primary", "Ashmere Speech and Language Therapy", "The service will keep its own record",
                 "change my mind", "If I say no, Amara keeps all the help they get now"):  # fmt: skip
        assert part in wording
    sentences = re.split(r"(?<=[.])\s+", wording)
    assert max(len(sentence.split()) for sentence in sentences) <= 25


def test_a_request_to_the_locality_tells_of_the_right_to_ask_the_council() -> None:
    words = {p: wording_of(p, school="L", guest="T", child="Amara") for p in Purpose}
    assert "I can ask the council" in words[Purpose.LSS]
    assert "I can ask the council" not in words[Purpose.REFERRAL]
