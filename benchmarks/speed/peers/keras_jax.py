"""Training in Keras 3 on JAX: compile and fit, as its MNIST example does."""

import os
import sys
import time

os.environ["KERAS_BACKEND"] = "jax"

import keras
from keras import layers
from mnist_files import load, report

folder, passes, saved = sys.argv[1], int(sys.argv[2]), sys.argv[3]
keras.utils.set_random_seed(1)
train_images, train_labels, test_images, test_labels = load(folder)


def scaled(images):
    return images[..., None].astype("float32") / 255


class PassTimes(keras.callbacks.Callback):
    seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.start)


model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(20, 5, activation="relu"),
        layers.MaxPooling2D(),
        layers.BatchNormalization(),
        layers.Conv2D(50, 5, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(
    optimizer=keras.optimizers.Adam(0.001),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
times = PassTimes()
model.fit(
    scaled(train_images), train_labels, batch_size=64, epochs=passes, verbose=0, callbacks=[times]
)
_, accuracy = model.evaluate(scaled(test_images), test_labels, batch_size=1000, verbose=0)
model.save(saved + ".keras")
report(times.seconds, accuracy)
