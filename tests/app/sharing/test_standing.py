"""Where an ask stands: one yes is enough, one no is too much."""

from datetime import date
from uuid import UUID

import pytest

from app.sharing.standing import Answered, State, stand

TODAY = date(2026, 11, 12)
LATER = date(2027, 11, 12)
MOTHER, FATHER = UUID(int=1), UUID(int=2)


def said(number: int, who: UUID, given: bool, *, until: date = LATER, withdrawn: bool = False) -> Answered:
    return Answered(UUID(int=100 + number), who, given, until, withdrawn)


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ([], State.WAITING),
        ([said(1, MOTHER, True)], State.GIVEN),
        ([said(1, MOTHER, True), said(2, FATHER, True)], State.GIVEN),
        ([said(1, MOTHER, False)], State.REFUSED),
        ([said(1, MOTHER, True), said(2, FATHER, False)], State.REFUSED),
        ([said(1, FATHER, False), said(2, MOTHER, True)], State.REFUSED),
        ([said(1, FATHER, False), said(2, FATHER, True)], State.GIVEN),
        ([said(1, FATHER, False, withdrawn=True)], State.WAITING),
        ([said(1, FATHER, False, withdrawn=True), said(2, MOTHER, True)], State.GIVEN),
        ([said(1, MOTHER, True, withdrawn=True)], State.WITHDRAWN),
        ([said(1, MOTHER, True, withdrawn=True), said(2, FATHER, True)], State.WITHDRAWN),
        ([said(1, MOTHER, True, withdrawn=True), said(2, MOTHER, True)], State.GIVEN),
        ([said(1, MOTHER, True, until=TODAY)], State.GIVEN),
        ([said(1, MOTHER, True, until=date(2026, 11, 11))], State.EXPIRED),
        ([said(1, MOTHER, True, until=date(2026, 11, 11)), said(2, FATHER, True)], State.GIVEN),
    ],
)
def test_the_last_answer_of_each_adult_counts(answers: list[Answered], state: State) -> None:
    assert stand(answers, TODAY).state is state


def test_the_yes_that_holds_longest_carries_the_share() -> None:
    standing = stand([said(1, MOTHER, True, until=date(2026, 12, 1)), said(2, FATHER, True)], TODAY)
    assert standing.consent_id == UUID(int=102)


@pytest.mark.parametrize("answer", [said(1, MOTHER, False), said(1, MOTHER, True, withdrawn=True)])
def test_without_a_yes_that_holds_there_is_nothing_to_share_on(answer: Answered) -> None:
    standing = stand([answer], TODAY)
    assert not standing.given
    assert standing.consent_id is None
