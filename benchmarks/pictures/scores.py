"""Scores as plain functions: accuracy pooled and by source, edit distance, risk and coverage."""

from collections import defaultdict
from collections.abc import Sequence


def pooled(right: Sequence[bool]) -> float:
    """The part that is right; 0 of nothing."""
    return sum(right) / len(right) if right else 0.0


def by_source(right: Sequence[bool], sources: Sequence[str]) -> dict[str, float]:
    """The part that is right of each source, sorted by name."""
    parts: dict[str, list[bool]] = defaultdict(list)
    for is_right, source in zip(right, sources, strict=True):
        parts[source].append(is_right)
    return {source: pooled(parts[source]) for source in sorted(parts)}


def source_mean(right: Sequence[bool], sources: Sequence[str]) -> float:
    """The mean over sources of the part that is right: large sources count no more than small."""
    parts = by_source(right, sources)
    return sum(parts.values()) / len(parts) if parts else 0.0


def edit_distance(one: str, other: str) -> int:
    """How many characters must be put in, taken out or changed (Levenshtein 1966)."""
    before = list(range(len(other) + 1))
    for number, character in enumerate(one, 1):
        after = [number]
        for place, against in enumerate(other, 1):
            change = before[place - 1] + (character != against)
            after.append(min(before[place] + 1, after[-1] + 1, change))
        before = after
    return before[-1]


def rows_exact(true: Sequence[str], read: Sequence[str]) -> int:
    """How many true rows are read exactly: the longest common subsequence of rows."""
    best = [0] * (len(read) + 1)
    for row in true:
        diagonal = 0
        for place, other in enumerate(read, 1):
            above = best[place]
            best[place] = diagonal + 1 if row == other else max(above, best[place - 1])
            diagonal = above
    return best[-1]


def risk_at_coverage(
    right: Sequence[bool], confidences: Sequence[float], coverages: Sequence[float]
) -> dict[float, float]:
    """The part that is wrong among the surest part of all, for each part."""
    order = sorted(range(len(right)), key=lambda i: -confidences[i])
    risks = {}
    for coverage in coverages:
        kept = order[: max(1, round(coverage * len(order)))]
        risks[coverage] = 1 - pooled([right[i] for i in kept]) if kept else 0.0
    return risks
