"""Training in PaddlePaddle, the chapter's own library, as its guide writes a loop."""

import sys
import time

import paddle
from mnist_files import load, report
from paddle import nn
from paddle.io import DataLoader, TensorDataset

folder, passes, saved = sys.argv[1], int(sys.argv[2]), sys.argv[3]
paddle.seed(1)
train_images, train_labels, test_images, test_labels = load(folder)


def scaled(images):
    return paddle.to_tensor(images[:, None].astype("float32") / 127.5 - 1)


train_set = TensorDataset([scaled(train_images), paddle.to_tensor(train_labels)])
model = nn.Sequential(
    nn.Conv2D(1, 20, 5),
    nn.ReLU(),
    nn.MaxPool2D(2),
    nn.BatchNorm2D(20),
    nn.Conv2D(20, 50, 5),
    nn.ReLU(),
    nn.MaxPool2D(2),
    nn.Flatten(),
    nn.Linear(800, 10),
)
optimizer = paddle.optimizer.Adam(0.001, parameters=model.parameters())
cost = nn.CrossEntropyLoss()
times = []
for _ in range(passes):
    start = time.perf_counter()
    model.train()
    for images, labels in DataLoader(train_set, batch_size=64, shuffle=True):
        loss = cost(model(images), labels)
        loss.backward()
        optimizer.step()
        optimizer.clear_grad()
    times.append(time.perf_counter() - start)
    model.eval()
    right = 0
    with paddle.no_grad():
        for at in range(0, len(test_images), 1000):
            found = model(scaled(test_images[at : at + 1000])).numpy().argmax(1)
            right += int((found == test_labels[at : at + 1000]).sum())
paddle.save(model.state_dict(), saved)
report(times, right / len(test_images))
