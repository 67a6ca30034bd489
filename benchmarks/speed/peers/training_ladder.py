"""One rung of the ladder: a training step of the CNN with the first so many of the steps below.

Argument: how many. Prints the seconds of a pass of 60,000 images in batches of 128, by steps alone.
"""

import json
import sys
import time

import torch
from torch import nn

from inkdigits.networks import build
from inkdigits.processors import keep_freed_memory, usable_processors
from inkdigits.training.optimizers import make_optimizer
from inkdigits.training.recipes import recipe_for

STEPS = (
    "layers as the chapter has them",
    "channels last",
    "pooling before ReLU",
    "optimiser in one kernel",
    "optimiser without torch's Python",
    "freed memory is kept",
    "minimal filtering and matrix products",
)
BATCH, IMAGES = 128, 60_000


def main(rung):
    """Measure the rung."""
    torch.set_num_threads(usable_processors())
    torch.manual_seed(0)
    if rung >= STEPS.index("freed memory is kept"):
        keep_freed_memory()
    network = build("cnn").train()
    layers = network.layers
    if rung < STEPS.index("pooling before ReLU"):
        for at in (1, 5):
            layers[at], layers[at + 1] = layers[at + 1], layers[at]
    pixels, labels = torch.randn(BATCH, 1, 28, 28), torch.randint(0, 10, (BATCH,))
    if rung >= STEPS.index("channels last"):
        network.to(memory_format=torch.channels_last)
        pixels = pixels.contiguous(memory_format=torch.channels_last)
    forward = network if rung >= len(STEPS) - 1 else layers
    change, forget = optimizer(network, rung)
    times = []
    for number in range(50):
        start = time.perf_counter()
        forget()
        nn.functional.cross_entropy(forward(pixels), labels).backward()
        change()
        if number >= 10:
            times.append(time.perf_counter() - start)
    print(json.dumps({"pass_seconds": sorted(times)[len(times) // 2] * IMAGES / BATCH}))


def optimizer(network, rung):
    """The functions that change parameters and forget gradients."""
    if rung >= STEPS.index("optimiser without torch's Python"):
        own = make_optimizer(network, recipe_for("cnn", "chapter"))
        own.learning_rate = 0.001
        return own.step, own.clear_gradients
    fused = rung >= STEPS.index("optimiser in one kernel")
    torchs = torch.optim.Adam(network.parameters(), lr=0.001, fused=fused)
    return torchs.step, torchs.zero_grad


if __name__ == "__main__":
    main(int(sys.argv[1]))
