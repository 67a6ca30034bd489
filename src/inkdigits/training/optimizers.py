import torch


def make_optimizer(network, recipe):
    return torch.optim.Adam(network.parameters(), lr=recipe.learning_rate, fused=True)
