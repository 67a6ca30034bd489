"""The registry: a network is one file in this folder that decorates its class with `@register`.

A network is a `torch.nn.Module` that maps images, float32 [n, 1, 28, 28] in [-1, 1] (ink +1,
background -1), to logits, float32 [n, 10].
"""

import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TypeVar

from torch import nn

from inkdigits.errors import UsageError

NetworkClass = TypeVar("NetworkClass", bound=type[nn.Module])


@dataclass(frozen=True)
class Entry:
    """A registered network: its command-line name, its class and other names for it."""

    name: str
    network: type[nn.Module]
    aliases: tuple[str, ...]


_entries: dict[str, Entry] = {}


def register(name: str, *aliases: str) -> Callable[[NetworkClass], NetworkClass]:
    """Enter a network class under its command-line name (and other names for it)."""

    def enter(network: NetworkClass) -> NetworkClass:
        _entries[name] = Entry(name, network, aliases)
        return network

    return enter


def names() -> list[str]:
    """The command-line names of all networks."""
    _load_all()
    return sorted(_entries)


def find(name: str) -> Entry:
    """The entry of a network by its name or an alias of it; `_` and `-` are the same.

    Raises:
        UsageError: there is no such network.
    """
    _load_all()
    wanted = name.replace("_", "-")
    for entry in _entries.values():
        if wanted in (entry.name, *entry.aliases):
            return entry
    raise UsageError(f"there is no network '{name}'; the networks are {', '.join(names())}")


def build(name: str, **options: str | None) -> nn.Module:
    """A new network, its weights drawn from torch's global generator.

    Args:
        name: the network's name or an alias of it.
        options: the network's own, such as `activation="tanh"` or `pooling="average"`; one that is
            None is left at the network's default.

    Raises:
        UsageError: there is no such network, or it has no such option or value.
    """
    entry = find(name)
    given = {option: value for option, value in options.items() if value is not None}
    known = [p.name for p in inspect.signature(entry.network).parameters.values()]
    for option in given:
        if option not in known:
            has = f"its options are {', '.join(known)}" if known else "it has no options"
            raise UsageError(f"the network {entry.name} has no option '{option}'; {has}")
    return entry.network(**given)


def _load_all() -> None:
    package = import_module("inkdigits.networks")
    for module in pkgutil.iter_modules(package.__path__):
        import_module(f"inkdigits.networks.{module.name}")
