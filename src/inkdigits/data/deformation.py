"""Changes of a digit's shape: slant, turn, squeeze, size, place and a smooth bending, for batches.

Images are float32 [n, 1, 28, 28] with ink 1 on background 0. Whatever the shape becomes, it is
brought back to the size and the place that it had, as MNIST was made (LeCun et al. 1998: the longer
side 20 pixels, the centre of mass in the middle), and only then made a little larger or smaller and
moved. So what the network sees are other people's shapes in MNIST's form, not MNIST's shapes in
other forms. All randomness comes from the given `torch.Generator`.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it

SIDE = 28
PIXEL = 2 / SIDE  # one pixel in grid_sample's coordinates, in which an image reaches from -1 to 1
_INK = 0.25  # from here on a pixel counts as ink
_KNOTS = 5
_WIDEST = 2.2  # by how much a narrow digit is stretched at most


@dataclass(frozen=True)
class Shape:
    """How far shapes are changed; each image draws its own values, evenly between -x and x.

    Attributes:
        turn: degrees.
        slant: pixels to the side for each pixel down.
        squeeze: logarithm of the ratio by which width over height changes.
        size: logarithm of the final enlargement or reduction.
        move: pixels in each direction.
        bend: pixels, the standard deviation of the displacement of each of 5x5 knots.
    """

    turn: float
    slant: float
    squeeze: float
    size: float
    move: float
    bend: float


GENTLE = Shape(turn=8, slant=0.12, squeeze=0.1, size=0.06, move=1.0, bend=0.45)
STRONG = Shape(turn=18, slant=0.55, squeeze=0.45, size=0.2, move=2.5, bend=1.1)


def deform(
    ink: torch.Tensor, wildness: torch.Tensor, filling: torch.Tensor, generator: torch.Generator
) -> torch.Tensor:
    """The images with other shapes.

    Args:
        ink: float32 [n, 1, 28, 28] in [0, 1].
        wildness: float32 [n] in [0, 1]: 0 changes a shape as `GENTLE` says, 1 as `STRONG`.
        filling: float32 [n] in [0, 1]: how far the digit is stretched towards a square box, as in
            sets whose digits fill their frames.
        generator: on the CPU.
    """
    count, device = len(ink), ink.device
    wild = wildness.view(count, 1, 1)

    def within(field: str) -> torch.Tensor:
        gentle, strong = getattr(GENTLE, field), getattr(STRONG, field)
        drawn = torch.rand(count, 1, 1, generator=generator).to(device) * 2 - 1
        changed: torch.Tensor = drawn * (gentle + (strong - gentle) * wild)
        return changed

    width, height = _sides(*_extent(ink))
    stretch = (height / width).clamp(1 / _WIDEST, _WIDEST).log() * filling.view(count, 1, 1)
    ratio = torch.exp((within("squeeze") + stretch) / 2)
    angle, slant = within("turn") * (math.pi / 180), within("slant")
    cosine, sine = torch.cos(angle), torch.sin(angle)
    # Forward, from the old shape to the new one: squeeze, then slant, then turn.
    a, b = cosine * ratio, (cosine * slant - sine) / ratio
    c, d = sine * ratio, (sine * slant + cosine) / ratio
    scale = _scale_back(ink, a, b, c, d, torch.maximum(width, height)) * torch.exp(within("size"))
    middle_x, middle_y = _centre_of_mass(ink)
    across = ((torch.arange(SIDE, device=device) + 0.5) * PIXEL - 1).view(1, 1, SIDE)
    x = (across - middle_x - within("move") * PIXEL) / scale
    y = (across.view(1, SIDE, 1) - middle_y - within("move") * PIXEL) / scale
    determinant = a * d - b * c
    knots = torch.randn(2, count, _KNOTS, _KNOTS, generator=generator).to(device)
    amplitude = (GENTLE.bend + (STRONG.bend - GENTLE.bend) * wild) * PIXEL
    cubic = _CUBIC.to(device)
    bend = cubic @ (knots * amplitude) @ cubic.T
    grid = torch.stack(
        (
            (d * x - b * y) / determinant + middle_x + bend[0],
            (a * y - c * x) / determinant + middle_y + bend[1],
        ),
        dim=-1,
    )
    return F.grid_sample(ink, grid, align_corners=False)


def boxes(ink: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Left, top, right and bottom of the ink in pixels, int64 [n] each; a blank image is all ink.

    Right and bottom are the first column and row behind the ink.
    """
    has_ink = ink[:, 0] > _INK
    has_ink = has_ink | ~has_ink.flatten(1).any(1).view(-1, 1, 1)
    columns, rows = has_ink.any(1).byte(), has_ink.any(2).byte()
    return (
        columns.argmax(1),
        rows.argmax(1),
        SIDE - columns.flip(1).argmax(1),
        SIDE - rows.flip(1).argmax(1),
    )


def _extent(ink: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    left, top, right, bottom = boxes(ink)
    return left.float(), top.float(), right.float(), bottom.float()


def _sides(
    left: torch.Tensor, top: torch.Tensor, right: torch.Tensor, bottom: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    return (right - left).view(-1, 1, 1), (bottom - top).view(-1, 1, 1)


def _scale_back(
    ink: torch.Tensor,
    a: torch.Tensor,
    b: torch.Tensor,
    c: torch.Tensor,
    d: torch.Tensor,
    longest: torch.Tensor,
) -> torch.Tensor:
    """By what to enlarge the new shape, so that its longer side is as long as it was: [n, 1, 1]."""
    along = torch.arange(SIDE, device=ink.device, dtype=torch.float32)
    x, y = along.view(1, 1, SIDE), along.view(1, SIDE, 1)
    blank = ink[:, 0] <= _INK

    def length(places: torch.Tensor) -> torch.Tensor:
        last = places.masked_fill(blank, -1e4).amax((1, 2))
        first = places.masked_fill(blank, 1e4).amin((1, 2))
        return (last - first + 1).clamp(min=1)

    now = torch.maximum(length(a * x + b * y), length(c * x + d * y)).view(-1, 1, 1)
    return (longest / now).clamp(0.4, 2.5)


def _centre_of_mass(ink: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """In grid_sample's coordinates, [n, 1, 1] each; the middle where there is no ink."""
    along = (torch.arange(SIDE, device=ink.device) + 0.5) * PIXEL - 1
    mass = ink[:, 0].sum((1, 2)).clamp(min=1e-6)
    x = (ink[:, 0].sum(1) * along).sum(1) / mass
    y = (ink[:, 0].sum(2) * along).sum(1) / mass
    return x.view(-1, 1, 1), y.view(-1, 1, 1)


def _cubic_interpolation() -> torch.Tensor:
    """The matrix [28, knots] that interpolates values at evenly spaced knots cubically."""
    each = torch.eye(_KNOTS).view(_KNOTS, 1, _KNOTS, 1)
    pixels = F.interpolate(each, size=(SIDE, 1), mode="bicubic", align_corners=True)
    return pixels.view(_KNOTS, SIDE).T.contiguous()


_CUBIC = _cubic_interpolation()
