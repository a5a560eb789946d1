"""CPU time of this process and of its PostgreSQL backends, per operation, in interleaved blocks."""

import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def backend_seconds(pids: list[int]) -> float:
    """User and system time of server processes, from /proc."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


@dataclass(frozen=True, slots=True)
class Side:
    """One thing to measure: what to do, and the backends that work for it."""

    act: Callable[[], object]
    pids: Callable[[], list[int]]


def measure(
    sides: Mapping[str, Side], *, repeats: int, blocks: int, per_block: int
) -> dict[str, list[float]]:
    """p10 of milliseconds per operation for each repeat. Blocks of the sides alternate, so both meet the same noise."""
    results: dict[str, list[float]] = {name: [] for name in sides}
    for side in sides.values():
        for _ in range(20):
            side.act()
    for _ in range(repeats):
        blocks_of: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(blocks):
            for name, side in sides.items():
                blocks_of[name].append(_block(side, per_block))
        for name, found in blocks_of.items():
            results[name].append(statistics.quantiles(found, n=10)[0] * 1000)
    return results


def _block(side: Side, times: int) -> float:
    pids = side.pids()
    server, client = backend_seconds(pids), time.process_time()
    for _ in range(times):
        side.act()
    return (time.process_time() - client + backend_seconds(pids) - server) / times


def ratio(name: str, over: list[float], under: list[float], limit: float | None = None) -> str:
    """A line: the median of the repeats' ratios, their spread, and the limit if there is one."""
    ratios = [a / b for a, b in zip(over, under, strict=True)]
    middle = statistics.median(ratios)
    verdict = "" if limit is None else f", limit {limit}x) {'ok' if middle <= limit else 'TOO SLOW'}"
    return (
        f"{name}: {statistics.median(over):.2f} ms / {statistics.median(under):.2f} ms = {middle:.2f}x "
        f"(spread {min(ratios):.2f}-{max(ratios):.2f}{verdict or ')'}"
    )
