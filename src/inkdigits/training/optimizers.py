"""The optimiser that a recipe names, as one call of torch's fused kernel for a group and step.

`torch.optim` calls the same kernels, to the same bits. It is not used since making one loads
torch's compiler, which takes as long as loading torch itself, and since each of its steps spends
four times as long in Python, which a small network notices.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from inkdigits.errors import UsageError
from inkdigits.training.recipes import Recipe

_MOMENTUM = 0.9
_BETAS, _EPSILON = (0.9, 0.999), 1e-8

# What an optimiser remembers of a parameter, by name.
Memory = dict[str, torch.Tensor]
# Changes parameters by their gradients and memories, with a rate and a weight decay.
Kernel = Callable[[list[torch.Tensor], list[torch.Tensor], list[Memory], float, float], None]


@dataclass(frozen=True)
class Group:
    """Parameters with the same weight decay; `first` is the place of the first among all."""

    parameters: list[nn.Parameter]
    weight_decay: float
    first: int


class Optimizer:
    """Changes a network's parameters by their gradients.

    Attributes:
        learning_rate: of the next step.
        memory: what is remembered of each parameter, by its place; empty before the first step.
    """

    def __init__(
        self, kernel: Kernel, names: tuple[str, ...], groups: list[Group], learning_rate: float
    ) -> None:
        self.learning_rate = learning_rate
        self.memory: dict[int, Memory] = {}
        self._kernel, self._names, self._groups = kernel, names, groups

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
                    memories.append(self.memory.get(place) or self._begin(place, parameter))
            if parameters:
                self._kernel(
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
                    own = self._begin(place, parameter)
                    for name, values in own.items():  # keeps the order of values in memory
                        values.copy_(memory[place][name])

    def _begin(self, place: int, parameter: nn.Parameter) -> Memory:
        self.memory[place] = {
            name: torch.zeros((), device=parameter.device)
            if name == "step"
            else torch.zeros_like(parameter, requires_grad=False)
            for name in self._names
        }
        return self.memory[place]


def make_optimizer(network: nn.Module, recipe: Recipe) -> Optimizer:
    """The optimiser for a network's parameters.

    `adam` is Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019); `sgd`
    is stochastic gradient descent with Nesterov's momentum of 0.9. Weights decay; biases and the
    scales of normalisation, which have one dimension, do not.

    Raises:
        UsageError: there is no such optimiser.
    """
    if recipe.optimizer not in OPTIMIZERS:
        choices = ", ".join(OPTIMIZERS)
        raise UsageError(f"there is no optimizer '{recipe.optimizer}'; choose {choices}")
    kernel, names = OPTIMIZERS[recipe.optimizer]
    parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
    weights = [parameter for parameter in parameters if parameter.ndim > 1]
    others = [parameter for parameter in parameters if parameter.ndim <= 1]
    groups = [Group(weights, recipe.weight_decay, 0), Group(others, 0.0, len(weights))]
    return Optimizer(kernel, names, groups, recipe.learning_rate)


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


# Names of what is remembered are those of `torch.optim`, which checkpoints have.
OPTIMIZERS: dict[str, tuple[Kernel, tuple[str, ...]]] = {
    "adam": (_adam, ("step", "exp_avg", "exp_avg_sq")),
    "sgd": (_sgd, ("momentum_buffer",)),
}
