"""Images that are no digit, made from MNIST's own digits and from strokes drawn by code.

A page has letters, signs, scribbles, dirt, pieces of digits and digits that touch. A network that
has an eleventh class for them can say so. `clutter` draws its kinds by `_SHARES`; what one hand
might write as a digit is left out (half of a 4 is a 1, half of an 8 a 0 or a 3).

Images are float32 [n, 1, 28, 28] in [-1, 1], ink +1 on background -1. All randomness comes from the
given `torch.Generator`; there is Python per kind, none per image.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it

from inkdigits.data.deformation import PIXEL, SIDE, boxes
from inkdigits.data.signs import signs
from inkdigits.data.strokes import draw

NOT_A_DIGIT = 10  # the label of clutter, beside the ten digits

Kind = Callable[[torch.Tensor, torch.Tensor, torch.Generator], torch.Tensor]

# Which part of a digit surely is no digit: left, right, upper, lower.
_PARTS = torch.tensor(
    [
        [1, 1, 1, 1],  # 0
        [0, 0, 0, 0],  # 1
        [1, 0, 0, 1],  # 2
        [1, 0, 1, 1],  # 3
        [1, 0, 1, 0],  # 4
        [1, 1, 1, 0],  # 5
        [0, 1, 0, 0],  # 6
        [1, 0, 0, 0],  # 7
        [1, 0, 0, 0],  # 8
        [1, 0, 0, 0],  # 9
    ],
    dtype=torch.float32,
)
# Digits that are none when they lie on their side; a 2 or a 5 may become another digit then.
_NONE_ON_ITS_SIDE = torch.tensor([0, 0, 0, 1, 1, 0, 0, 0, 0, 0], dtype=torch.float32)


def clutter(
    images: torch.Tensor, labels: torch.Tensor, count: int, generator: torch.Generator
) -> torch.Tensor:
    """So many images that are no digit.

    Args:
        images: float32 [n, 1, 28, 28] in [-1, 1], the digits that they are made from; not changed.
        labels: int64 [n].
        count: how many to make.
        generator: on the CPU.

    Returns:
        float32 [count, 1, 28, 28] in [-1, 1].
    """
    if not count:
        return images[:0]
    ink, labels = (images.cpu() + 1) / 2, labels.cpu()
    shares = torch.tensor(list(_SHARES.values()))
    drawn = torch.multinomial(shares, count, replacement=True, generator=generator)
    made = torch.zeros(count, 1, SIDE, SIDE)
    for number, kind in enumerate(_SHARES):
        where = (drawn == number).nonzero()[:, 0]
        if len(where):
            weights = _SOURCES.get(kind, _ANY)[labels] + 1e-9
            chosen = torch.multinomial(weights, len(where), replacement=True, generator=generator)
            made[where] = kind(ink[chosen], labels[chosen], generator)
    return (made.clamp(0, 1) * 2 - 1).to(images.device)


def neighbours(ink: torch.Tensor, labels: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Two or three digits side by side, or two rows, in one crop."""
    count = len(ink)

    def uniform(low: float, high: float) -> torch.Tensor:
        return low + (high - low) * torch.rand(count, generator=generator)

    three, stacked = uniform(0, 1) < 0.25, uniform(0, 1) < 0.12
    gap = uniform(-1.0, 2.0)
    height, whole = uniform(10, 20), uniform(15, 22)
    size = torch.where(three, (whole - 2 * gap) / 3, (whole - gap) / 2)
    top, left = (SIDE - height) / 2, (SIDE - whole) / 2
    made = torch.zeros_like(ink)
    for place in range(3):
        digit = ink[torch.randperm(count, generator=generator)]
        start = left + place * (size + gap)
        shaky = uniform(-1, 1)
        box = torch.stack((start, top + shaky, start + size, top + height + shaky), 1)
        part = _fitted(digit, boxes(digit), box)
        made = torch.maximum(made, part * ((place < 2) | three).view(-1, 1, 1, 1))
    above = ink[torch.randperm(count, generator=generator)]
    middle, wide = uniform(12, 15), uniform(4, 8)
    upper = torch.stack((14 - wide, middle - 10, 14 + wide, middle - 1), 1)
    lower = torch.stack((14 - wide, middle + 1.5, 14 + wide, middle + 11), 1)
    rows = torch.maximum(_fitted(ink, boxes(ink), upper), _fitted(above, boxes(above), lower))
    return torch.where(stacked.view(-1, 1, 1, 1), rows, made)


def parts(ink: torch.Tensor, labels: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """The left, right, upper or lower half of a digit, as large as a digit."""
    count = len(ink)
    side = torch.multinomial(_PARTS[labels] + 1e-9, 1, generator=generator)[:, 0]
    share = 0.35 + 0.2 * torch.rand(count, generator=generator)
    left, top, right, bottom = (edge.float() for edge in boxes(ink))
    cut_x, cut_y = share * (right - left), share * (bottom - top)
    right = torch.where(side == 0, left + cut_x, right)
    left = torch.where(side == 1, right - cut_x, left)
    bottom = torch.where(side == 2, top + cut_y, bottom)
    top = torch.where(side == 3, bottom - cut_y, top)
    scale = 20 / torch.maximum(right - left, bottom - top).clamp(min=6)
    half_width, half_height = (right - left) * scale / 2, (bottom - top) * scale / 2
    box = torch.stack((14 - half_width, 14 - half_height, 14 + half_width, 14 + half_height), 1)
    return _fitted(ink, (left, top, right, bottom), box)


def shuffled(ink: torch.Tensor, labels: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Quarters of four digits, each at another place than it had."""
    count = len(ink)
    quarters = ink.view(count, 2, 14, 2, 14).permute(0, 1, 3, 2, 4).reshape(count, 4, 14, 14)
    turns = torch.tensor([[1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0], [1, 2, 3, 0]])
    order = turns[torch.randint(0, len(turns), (count,), generator=generator)]
    mixed = torch.stack([quarters[torch.arange(count).roll(k), order[:, k]] for k in range(4)], 1)
    return mixed.view(count, 2, 2, 14, 14).permute(0, 1, 3, 2, 4).reshape(count, 1, SIDE, SIDE)


def on_the_side(
    ink: torch.Tensor, labels: torch.Tensor, generator: torch.Generator
) -> torch.Tensor:
    """Digits turned by a quarter to the left or to the right."""
    to_left = torch.rand(len(ink), 1, 1, 1, generator=generator) < 0.5
    return torch.where(to_left, ink.rot90(1, (2, 3)), ink.rot90(-1, (2, 3)))


def letters(ink: torch.Tensor, labels: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Letters, signs and what is joined of their strokes."""
    return signs(len(ink), generator)[:, None]


def scribbles(ink: torch.Tensor, labels: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """A pen that wanders: six to ten strokes, each where the one before ended."""
    count = len(ink)
    points = 4 + 20 * torch.rand(count, 11, 2, generator=generator)
    strokes = torch.stack((points[:, :-1], points[:, 1:]), 2)
    used = torch.randint(6, 11, (count, 1), generator=generator)
    strokes[torch.arange(10) >= used] = torch.nan
    return draw(strokes, 1.2 + 1.8 * torch.rand(count, generator=generator))[:, None]


def dirt(ink: torch.Tensor, labels: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Blots, dots, textures, noise and nothing at all."""
    count = len(ink)
    coarse = torch.randint(3, 9, (1,), generator=generator).item()
    rough = torch.randn(count, 1, int(coarse), int(coarse), generator=generator)
    smooth = F.interpolate(rough, size=SIDE, mode="bicubic", align_corners=False)
    rim = torch.linspace(-1, 1, SIDE).square()
    vignette = 2.5 * (rim.view(1, 1, 1, -1) + rim.view(1, 1, -1, 1))
    texture = torch.sigmoid(6 * smooth)
    blot = torch.sigmoid(6 * (smooth + 1 - vignette))
    noise = torch.rand(ink.shape, generator=generator)
    dots = (noise > 0.985).float()
    fine = noise.pow(torch.exp(torch.randn(count, 1, 1, 1, generator=generator)))
    kinds = torch.stack((blot, blot, texture, dots, fine, torch.zeros_like(ink)))
    return kinds[torch.randint(0, len(kinds), (count,), generator=generator), torch.arange(count)]


def contours(ink: torch.Tensor, labels: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """What a threshold makes of photographs: areas of a rough field, or lines around them."""
    count = len(ink)

    def uniform(low: float, high: float) -> torch.Tensor:
        return low + (high - low) * torch.rand(count, 1, 1, 1, generator=generator)

    field, roughness = torch.zeros(ink.shape), uniform(0.35, 0.9)
    for octave, side in enumerate((3, 5, 9, 17)):
        random = torch.randn(count, 1, side, side, generator=generator)
        smooth = F.interpolate(random, size=SIDE, mode="bicubic", align_corners=True)
        field += roughness**octave * smooth
    rim = torch.linspace(-1, 1, SIDE).square()
    vignette = torch.where(uniform(0, 1) < 0.6, 2.5, 0.0)
    field += uniform(-0.3, 1.0) - vignette * (rim.view(1, 1, 1, -1) + rim.view(1, 1, -1, 1))
    areas = torch.sigmoid(field * torch.exp(uniform(0.7, 3.0)))
    # Over the slope, so that a line is as wide as a stroke wherever it runs.
    down, across = torch.gradient(field, dim=(2, 3))
    distance = field.abs() / (down.square() + across.square() + 0.01).sqrt()
    lines = (uniform(1.2, 2.2) - distance).clamp(0, 1)
    # A line that closes within the frame may be a 0.
    return torch.where((vignette == 0) & (uniform(0, 1) < 0.6), lines, areas)


def _fitted(
    ink: torch.Tensor, source: tuple[torch.Tensor, ...], target: torch.Tensor
) -> torch.Tensor:
    """The part of each image in `source` (left, top, right, bottom), stretched into `target`."""
    left, top, right, bottom = (edge.float().view(-1, 1) for edge in source)
    start_x, start_y, end_x, end_y = target[:, :, None].unbind(1)
    middles = torch.arange(SIDE) + 0.5
    x = (middles - start_x) / (end_x - start_x).clamp(min=1)
    y = (middles - start_y) / (end_y - start_y).clamp(min=1)
    inside = ((y > 0) & (y < 1))[:, :, None] & ((x > 0) & (x < 1))[:, None]
    x, y = left + x * (right - left), top + y * (bottom - top)
    shape = (len(ink), SIDE, SIDE)
    grid = torch.stack((x[:, None].expand(shape), y[:, :, None].expand(shape)), -1)
    return F.grid_sample(ink, grid * PIXEL - 1, align_corners=False) * inside[:, None]


_ANY = torch.ones(10)
_SHARES: dict[Kind, float] = {
    neighbours: 0.27,
    parts: 0.13,
    shuffled: 0.08,
    on_the_side: 0.04,
    letters: 0.32,
    scribbles: 0.08,
    dirt: 0.07,
    contours: 0.12,
}
# Which digits a kind is made from, where not all will do.
_SOURCES: dict[Kind, torch.Tensor] = {parts: _PARTS.amax(1), on_the_side: _NONE_ON_ITS_SIDE}
