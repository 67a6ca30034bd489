"""The chapter's networks in PyTorch, as its tutorials write them."""

from torch import nn


def cnn():
    """33,620 parameters."""
    return nn.Sequential(
        nn.Conv2d(1, 20, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.BatchNorm2d(20),
        nn.Conv2d(20, 50, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(800, 10),
    )


def mlp():
    """199,210 parameters."""
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 200),
        nn.ReLU(),
        nn.Linear(200, 200),
        nn.ReLU(),
        nn.Linear(200, 10),
    )


def softmax():
    """7,850 parameters."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


NETWORKS = {"cnn": cnn, "mlp": mlp, "softmax-regression": softmax}
