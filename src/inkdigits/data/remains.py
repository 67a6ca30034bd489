"""What a crop from a real page has besides its digit, and what it lacks of it, for batches.

Edges of neighbouring digits, remains of ruled lines and boxes, and gaps where a line was taken away
or a pen skipped. Images are float32 [n, 1, 28, 28] with ink 1 on background 0. Each function takes
a batch of images that are all changed, so that nothing is computed for those that are not.
"""

import math

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it

from inkdigits.data.deformation import SIDE, boxes


def with_neighbours(
    ink: torch.Tensor, others: torch.Tensor, generator: torch.Generator
) -> torch.Tensor:
    """Beside each digit, up to 5 pixels of another one, at any of the four sides."""
    count, device = len(ink), ink.device
    left, top, right, bottom = boxes(others)
    depth = torch.randint(1, 6, (count,), generator=generator).to(device)
    side = torch.randint(0, 6, (count,), generator=generator).to(device)  # above, below rarer
    along = torch.randint(-5, 6, (count,), generator=generator).to(device)
    move_right = torch.where(side < 2, SIDE - depth - left, torch.where(side < 4, depth - right, 0))
    move_down = torch.where(
        side == 4, SIDE - depth - top, torch.where(side == 5, depth - bottom, 0)
    )
    move_right = torch.where(side < 4, move_right, along)
    move_down = torch.where(side < 4, along, move_down)
    return torch.maximum(ink, moved(others, move_right, move_down))


def moved(ink: torch.Tensor, right: torch.Tensor, down: torch.Tensor) -> torch.Tensor:
    """Each image moved by whole pixels, int64 [n] from -28 to 28; what leaves the frame is lost."""
    places = F.pad(ink[:, 0], (SIDE,) * 4).unfold(1, SIDE, 1).unfold(2, SIDE, 1)
    return places[torch.arange(len(ink), device=ink.device), SIDE - down, SIDE - right][:, None]


def with_lines(ink: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """A piece of a line over or under or beside each digit, seldom through it."""
    count, device = len(ink), ink.device

    def uniform(low: float, high: float) -> torch.Tensor:
        return (low + (high - low) * torch.rand(count, 1, 1, generator=generator)).to(device)

    near_edge = uniform(0.5, 6.0)
    place = torch.where(uniform(0, 1) < 0.5, near_edge, SIDE - 1 - near_edge)
    place = torch.where(uniform(0, 1) < 0.15, uniform(6.0, SIDE - 7.0), place)
    pixels = torch.arange(SIDE, dtype=torch.float32, device=device)
    along, across = pixels.view(1, 1, SIDE), pixels.view(1, SIDE, 1)
    distance = (across - place - uniform(-0.06, 0.06) * (along - SIDE / 2)).abs()
    line = (uniform(0.9, 1.7) - distance).clamp(0, 1) * uniform(0.3, 1.0)
    start = uniform(-20, 20)
    line = line * ((along >= start) & (along < start + uniform(10, 50)))
    line = torch.where(uniform(0, 1) < 0.6, line, line.transpose(1, 2))
    return torch.maximum(ink, line[:, None])


def with_gaps(ink: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """A strip of one to two pixels in any direction is taken out of each digit."""
    count, device = len(ink), ink.device

    def uniform(low: float, high: float) -> torch.Tensor:
        return (low + (high - low) * torch.rand(count, 1, 1, generator=generator)).to(device)

    pixels = torch.arange(SIDE, dtype=torch.float32, device=device) - (SIDE - 1) / 2
    angle = uniform(0, math.pi)
    place = torch.cos(angle) * pixels.view(1, 1, SIDE) + torch.sin(angle) * pixels.view(1, SIDE, 1)
    strip = (uniform(0.8, 1.6) - (place - uniform(-8, 8)).abs()).clamp(0, 1)
    return ink * (1 - strip * uniform(0.4, 1.0))[:, None]
