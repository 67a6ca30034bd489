"""Chooses among hypotheses that exclude each other: which atoms of ink make which digits.

A hypothesis is a set of atoms and a score; each atom belongs to one chosen hypothesis or is left
out at a price. The best choice is found exactly, for each number of digits (dynamic programming
over sets of atoms, after LeCun et al. 1998, section VIII, where the order is a line). Knowing how
many digits there are on the whole page, `choose` then picks the best sum over all clusters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_ATOMS = 12


@dataclass(frozen=True)
class Choice:
    """Chosen hypotheses, by index, and the sum of the scores with what was left out."""

    score: float
    chosen: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class _Link:
    choice: Choice
    before: "_Link | None"


def best_choices(
    atom_prices: Sequence[float], hypotheses: Sequence[tuple[int, float, int]]
) -> dict[int, Choice]:
    """The best choice for each possible number of digits.

    Args:
        atom_prices: for each atom, the (negative) score of leaving it out.
        hypotheses: for each, its atoms as a bit set, its score, and how many digits it stands for:
            1, or 0 where it leaves these atoms out together.
    """
    everything = (1 << len(atom_prices)) - 1
    by_lowest: dict[int, list[int]] = {}
    for index, (atoms, _, _) in enumerate(hypotheses):
        by_lowest.setdefault((atoms & -atoms).bit_length() - 1, []).append(index)
    known: dict[int, dict[int, Choice]] = {everything: {0: Choice(0.0, ())}}

    def solve(used: int) -> dict[int, Choice]:
        """Choices for the atoms that are not used yet."""
        if used in known:
            return known[used]
        free = ~used & everything
        lowest = (free & -free).bit_length() - 1
        best: dict[int, Choice] = {}
        for count, rest in solve(used | 1 << lowest).items():
            best[count] = Choice(rest.score + atom_prices[lowest], rest.chosen)
        for index in by_lowest.get(lowest, ()):
            atoms, score, digits = hypotheses[index]
            if atoms & used:
                continue
            for count, rest in solve(used | atoms).items():
                total = count + digits
                if total not in best or rest.score + score > best[total].score:
                    chosen = (index, *rest.chosen) if digits else rest.chosen
                    best[total] = Choice(rest.score + score, chosen)
        known[used] = best
        return best

    return solve(0)


def choose(clusters: Sequence[dict[int, Choice]], expect: int | None) -> list[Choice]:
    """One choice for each cluster: the best, or the best among those with `expect` digits in all.

    Where there is not enough for that number, as many as there are are taken. Every cluster knows
    its best choice for no digit, so that more than `expect` are never needed.
    """
    if expect is None:
        return [max(choices.values(), key=lambda c: c.score) for choices in clusters]
    # For each total number: the best sum, and the chain of choices that leads to it, last first.
    best: dict[int, tuple[float, _Link | None]] = {0: (0.0, None)}
    for choices in clusters:
        after: dict[int, tuple[float, _Link | None]] = {}
        for total, (score, link) in best.items():
            for count, choice in choices.items():
                if total + count > expect:
                    continue
                new = score + choice.score
                if total + count not in after or new > after[total + count][0]:
                    after[total + count] = (new, _Link(choice, link))
        best = after
    chain, chosen = best[max(best)][1], []
    while chain is not None:
        chosen.append(chain.choice)
        chain = chain.before
    return chosen[::-1]
