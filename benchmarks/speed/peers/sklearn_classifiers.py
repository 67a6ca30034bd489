"""Training in scikit-learn: softmax regression or the multilayer perceptron, five passes."""

import pickle
import sys
import time
import warnings
from pathlib import Path

from mnist_files import load, report
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

folder, saved, name = sys.argv[1:4]
train_images, train_labels, test_images, test_labels = load(folder)


def scaled(images):
    return images.reshape(-1, 784).astype("float32") / 255


if name == "mlp":
    model = MLPClassifier((200, 200), batch_size=64, max_iter=5, random_state=1)
else:
    model = LogisticRegression(max_iter=100)
start = time.perf_counter()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that it has not converged
    model.fit(scaled(train_images), train_labels)
seconds = time.perf_counter() - start
Path(saved).write_bytes(pickle.dumps(model))
report([seconds / 5] if name == "mlp" else [], model.score(scaled(test_images), test_labels))
