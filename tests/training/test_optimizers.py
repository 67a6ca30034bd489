"""Optimisers: the same bits as torch's own, without what torch loads for them."""

import subprocess
import sys

import pytest
import torch
from torch import nn

from inkdigits.networks import build
from inkdigits.training.optimizers import make_optimizer
from inkdigits.training.recipes import Recipe


def torchs_own(kind, groups):
    if kind == "sgd":
        return torch.optim.SGD(groups, lr=1.0, momentum=0.9, nesterov=True, fused=True)
    return torch.optim.AdamW(groups, lr=1.0, fused=True)


@pytest.mark.parametrize("kind", ["adam", "sgd"])
def test_steps_give_the_bits_that_torchs_own_optimizer_gives(kind):
    torch.manual_seed(0)
    ours = build("cnn").to(memory_format=torch.channels_last)
    theirs = build("cnn").to(memory_format=torch.channels_last)
    theirs.load_state_dict(ours.state_dict())
    optimizer = make_optimizer(ours, Recipe("x", optimizer=kind, weight_decay=0.01))
    weights = [p for p in theirs.parameters() if p.ndim > 1]
    others = [p for p in theirs.parameters() if p.ndim == 1]
    reference = torchs_own(
        kind,
        [{"params": weights, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}],
    )
    for step in range(4):
        images, labels = torch.randn(8, 1, 28, 28), torch.randint(0, 10, (8,))
        optimizer.learning_rate = 0.001 * (step + 1)
        for group in reference.param_groups:
            group["lr"] = optimizer.learning_rate
        for network in (ours, theirs):
            nn.functional.cross_entropy(network(images), labels).backward()
        optimizer.step()
        optimizer.clear_gradients()
        reference.step()
        reference.zero_grad()
    for name, value in ours.state_dict().items():
        assert torch.equal(value, theirs.state_dict()[name]), name


def test_muon_moves_a_matrix_by_an_orthogonal_one_and_the_rest_as_adam_does():
    torch.manual_seed(0)
    networks = {kind: build("cnn") for kind in ("muon", "adam")}
    networks["adam"].load_state_dict(networks["muon"].state_dict())
    before = {name: value.clone() for name, value in networks["muon"].state_dict().items()}
    images, labels = torch.randn(64, 1, 28, 28), torch.randint(0, 10, (64,))
    for kind, network in networks.items():
        optimizer = make_optimizer(network, Recipe("x", optimizer=kind))
        optimizer.learning_rate = 0.01
        nn.functional.cross_entropy(network(images), labels).backward()
        optimizer.step()
    matrices = 0
    for name, value in networks["muon"].named_parameters():
        if value.ndim != 4:
            assert torch.equal(value, networks["adam"].state_dict()[name]), name
            continue
        change = (value.detach() - before[name]).flatten(1)
        scale = 0.1 * max(change.shape) ** 0.5
        singular = torch.linalg.svdvals(change / (0.01 * scale))
        assert singular.min() > 0.4
        assert singular.max() < 1.4
        matrices += 1
    assert matrices == 2


def test_a_parameter_without_gradient_stays_as_it_is():
    network = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 1))
    before = network[1].weight.clone()
    optimizer = make_optimizer(network, Recipe("x"))
    optimizer.learning_rate = 0.1
    network[0](torch.ones(1, 3)).sum().backward()
    optimizer.step()
    assert torch.equal(network[1].weight, before)
    assert sorted(optimizer.memory) == [0, 2]


def test_training_does_not_load_torchs_compiler():
    program = (
        "import sys; from inkdigits.networks import build; import inkdigits.training; "
        "from inkdigits.training.optimizers import make_optimizer; "
        "from inkdigits.training.recipes import Recipe; "
        "optimizer = make_optimizer(build('mlp'), Recipe('x')); optimizer.step(); "
        "sys.exit('torch._dynamo' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
