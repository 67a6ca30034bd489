"""Strokes that other hands add to digits, and that MNIST's American writers did not: for batches.

In most of Europe a 1 has an upstroke as long as half of its stem, and often a foot; a 7 is crossed;
a 9 ends in a hook to the left; some hands cross the 0. A network that never saw these reads a 4, a
2 or a 3. Each stroke starts from what the digit at hand looks like (its top, its lowest point, the
width of its pen), so that one image of MNIST becomes one of another hand.

Images are float32 [n, 1, 28, 28] with ink 1 on background 0. All randomness comes from the given
`torch.Generator`; there is no Python per image.
"""

import math
from collections.abc import Callable

import torch

from inkdigits.data.deformation import SIDE, boxes
from inkdigits.data.other_forms import FORMS
from inkdigits.data.strokes import Shapes, draw

# Which share of each digit's images get the stroke.
UPSTROKES, FEET, BARS, HOOKS, SLASHES = 0.45, 0.18, 0.35, 0.25, 0.03

_PIECES = 4  # straight pieces that a bent stroke is drawn of
_INK = 0.25

Points = tuple[torch.Tensor, torch.Tensor, torch.Tensor]  # start, control, end: float32 [n, 2]


def other_hands(
    ink: torch.Tensor, labels: torch.Tensor, generator: torch.Generator
) -> torch.Tensor:
    """The images, some of them with a stroke more.

    Args:
        ink: float32 [n, 1, 28, 28] in [0, 1].
        labels: int64 [n]; what is not a digit (10) stays as it is.
        generator: on the CPU.
    """
    device = ink.device
    for digit, share, stroke in _STROKES:
        drawn = torch.rand(len(ink), generator=generator).to(device) < share
        where = (drawn & (labels == digit)).nonzero()[:, 0]
        if len(where):
            ink = ink.index_copy(0, where, _with_stroke(ink[where], stroke, generator))
    for digit, (share, forms) in FORMS.items():
        drawn = torch.rand(len(ink), generator=generator).to(device) < share
        where = (drawn & (labels == digit)).nonzero()[:, 0]
        if len(where):
            ink = ink.index_copy(0, where, _rewritten(ink[where], forms, generator))
    return ink


def _rewritten(ink: torch.Tensor, forms: Shapes, generator: torch.Generator) -> torch.Tensor:
    """The same digits in other forms, by the pens of the images whose places they take."""
    hand = _Hand(ink, generator)
    which = torch.randint(0, len(forms), (len(ink),), generator=generator)
    pieces = forms.write(which, 0.9, hand.uniform(0.0, 1.0), generator)
    slant, wide = (hand.uniform(*between).view(-1, 1, 1) for between in ((-0.1, 0.4), (0.65, 1.05)))
    across, down = (pieces - SIDE / 2).unbind(-1)
    pieces = torch.stack((wide * across - slant * down, down), -1) + SIDE / 2
    return draw(pieces.clamp(1.5, SIDE - 1.5), hand.width)[:, None].to(ink.device)


def _with_stroke(
    ink: torch.Tensor, stroke: "Callable[[_Hand], Points]", generator: torch.Generator
) -> torch.Tensor:
    hand = _Hand(ink, generator)
    start, control, end = stroke(hand)
    share = torch.linspace(0, 1, _PIECES + 1).view(1, -1, 1)
    start, control, end = start[:, None], control[:, None], end[:, None]
    points = (1 - share) ** 2 * start + 2 * share * (1 - share) * control + share**2 * end
    points = points.clamp(1.5, SIDE - 1.5)
    pieces = torch.stack((points[:, :-1], points[:, 1:]), 2)
    drawn = draw(pieces, hand.width * hand.uniform(0.8, 1.1))
    return torch.maximum(ink, drawn[:, None].to(ink.device))


class _Hand:
    """What a stroke is fitted to: places and widths of each image, float32 [n], in pixels."""

    def __init__(self, ink: torch.Tensor, generator: torch.Generator) -> None:
        self.ink, self.generator = ink[:, 0].cpu(), generator
        left, self.top, right, self.bottom = (edge.float() for edge in boxes(ink.cpu()))
        self.left, self.right, self.height = left, right, self.bottom - self.top
        steps = self.ink.diff(dim=1).abs().sum((1, 2)) + self.ink.diff(dim=2).abs().sum((1, 2))
        # Twice the area over the length of the edge, which steps along rows and columns overstate.
        edge = (steps * math.pi / 4).clamp(min=1.0)
        self.width = (2 * self.ink.sum((1, 2)) / edge).clamp(1.2, 5.0)

    def uniform(self, low: float, high: float) -> torch.Tensor:
        """A figure for each image between the two."""
        return low + (high - low) * torch.rand(len(self.ink), generator=self.generator)

    def middle_of_rows(self, first: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
        """Where, from the left, the ink of these rows has its middle."""
        taken = self._taken(first, last)
        columns = torch.arange(SIDE) + 0.5
        return (taken.sum(1) * columns).sum(1) / taken.sum((1, 2)).clamp(min=1e-3)

    def end_of_rows(self, first: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
        """How far to the right the ink of these rows reaches."""
        has_ink = (self._taken(first, last) > _INK).any(1).byte()
        return (SIDE - has_ink.flip(1).argmax(1)).float()

    def _taken(self, first: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
        rows = torch.arange(SIDE).view(1, SIDE, 1)
        inside = (rows >= first.floor().view(-1, 1, 1)) & (rows < last.ceil().view(-1, 1, 1))
        return self.ink * inside


def _at(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return torch.stack((x, y), 1)


def _bent(start: torch.Tensor, end: torch.Tensor, bend: torch.Tensor) -> Points:
    """A stroke that leaves the straight line by `bend` of its length, to the right of its way."""
    along = end - start
    aside = torch.stack((-along[:, 1], along[:, 0]), 1)
    return start, (start + end) / 2 + aside * bend[:, None], end


def _upstroke(hand: _Hand) -> Points:
    """From the top of a 1 down to the left."""
    start = _at(hand.middle_of_rows(hand.top, hand.top + hand.width), hand.top + hand.width / 2)
    length = hand.height * hand.uniform(0.15, 0.75)
    angle = hand.uniform(math.radians(28), math.radians(68))
    way = _at(-torch.cos(angle), torch.sin(angle)) * length[:, None]
    return _bent(start, start + way, hand.uniform(-0.2, 0.15))


def _foot(hand: _Hand) -> Points:
    """Below a 1, to both sides."""
    middle = hand.middle_of_rows(hand.bottom - hand.width, hand.bottom)
    left, right = (hand.height * hand.uniform(0.12, 0.4) for _ in range(2))
    tilt, y = hand.uniform(-0.12, 0.12), hand.bottom - hand.width / 2
    start, end = _at(middle - left, y + tilt * left), _at(middle + right, y - tilt * right)
    return _bent(start, end, hand.uniform(-0.05, 0.05))


def _bar(hand: _Hand) -> Points:
    """Through the stem of a 7."""
    y = hand.top + hand.height * hand.uniform(0.38, 0.62)
    stem = hand.end_of_rows(y - 1, y + 1) - hand.width / 2
    left, right = (hand.height * hand.uniform(0.12, 0.4) for _ in range(2))
    tilt = hand.uniform(-0.2, 0.35)
    start, end = _at(stem - left, y + tilt * left), _at(stem + right, y - tilt * right)
    return _bent(start, end, hand.uniform(-0.08, 0.08))


def _hook(hand: _Hand) -> Points:
    """From the lowest point of a 9 to the left, and up again."""
    x = hand.middle_of_rows(hand.bottom - hand.width, hand.bottom)
    start = _at(x, hand.bottom - hand.width / 2)
    length, rise = hand.height * hand.uniform(0.2, 0.75), hand.height * hand.uniform(-0.05, 0.25)
    end = _at(x - length, hand.bottom - hand.width / 2 - rise)
    control = _at(x - length * hand.uniform(0.1, 0.6), hand.bottom + rise * 0.5)
    return start, control, end


def _slash(hand: _Hand) -> Points:
    """Through a 0, from its lower left to its upper right."""
    beyond = hand.uniform(-0.1, 0.15)
    wide, high = beyond * (hand.right - hand.left), beyond * hand.height
    start = _at(hand.left - wide, hand.bottom + high)
    end = _at(hand.right + wide, hand.top - high)
    return _bent(start, end, hand.uniform(-0.05, 0.05))


_STROKES: tuple[tuple[int, float, Callable[[_Hand], Points]], ...] = (
    (1, UPSTROKES, _upstroke),
    (1, FEET, _foot),
    (7, BARS, _bar),
    (9, HOOKS, _hook),
    (0, SLASHES, _slash),
)
