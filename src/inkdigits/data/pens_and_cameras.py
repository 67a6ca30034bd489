"""What pens, scanners and cameras do to a digit: its strokes' width, resolution, grey and noise.

Images are float32 [n, 1, 28, 28] with ink 1 on background 0, whole batches at once; which image is
changed, and how far, is drawn from the given `torch.Generator`.

Width, binarisation and resolution are one thing here: an image is filtered along its rows and
columns by a matrix (a blur, or a reduction to fewer pixels), cut at a level (a low level thickens
strokes, a high one thins them; a steep cut is a binarisation), and filtered back by another matrix
(the enlargement).
"""

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it

from inkdigits.data.deformation import SIDE

_BLURS = (0.6, 0.8, 1.0, 1.3)  # pixels
_RESOLUTIONS = (13, 14, 16, 18, 20, 22)  # pixels across the image in place of 28


def change_strokes(
    ink: torch.Tensor, chosen: torch.Tensor, generator: torch.Generator
) -> torch.Tensor:
    """Other strokes: thinner, thicker, binarised, of a lower resolution, out of focus.

    Args:
        ink: float32 [n, 1, 28, 28] in [0, 1].
        chosen: bool [n]: which images are changed.
        generator: on the CPU.
    """
    count, device = len(ink), ink.device

    def uniform(low: float, high: float) -> torch.Tensor:
        return (low + (high - low) * torch.rand(count, 1, 1, generator=generator)).to(device)

    which = torch.randint(1, len(_FIRST), (count,), generator=generator).to(device) * chosen
    first, second = _FIRST.to(device)[which], _SECOND.to(device)[which]
    filtered = first @ ink[:, 0] @ first.transpose(1, 2)
    # The typical ink of this image: a thin stroke that was blurred has less than a thick one.
    typical = filtered.square().sum((1, 2), True) / filtered.sum((1, 2), True).clamp(min=1e-6)
    level = uniform(0.4, 0.9) * typical
    steepness = torch.exp(uniform(2.0, 4.5))  # 7 is a soft edge, 90 a binarisation
    cut = torch.sigmoid((filtered - level) * steepness) - torch.sigmoid(-level * steepness)
    cut = (cut / cut.amax((1, 2), True).clamp(min=1e-3)).clamp(0, 1)
    is_cut = chosen.view(count, 1, 1) & (uniform(0, 1) < 0.8)
    result = second @ torch.where(is_cut, cut, filtered) @ second.transpose(1, 2)
    return torch.where(chosen.view(count, 1, 1), result, ink[:, 0]).clamp(0, 1)[:, None]


def change_greys(
    ink: torch.Tensor, chosen: torch.Tensor, generator: torch.Generator
) -> torch.Tensor:
    """Other greys: gamma, pale ink, a grey ground, noise, specks, each for some of the chosen."""
    count, device = len(ink), ink.device

    def sometimes(share: float, low: float, high: float, otherwise: float) -> torch.Tensor:
        drawn = torch.rand(2, count, 1, 1, 1, generator=generator).to(device)
        taken = (drawn[0] < share) & chosen.view(count, 1, 1, 1)
        return torch.where(taken, low + (high - low) * drawn[1], otherwise)

    gamma = torch.exp(sometimes(0.4, -0.7, 0.7, 0.0))
    strength = sometimes(0.2, 0.55, 1.0, 1.0)
    ground = sometimes(0.1, 0.0, 0.15, 0.0)
    noise = sometimes(0.25, 0.0, 0.15, 0.0)
    specks = sometimes(0.08, 0.0, 0.02, 0.0)
    result = ink.clamp(min=1e-6) ** gamma * strength
    result = ground + (1 - ground) * result
    result = result + noise * torch.randn(ink.shape, generator=generator).to(device)
    speckled = torch.rand(ink.shape, generator=generator).to(device) < specks
    return torch.where(speckled, 1 - result, result).clamp(0, 1)


def _filters() -> tuple[torch.Tensor, torch.Tensor]:
    """The matrices [k, 28, 28] before and after the cut; the first pair changes nothing."""
    same = torch.eye(SIDE)
    first, second = [same], [same]
    for sigma in _BLURS:
        first.append(_blur(sigma))
        second.append(same)
    for pixels in _RESOLUTIONS:
        for enlargement in ("linear", "linear", "nearest"):  # smooth is commoner
            first.append(F.pad(_resampling(SIDE, pixels, "area"), (0, 0, 0, SIDE - pixels)))
            second.append(F.pad(_resampling(pixels, SIDE, enlargement), (0, SIDE - pixels)))
    return torch.stack(first), torch.stack(second)


def _blur(sigma: float) -> torch.Tensor:
    along = torch.arange(SIDE, dtype=torch.float32)
    weights = torch.exp(-0.5 * ((along - along[:, None]) / sigma) ** 2)
    return weights / weights.sum(1).max()


def _resampling(before: int, after: int, mode: str) -> torch.Tensor:
    """The matrix [after, before] that brings `before` pixels to `after`."""
    each = torch.eye(before)[:, None]
    if mode == "linear":
        pixels = F.interpolate(each, size=after, mode=mode, align_corners=False)
    else:
        pixels = F.interpolate(each, size=after, mode=mode)
    return pixels[:, 0].T.contiguous()


_FIRST, _SECOND = _filters()
