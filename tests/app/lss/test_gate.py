"""What the locality asks for, as sentences."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.lss.gate import Facts, missing
from app.settings.rules import Gate, Rules

FULL = dict.fromkeys(
    ("why_now", "wanted", "tried", "strengths", "needs", "outcomes", "pupil_view", "family_view"), "x"
)


def request(kind: str, **changes: Any) -> SimpleNamespace:
    return SimpleNamespace(**{**FULL, "kind": kind, "amount_pence": 100, "terms": 1, **changes})


def test_money_needs_two_reviews_and_a_price_by_default() -> None:
    assert missing(request("money"), Facts(2, 1), Rules()) == []
    found = missing(request("money"), Facts(1, 0), Rules())
    assert found == [
        "Review the plan: your locality asks for two reviews first, and there is one review so far",
        "Add what the help costs now to the agreed plan",
    ]


def test_money_needs_an_amount_and_terms_and_nothing_else_does() -> None:
    bare = {"amount_pence": None, "terms": None}
    asked = ["Say how much money you ask for", "Say for how many terms"]
    assert missing(request("money", **bare), Facts(2, 1), Rules()) == asked
    assert missing(request("advice", **bare), Facts(0, 0), Rules()) == []


def test_a_discussion_needs_only_a_question_whatever_the_rules() -> None:
    strict = Rules(evidence={"discussion": Gate(9, costed_provision=True)})
    empty = dict.fromkeys(FULL, "")
    assert (
        missing(request("discussion", **(empty | {"why_now": "x", "wanted": "x"})), Facts(0, 0), strict) == []
    )
    assert missing(request("discussion", **empty), Facts(0, 0), strict) == [
        "Say why you ask now",
        "Say what you ask for",
    ]


@pytest.mark.parametrize("name", sorted(FULL))
def test_every_question_is_asked_for_and_spaces_are_no_answer(name: str) -> None:
    assert len(missing(request("advice", **{name: "  "}), Facts(0, 0), Rules())) == 1


def test_the_locality_may_ask_for_more_or_less() -> None:
    assert missing(request("money"), Facts(0, 0), Rules(evidence={"money": Gate()})) == []
    more = missing(request("training"), Facts(0, 0), Rules(evidence={"training": Gate(reviewed_cycles=7)}))
    assert more == [
        "Review the plan: your locality asks for 7 reviews first, and there are no reviews so far"
    ]
