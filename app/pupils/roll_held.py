"""A file between looking at it and saying yes: only the cells that we use are kept, not the file."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app.pupils.roll_matches import compare_rows
from app.pupils.roll_rows import Problem, RollRow, read_row

ROW = "row"  # problems of a row as a whole cannot be found again in its cells


def pack(rows: Iterable[RollRow]) -> list[dict[str, Any]]:
    return [
        {
            "number": row.row_number,
            "cells": dict(row.typed),
            "faults": [problem.sentence for problem in row.problems if problem.field == ROW],
        }
        for row in rows
    ]


def unpack(held: Iterable[dict[str, Any]]) -> list[RollRow]:
    """The rows as `read_roll` gave them."""
    return list(compare_rows([_row(item) for item in held]))


def _row(item: dict[str, Any]) -> RollRow:
    row = read_row(item["number"], item["cells"])
    faults = tuple(Problem(ROW, sentence) for sentence in item["faults"])
    return replace(row, problems=(*faults, *row.problems))
