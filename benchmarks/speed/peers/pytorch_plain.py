"""The best plain PyTorch: all data in one tensor, batches by index, channels last, fused Adam.

Arguments: folder, passes, file to save, network, `constant` (Adam 0.001, batches of 64) or
`one-cycle` (to 0.006, batches of 128, pooling before ReLU), seed.
"""

import sys
import time

import torch
from mnist_files import load, report
from pytorch_networks import NETWORKS
from torch import nn

folder, passes, saved, name, schedule, seed = sys.argv[1:7]
torch.manual_seed(int(seed))
train_images, train_labels, test_images, test_labels = (torch.tensor(a) for a in load(folder))


def scaled(images):
    pixels = images[:, None].float().div_(127.5).sub_(1)
    return pixels.contiguous(memory_format=torch.channels_last)


model = NETWORKS[name]()
fast = schedule == "one-cycle"
if fast and name == "cnn":  # the same function: the largest value stays the largest under ReLU
    for at in (1, 5):
        model[at], model[at + 1] = model[at + 1], model[at]
model = model.to(memory_format=torch.channels_last)
size = 128 if fast else 64
steps = int(passes) * -(-len(train_images) // size)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.001, weight_decay=0, fused=True)
rate = torch.optim.lr_scheduler.OneCycleLR(
    optimizer, max_lr=0.006 if name == "cnn" else 0.003, total_steps=steps
)
times = []
for _ in range(int(passes)):
    start = time.perf_counter()
    model.train()
    for indices in torch.randperm(len(train_images)).split(size):
        optimizer.zero_grad()
        logits = model(scaled(train_images[indices]))
        nn.functional.cross_entropy(logits, train_labels[indices]).backward()
        if not fast:
            optimizer.param_groups[0]["lr"] = 0.001
        optimizer.step()
        rate.step()
    times.append(time.perf_counter() - start)
    model.eval()
    with torch.no_grad():
        outputs = torch.cat([model(scaled(part)) for part in test_images.split(1000)])
    accuracy = (outputs.argmax(1) == test_labels).float().mean().item()
torch.save(model.state_dict(), saved)
report(times, accuracy)
