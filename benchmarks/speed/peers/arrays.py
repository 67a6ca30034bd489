"""How fast a function classifies: one digit at a time, and many at once. For the scripts beside."""

import json
import time

import numpy as np

_BATCHES = (64, 256, 1024)


def pixels(count):
    """Images uint8 [n, 28, 28] with about as much ink as MNIST has."""
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (count, 28, 28), np.uint8)
    return images * (generator.random((count, 28, 28)) < 0.2)


def scaled(images):
    """As networks take them: float32 [n, 1, 28, 28]."""
    return images[:, None].astype(np.float32) / 127.5 - 1


def measure(classify, images, batches=_BATCHES, seconds=1.5):
    """Print the median time of one image, and images a second with the best batch size.

    Args:
        classify: takes images, such as a slice of those given.
        images: ready for it.
        batches: sizes to try; None for all images in one call.
        seconds: for each of the measurements.
    """
    one, times = images[:1], []
    for _ in range(50):
        classify(one)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        classify(one)
        times.append(time.perf_counter() - start)
    best, size = 0.0, 0
    for batch in batches or (len(images),):
        rates, end = [], time.perf_counter() + seconds
        classify(images[:batch])
        while not rates or time.perf_counter() < end:
            start = time.perf_counter()
            for at in range(0, len(images), batch):
                classify(images[at : at + batch])
            rates.append(len(images) / (time.perf_counter() - start))
        if np.median(rates) > best:
            best, size = float(np.median(rates)), batch
    print(json.dumps({"digit": float(np.median(times)), "a_second": best, "batch": size}))
