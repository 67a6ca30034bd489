"""Layers that several networks are made of: activations and poolings by name, convolutions."""

from torch import nn

from inkdigits.errors import UsageError

ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}
POOLINGS: dict[str, type[nn.Module]] = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}


def activation_layer(name: str) -> nn.Module:
    """The activation of that name, one of `ACTIVATIONS`."""
    if name not in ACTIVATIONS:
        raise UsageError(f"there is no activation '{name}'; choose {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]()


def pooling_layer(name: str) -> nn.Module:
    """Pooling over 2x2 windows with stride 2, of that name, one of `POOLINGS`."""
    if name not in POOLINGS:
        raise UsageError(f"there is no pooling '{name}'; choose {', '.join(POOLINGS)}")
    return POOLINGS[name](2)


def normalised_convolution(
    before: int, after: int, size: int, *, stride: int = 1, padding: int = 0, groups: int = 1
) -> tuple[nn.Module, ...]:
    """A convolution from so many channels to so many, batch normalisation, ReLU."""
    return (
        nn.Conv2d(before, after, size, stride, padding, groups=groups, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(inplace=True),
    )
