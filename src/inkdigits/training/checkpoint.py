"""Checkpoints: everything that the next pass depends on, in one safetensors file.

Weights, averaged weights and the optimizer's moments are tensors; the passes done so far are JSON
in the header. Order, augmentation and dropout need no saving: each pass draws them from generators
that are seeded by the run's seed and the pass's number.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import nn

from inkdigits.errors import InputError
from inkdigits.files import write_whole
from inkdigits.training.events import PassDone
from inkdigits.training.optimizers import Memory, Optimizer

Tensors = dict[str, torch.Tensor]


@dataclass
class State:
    """What training changes.

    Attributes:
        network: with its weights and buffers.
        optimizer: with its moments.
        averaged: the moving average of weights and buffers by name; empty without averaging.
        passes: the passes done.
    """

    network: nn.Module
    optimizer: Optimizer
    averaged: Tensors
    passes: list[PassDone]


def save_checkpoint(path: Path, state: State) -> None:
    """Write the state whole.

    Raises:
        StorageError: it can't be written.
    """
    tensors = {f"network/{name}": tensor for name, tensor in state.network.state_dict().items()}
    tensors |= {f"averaged/{name}": tensor for name, tensor in state.averaged.items()}
    for place, memory in state.optimizer.memory.items():
        tensors |= {f"optimizer/{place}/{name}": value for name, value in memory.items()}
    passes = [asdict(done) | {"model": done.model.name} for done in state.passes]
    header = {"passes": json.dumps(passes)}
    contiguous = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    write_whole(path, save(contiguous, header))


def load_checkpoint(path: Path, state: State) -> None:
    """Bring the state to where the checkpoint was written.

    Raises:
        InputError: the file is damaged or of another network.
    """
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata()
            tensors: Tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        state.network.load_state_dict(_under("network/", tensors))
        for name, tensor in _under("averaged/", tensors).items():
            state.averaged[name].copy_(tensor)
        state.optimizer.restore(_memory_in(tensors))
        state.passes[:] = [
            PassDone(**values | {"model": path.parent / values["model"]})
            for values in json.loads(header["passes"])
        ]
    except (SafetensorError, OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise InputError(
            f"the checkpoint {path} is damaged or of another network; start a new run"
        ) from error


def _memory_in(tensors: Tensors) -> dict[int, Memory]:
    memory: dict[int, Memory] = {}
    for name, value in _under("optimizer/", tensors).items():
        place, key = name.split("/")
        memory.setdefault(int(place), {})[key] = value
    return memory


def _under(prefix: str, tensors: Tensors) -> Tensors:
    return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
