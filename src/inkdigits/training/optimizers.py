"""The optimiser that a recipe names, as one call of torch's fused kernel for a group and step.

`torch.optim` calls the same kernels, to the same bits. It is not used since making one loads
torch's compiler, which takes as long as loading torch itself, and since each of its steps spends
four times as long in Python, which a small network notices.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import torch
from torch import nn

from inkdigits.errors import UsageError
from inkdigits.training.recipes import Recipe

_MOMENTUM = 0.9
_BETAS, _EPSILON = (0.9, 0.999), 1e-8
_MUON_MOMENTUM = 0.95
_MUON_SCALE = 0.1  # an entry of a matrix changes by about so much of the learning rate
# Of the odd polynomial of degree 5 that brings singular values near 1 in five rounds (Jordan 2024).
_NEWTON_SCHULZ, _ROUNDS = (3.4445, -4.7750, 2.0315), 5

# What an optimiser remembers of a parameter, by name.
Memory = dict[str, torch.Tensor]
# Changes parameters by their gradients and memories, with a rate and a weight decay.
Kernel = Callable[[list[torch.Tensor], list[torch.Tensor], list[Memory], float, float], None]


@dataclass(frozen=True)
class Rule:
    """How parameters are changed: by a kernel, which remembers values of these names."""

    kernel: Kernel
    names: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Parameters with one rule and weight decay; `first` is the place of the first among all."""

    parameters: list[nn.Parameter]
    rule: Rule
    weight_decay: float
    first: int


class Optimizer:
    """Changes a network's parameters by their gradients.

    Attributes:
        learning_rate: of the next step.
        memory: what is remembered of each parameter, by its place; empty before the first step.
    """

    def __init__(self, groups: list[Group], learning_rate: float) -> None:
        self.learning_rate = learning_rate
        self.memory: dict[int, Memory] = {}
        self._groups = groups

    def clear_gradients(self) -> None:
        """Forget the gradients of the step before."""
        for group in self._groups:
            for parameter in group.parameters:
                parameter.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Change each parameter that has a gradient."""
        for group in self._groups:
            parameters: list[torch.Tensor] = []
            gradients: list[torch.Tensor] = []
            memories: list[Memory] = []
            for place, parameter in enumerate(group.parameters, group.first):
                if parameter.grad is not None:
                    parameters.append(parameter)
                    gradients.append(parameter.grad)
                    memories.append(
                        self.memory.get(place) or self._begin(place, parameter, group.rule)
                    )
            if parameters:
                group.rule.kernel(
                    parameters, gradients, memories, self.learning_rate, group.weight_decay
                )

    def restore(self, memory: dict[int, Memory]) -> None:
        """Take up what was remembered in an earlier run.

        Raises:
            KeyError, RuntimeError: it is of another optimiser or network.
        """
        for group in self._groups:
            for place, parameter in enumerate(group.parameters, group.first):
                if place in memory:
                    own = self._begin(place, parameter, group.rule)
                    for name, values in own.items():  # keeps the order of values in memory
                        values.copy_(memory[place][name])

    def _begin(self, place: int, parameter: nn.Parameter, rule: Rule) -> Memory:
        self.memory[place] = {
            name: torch.zeros((), device=parameter.device)
            if name == "step"
            else torch.zeros_like(parameter, requires_grad=False)
            for name in rule.names
        }
        return self.memory[place]


def make_optimizer(network: nn.Module, recipe: Recipe) -> Optimizer:
    """The optimiser for a network's parameters.

    `adam` is Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019); `sgd`
    is stochastic gradient descent with Nesterov's momentum of 0.9; `muon` is Muon (Jordan 2024) for
    the matrices of all layers but the last, and `adam` for the rest. Weights decay; biases and the
    scales of normalisation, which have one dimension, do not.

    Raises:
        UsageError: there is no such optimiser.
    """
    if recipe.optimizer not in OPTIMIZERS:
        choices = ", ".join(OPTIMIZERS)
        raise UsageError(f"there is no optimizer '{recipe.optimizer}'; choose {choices}")
    hidden, rest = OPTIMIZERS[recipe.optimizer]
    parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
    weights = [parameter for parameter in parameters if parameter.ndim > 1]
    others = [parameter for parameter in parameters if parameter.ndim <= 1]
    last = max(0, len(weights) - 1)
    groups = [
        Group(weights[:last], hidden, recipe.weight_decay, 0),
        Group(weights[last:], rest, recipe.weight_decay, last),
        Group(others, rest, 0.0, len(weights)),
    ]
    return Optimizer(groups, recipe.learning_rate)


def _adam(
    parameters: list[torch.Tensor],
    gradients: list[torch.Tensor],
    memories: list[Memory],
    rate: float,
    weight_decay: float,
) -> None:
    steps = [memory["step"] for memory in memories]
    torch._foreach_add_(steps, 1)
    torch._fused_adamw_(
        parameters,
        gradients,
        [memory["exp_avg"] for memory in memories],
        [memory["exp_avg_sq"] for memory in memories],
        [],
        steps,
        lr=rate,
        beta1=_BETAS[0],
        beta2=_BETAS[1],
        weight_decay=weight_decay,
        eps=_EPSILON,
        amsgrad=False,
        maximize=False,
    )


def _sgd(
    parameters: list[torch.Tensor],
    gradients: list[torch.Tensor],
    memories: list[Memory],
    rate: float,
    weight_decay: float,
) -> None:
    torch._fused_sgd_(
        parameters,
        gradients,
        [memory["momentum_buffer"] for memory in memories],
        weight_decay=weight_decay,
        momentum=_MOMENTUM,
        lr=rate,
        dampening=0.0,
        nesterov=True,
        maximize=False,
        is_first_step=False,  # the buffer starts at 0, which comes to the same
    )


def _muon(
    parameters: list[torch.Tensor],
    gradients: list[torch.Tensor],
    memories: list[Memory],
    rate: float,
    weight_decay: float,
) -> None:
    """Each matrix moves by an orthogonal one, so that no direction of it is left behind.

    The scale that makes a step as long as one of Adam is that of Liu et al. 2025 ("Muon is scalable
    for LLM training", section 2.2) with half of their constant.
    """
    for parameter, gradient, memory in zip(parameters, gradients, memories, strict=True):
        momentum = memory["momentum_buffer"].lerp_(gradient, 1 - _MUON_MOMENTUM)
        change = _orthogonal(gradient.lerp(momentum, _MUON_MOMENTUM).flatten(1))
        parameter.mul_(1 - rate * weight_decay)
        scale = _MUON_SCALE * sqrt(max(change.shape))
        parameter.add_(change.view_as(parameter), alpha=-rate * scale)


def _orthogonal(matrix: torch.Tensor) -> torch.Tensor:
    """The nearest matrix, about, whose singular values are all 1 (they come to 0.7 to 1.2)."""
    is_wide = matrix.shape[0] <= matrix.shape[1]
    wide: torch.Tensor = matrix if is_wide else matrix.T
    wide = wide / (wide.norm() + 1e-7)
    a, b, c = _NEWTON_SCHULZ
    for _ in range(_ROUNDS):
        square = wide @ wide.T
        wide = a * wide + (b * square + c * square @ square) @ wide
    return wide if is_wide else wide.T


# Names of what is remembered are those of `torch.optim`, which checkpoints have.
_ADAM = Rule(_adam, ("step", "exp_avg", "exp_avg_sq"))
_SGD = Rule(_sgd, ("momentum_buffer",))
_MUON = Rule(_muon, ("momentum_buffer",))

# For each optimiser, the rule of the matrices before the last layer, and that of all the rest.
OPTIMIZERS: dict[str, tuple[Rule, Rule]] = {
    "adam": (_ADAM, _ADAM),
    "sgd": (_SGD, _SGD),
    "muon": (_MUON, _ADAM),
}
