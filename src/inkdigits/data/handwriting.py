"""The strong augmentation: from MNIST's digits to anybody's, as real pictures give them.

`handwriting(images, labels, generator)` gives some digits the strokes that other hands add to them
(`ways_of_writing`), changes the shape of every image (`deformation`), most of them a little and
some of them much, and does to a part of them what pens, scanners, cameras and pages do: other
strokes and resolutions, other greys (`pens_and_cameras`), remains of neighbours and lines, gaps
(`remains`). About a third of the images keep MNIST's own strokes and greys, so that MNIST itself is
not forgotten.

Images are float32 [n, 1, 28, 28] in [-1, 1], ink +1 on background -1. All randomness comes from the
given `torch.Generator`; there is no Python per image.
"""

from collections.abc import Callable

import torch

from inkdigits.data.deformation import deform
from inkdigits.data.pens_and_cameras import change_greys, change_strokes
from inkdigits.data.remains import with_gaps, with_lines, with_neighbours
from inkdigits.data.ways_of_writing import other_hands

# Which share of the images each change is made to.
FILLING = 0.20
STROKES = 0.45
GREYS = 0.35
NEIGHBOURS = 0.10
LINES = 0.07
GAPS = 0.06


def handwriting(
    images: torch.Tensor, labels: torch.Tensor, generator: torch.Generator
) -> torch.Tensor:
    """A changed copy of each image: float32 [n, 1, 28, 28] in [-1, 1]; labels int64 [n]."""
    count, device = len(images), images.device
    ink = (images + 1) / 2
    drawn = torch.rand(3, count, generator=generator).to(device)
    wildness = drawn[0].square()  # few are very wild
    filling = torch.where(drawn[1] < FILLING, drawn[2], 0.0)
    ink = other_hands(ink, labels, generator)
    ink = deform(ink, wildness, filling, generator).clamp(0, 1)

    def chosen(share: float) -> torch.Tensor:
        return (torch.rand(count, generator=generator) < share).to(device)

    gapped = chosen(GAPS)
    ink = _changed(ink, gapped, lambda part, _: with_gaps(part, generator))
    lined = chosen(LINES)
    ink = _changed(ink, lined, lambda part, _: with_lines(part, generator))
    beside = chosen(NEIGHBOURS)
    neighbours = ink.roll(1, 0)
    ink = _changed(
        ink, beside, lambda part, where: with_neighbours(part, neighbours[where], generator)
    )
    ink = change_strokes(ink, chosen(STROKES), generator)
    ink = change_greys(ink, chosen(GREYS), generator)
    return (ink * 2 - 1).contiguous(memory_format=torch.channels_last)


def _changed(
    ink: torch.Tensor,
    chosen: torch.Tensor,
    change: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
) -> torch.Tensor:
    """The batch with some of its images changed; `change` takes them and their indices."""
    where = chosen.nonzero()[:, 0]
    if not len(where):
        return ink
    return ink.index_copy(0, where, change(ink[where], where))
