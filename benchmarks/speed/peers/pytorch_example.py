"""Training in the style of PyTorch's MNIST example: Dataset, transforms, DataLoader."""

import sys
import time

import numpy as np
import torch
from mnist_files import load, report
from PIL import Image
from pytorch_networks import cnn
from torch import nn
from torch.utils.data import DataLoader, Dataset

folder, passes, saved = sys.argv[1], int(sys.argv[2]), sys.argv[3]


class Mnist(Dataset):
    def __init__(self, images, labels):
        self.images, self.labels = images, labels

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = Image.fromarray(self.images[index])
        pixels = torch.from_numpy(np.array(image)).unsqueeze(0).float().div(255)
        return pixels.sub(0.1307).div(0.3081), int(self.labels[index])


def test(model, loader):
    model.eval()
    right = 0
    with torch.no_grad():
        for data, target in loader:
            right += model(data).argmax(1).eq(target).sum().item()
    return right / len(loader.dataset)


torch.manual_seed(1)
train_images, train_labels, test_images, test_labels = load(folder)
train_loader = DataLoader(Mnist(train_images, train_labels), batch_size=64, shuffle=True)
test_loader = DataLoader(Mnist(test_images, test_labels), batch_size=1000)
model = cnn()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
times = []
for _ in range(passes):
    start = time.perf_counter()
    model.train()
    for batch, (data, target) in enumerate(train_loader):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(data), target)
        loss.backward()
        optimizer.step()
        if batch % 100 == 0:
            print(f"Cost {loss.item():.4f}", file=sys.stderr)
    times.append(time.perf_counter() - start)
    accuracy = test(model, test_loader)
torch.save(model.state_dict(), saved)
report(times, accuracy)
