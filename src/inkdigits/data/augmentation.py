"""Augmentation: random changes of training images that leave the digit what it is, for batches.

Images are float32 [n, 1, 28, 28] in [-1, 1], ink +1 on background -1, and stay so; the input is not
changed. All randomness comes from the given `torch.Generator`, so the same seed gives the same
images. Every image of a batch gets its own change, and there is no Python per image.

| name | each image is |
|---|---|
| `none` | left alone |
| `shift` | moved by -1, 0 or 1 pixel in each direction |
| `affine` | turned by up to 8 degrees, scaled by up to 8 % in each direction, slanted, moved |
| `elastic` | the same, and bent by a smooth random field (Simard et al. 2003, section 2) |
| `handwriting` | given any way of writing, shape, stroke, grey and surroundings of real pictures |
"""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it

from inkdigits.data.handwriting import handwriting
from inkdigits.errors import UsageError

# From images, labels int64 [n] and a generator.
Augmentation = Callable[[torch.Tensor, torch.Tensor, torch.Generator], torch.Tensor]

_SIDE = 28
_PIXEL = 2 / _SIDE  # one pixel in grid_sample's coordinates, in which an image reaches from -1 to 1


def augment(
    name: str, images: torch.Tensor, labels: torch.Tensor, generator: torch.Generator
) -> torch.Tensor:
    """A changed copy of each image by the augmentation of that name, one of `AUGMENTATIONS`.

    The labels, int64 [n], are for those that know what hands do to a certain digit.
    """
    return augmentation(name)(images, labels, generator)


def augmentation(name: str) -> Augmentation:
    """The augmentation of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in AUGMENTATIONS:
        choices = ", ".join(AUGMENTATIONS)
        raise UsageError(f"there is no augmentation '{name}'; choose {choices}")
    return AUGMENTATIONS[name]


def _none(images: torch.Tensor, _: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    return images


def _shift(images: torch.Tensor, _: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Move each image by -1, 0 or 1 pixel in each direction, without any interpolation."""
    count, device = len(images), images.device
    places = F.pad(images[:, 0], (1, 1, 1, 1), value=-1.0).unfold(1, _SIDE, 1).unfold(2, _SIDE, 1)
    down, right = torch.randint(0, 3, (2, count), generator=generator).to(device)
    return places[torch.arange(count, device=device), down, right].unsqueeze(1)


def _affine(images: torch.Tensor, _: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    return _resample(images, *_affine_coordinates(len(images), generator))


def _elastic(images: torch.Tensor, _: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """An affine change, then a displacement of about 0.6 pixels that bends over 7 pixels.

    Simard et al. blur a displacement for each pixel; here 5x5 random displacements are
    interpolated, which is as smooth and much cheaper.
    """
    horizontal, vertical = _affine_coordinates(len(images), generator)
    knots = torch.randn(2, len(images), 5, 5, generator=generator).mul_(0.6 * _PIXEL)
    bend = _CUBIC @ knots @ _CUBIC.T
    return _resample(images, horizontal + bend[0], vertical + bend[1])


def _affine_coordinates(
    count: int, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """For each pixel of each result, where in the source it comes from: two of [n, 28, 28]."""

    def uniform(largest: float) -> torch.Tensor:
        return (torch.rand(count, 1, 1, generator=generator) * 2 - 1) * largest

    angle, slant = uniform(math.radians(8)), uniform(0.1)
    wide, high = torch.exp(uniform(0.08)), torch.exp(uniform(0.08))
    right, down = uniform(_PIXEL), uniform(_PIXEL)
    cosine, sine = torch.cos(angle), torch.sin(angle)
    across = (torch.arange(_SIDE) + 0.5) * _PIXEL - 1
    horizontal, vertical = across.view(1, 1, _SIDE), across.view(1, _SIDE, 1)
    return (
        cosine * wide * horizontal + (cosine * slant - sine) * high * vertical + right,
        sine * wide * horizontal + (sine * slant + cosine) * high * vertical + down,
    )


def _resample(
    images: torch.Tensor, horizontal: torch.Tensor, vertical: torch.Tensor
) -> torch.Tensor:
    """The images read bilinearly at these coordinates; outside of an image is background."""
    grid = torch.stack((horizontal, vertical), dim=-1).to(images.device)
    # Zero is what lies outside for grid_sample, so background must be zero while it works.
    return F.grid_sample(images + 1, grid, align_corners=False).sub_(1).clamp_(-1, 1)


def _cubic_interpolation(knots: int) -> torch.Tensor:
    """The matrix [28, knots] that interpolates values at evenly spaced knots cubically."""
    each = torch.eye(knots).view(knots, 1, knots, 1)
    pixels = F.interpolate(each, size=(_SIDE, 1), mode="bicubic", align_corners=True)
    return pixels.view(knots, _SIDE).T.contiguous()


_CUBIC = _cubic_interpolation(5)

AUGMENTATIONS: dict[str, Augmentation] = {
    "none": _none,
    "shift": _shift,
    "affine": _affine,
    "elastic": _elastic,
    "handwriting": handwriting,
}
