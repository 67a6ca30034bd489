"""One pass over the training set, and the logits of any set: where the time goes.

The whole data set is one tensor in memory, a mini-batch is taken out of it by its indices, and
nothing in here works on single images.
"""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import nn

from inkdigits.data import Digits
from inkdigits.data.augmentation import augment
from inkdigits.data.clutter import NOT_A_DIGIT, clutter
from inkdigits.errors import TrainingError
from inkdigits.training.checkpoint import State
from inkdigits.training.events import StepDone
from inkdigits.training.recipes import Recipe
from inkdigits.training.schedule import learning_rate

_EVALUATION_BATCH = 1000


def images_tensor(digits: Digits, device: str) -> torch.Tensor:
    """Images as uint8 [n, 1, 28, 28] on a device: a quarter of their size as float32."""
    return torch.from_numpy(digits.images.copy())[:, None].to(device)


def labels_tensor(digits: Digits, device: str) -> torch.Tensor:
    """Labels as int64 [n] on a device."""
    return torch.from_numpy(digits.labels.astype("int64")).to(device)


def train_one_pass(
    state: State,
    images: torch.Tensor,
    labels: torch.Tensor,
    recipe: Recipe,
    *,
    pass_: int,
    seed: int,
    every: int,
    on_step: Callable[[StepDone], object],
) -> float:
    """Train on every image once, in an order drawn from the seed and the pass.

    Args:
        state: what is trained.
        images: uint8 [n, 1, 28, 28].
        labels: int64 [n].
        recipe: how.
        pass_: from 0.
        seed: of the run.
        every: steps between two calls of `on_step`.
        on_step: told the cost.

    Returns:
        The mean cost of the pass's images.

    Raises:
        TrainingError: the cost is no longer a number.
    """
    generator = torch.Generator().manual_seed(_seed_of(seed, pass_))
    torch.manual_seed(_seed_of(seed, pass_))  # for dropout, which knows no other generator
    order = torch.randperm(len(images), generator=generator)
    batches = order.to(images.device).split(recipe.batch_size)
    steps = len(batches) * recipe.passes
    state.network.train()
    total = torch.zeros((), device=images.device)
    for batch, indices in enumerate(batches):
        step = pass_ * len(batches) + batch
        rate = learning_rate(recipe, step, steps)
        state.optimizer.learning_rate = rate
        # Whole images are copied, which `images[indices]` does number by number.
        chosen = images.index_select(0, indices)
        pixels, targets = _with_clutter(
            to_input(chosen), labels.index_select(0, indices), recipe.clutter, generator
        )
        if step < (1 - recipe.plain) * steps:
            pixels = augment(recipe.augmentation, pixels, targets, generator)
        with autocast(recipe.precision, images.device.type):
            logits = state.network(pixels)
        cost = nn.functional.cross_entropy(
            logits.float(), targets, label_smoothing=recipe.label_smoothing
        )
        state.optimizer.clear_gradients()
        cost.backward()
        state.optimizer.step()
        _average(state, recipe.averaging, step)
        total += cost.detach() * len(indices)
        if batch % every == 0:
            value = cost.item()
            _check(value, pass_, batch, recipe)
            on_step(StepDone(pass_, batch, step, value, rate))
    mean = total.item() / len(images)
    _check(mean, pass_, len(batches) - 1, recipe)
    return mean


@torch.inference_mode()
def logits_of(network: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """Logits float32 [n, 10 or 11] on the CPU of images uint8 [n, 1, 28, 28], evaluating."""
    network.eval()
    parts = [network(to_input(part)).float().cpu() for part in images.split(_EVALUATION_BATCH)]
    return torch.cat(parts)


def to_input(images: torch.Tensor) -> torch.Tensor:
    """Pixels uint8 0 to 255 as what networks take: float32 -1 to 1, channels last."""
    scaled = images.float().mul_(1 / 127.5).sub_(1)
    return scaled.contiguous(memory_format=torch.channels_last)


def _with_clutter(
    pixels: torch.Tensor, labels: torch.Tensor, share: float, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """A mini-batch and, behind it, its share of images that are no digit, labelled so."""
    count = round(share * len(pixels))
    if not count:
        return pixels, labels
    more = clutter(pixels, labels, count, generator)
    mixed = torch.cat((pixels, more)).contiguous(memory_format=torch.channels_last)
    return mixed, torch.cat((labels, labels.new_full((count,), NOT_A_DIGIT)))


def autocast(precision: str, device: str) -> AbstractContextManager[object]:
    """Computes in the recipe's precision; `auto` takes bfloat16 where the hardware has it."""
    if precision == "auto":
        precision = "bfloat16" if _computes_in_bfloat16(device) else "float32"
    if precision == "bfloat16":
        return torch.autocast(device, torch.bfloat16)
    return nullcontext()


def _computes_in_bfloat16(device: str) -> bool:
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return bool(torch.cpu._is_avx512_bf16_supported())


def _average(state: State, decay: float, step: int) -> None:
    """Move the averaged weights and buffers towards the present ones.

    The decay starts low, so that the first steps are soon forgotten.
    """
    if not state.averaged:
        return
    weight = 1 - min(decay, (1 + step) / (10 + step))
    averages, values = [], []
    with torch.no_grad():
        for name, value in state.network.state_dict().items():
            if value.is_floating_point():
                averages.append(state.averaged[name])
                values.append(value)
            else:
                state.averaged[name].copy_(value)
        torch._foreach_lerp_(averages, values, weight)


def _check(cost: float, pass_: int, batch: int, recipe: Recipe) -> None:
    if not math.isfinite(cost):
        raise TrainingError(
            f"the cost is no longer a number in pass {pass_}, batch {batch}; try a learning rate "
            f"below {recipe.learning_rate:g} (the passes before are saved)"
        )


def _seed_of(seed: int, pass_: int) -> int:
    """One seed a pass: far apart, so that no two runs share a pass's order."""
    return seed * 1_000_003 + pass_
