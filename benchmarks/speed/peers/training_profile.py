"""A training step of our CNN: seconds for a pass of 60,000 images, and where they go.

Argument: the batch size. Only steps are timed: no validation, no saving.
"""

import json
import sys
import time

import torch

from inkdigits.networks import build
from inkdigits.processors import keep_freed_memory, usable_processors
from inkdigits.training.optimizers import make_optimizer
from inkdigits.training.recipes import recipe_for

batch, images = int(sys.argv[1]), 60_000
keep_freed_memory()
torch.set_num_threads(usable_processors())
torch.manual_seed(0)
network = build("cnn").train()
optimizer = make_optimizer(network, recipe_for("cnn", "chapter"))
optimizer.learning_rate = 0.001
pixels, labels = torch.randn(batch, 1, 28, 28), torch.randint(0, 10, (batch,))


def step():
    optimizer.clear_gradients()
    torch.nn.functional.cross_entropy(network(pixels), labels).backward()
    optimizer.step()


def kind(name):
    """What an operation of torch is for."""
    if name in ("aten::mm", "aten::bmm", "aten::addmm"):
        return "matrix products"
    if "conv" in name:
        return "convolutions"
    if "pool" in name or name in ("aten::maximum", "aten::threshold_backward", "aten::sub"):
        return "pooling and ReLU"
    if "copy" in name or "fill" in name or "zero" in name:
        return "copies and fills"
    if "adam" in name:
        return "optimiser"
    return "everything else"


for _ in range(10):
    step()
times = []
for _ in range(60):
    start = time.perf_counter()
    step()
    times.append(time.perf_counter() - start)
with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profile:
    for _ in range(20):
        step()
spent = {}
for event in profile.key_averages():
    name = kind(event.key)
    spent[name] = spent.get(name, 0) + event.self_cpu_time_total
total = sum(spent.values())
shares = {n: round(s / total, 3) for n, s in sorted(spent.items(), key=lambda item: -item[1])}
median = sorted(times)[len(times) // 2]
print(json.dumps({"pass_seconds": median * images / batch, "shares": shares}))
