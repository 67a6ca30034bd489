"""Damaged test images: how the bundled models read MNIST under noise, blur, turns, lines, JPEG.

    python -m benchmarks.damage              every bundled model; a few minutes on one core
    python -m benchmarks.damage cnn best     these, whether bundled or files

The suite follows MNIST-C (Mu & Gilmer 2019, "MNIST-C: a robustness benchmark for computer vision"):
each damage is done to all 10,000 test images with one seed, and is no part of any training recipe's
choice. The mean over all kinds of damage is printed and kept in benchmarks/results/damage.json.
"""

import argparse
import json
import statistics
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from inkdigits.data import mnist
from inkdigits.inference import Recognizer, bundled_names

RESULTS = Path(__file__).parent / "results" / "damage.json"
SEED, SIDE, MIDDLE = 0, 28, 13.5

Image = np.ndarray  # uint8 [28, 28], ink 255 on 0
Damage = Callable[[Image, np.random.Generator], Image]


def _noise(image: Image, rng: np.random.Generator) -> Image:
    return _clipped(image + rng.normal(0, 0.2 * 255, image.shape))


def _specks(image: Image, rng: np.random.Generator) -> Image:
    return np.where(rng.random(image.shape) < 0.05, rng.choice([0, 255], image.shape), image)


def _blur(image: Image, rng: np.random.Generator) -> Image:
    return cv2.GaussianBlur(image, (0, 0), rng.uniform(1.0, 1.5))


def _motion(image: Image, rng: np.random.Generator) -> Image:
    kernel = np.zeros((5, 5), np.float32)
    kernel[2] = 0.2
    turn = cv2.getRotationMatrix2D((2, 2), rng.uniform(0, 180), 1)
    kernel = cv2.warpAffine(kernel, turn, (5, 5))
    return cv2.filter2D(image, -1, kernel / kernel.sum())


def _turned(image: Image, rng: np.random.Generator) -> Image:
    turn = cv2.getRotationMatrix2D((MIDDLE, MIDDLE), rng.uniform(-15, 15), 1)
    return cv2.warpAffine(image, turn, (SIDE, SIDE))


def _sheared(image: Image, rng: np.random.Generator) -> Image:
    return _mapped(image, [[1, rng.uniform(-0.3, 0.3)], [0, 1]])


def _scaled(image: Image, rng: np.random.Generator) -> Image:
    return _mapped(image, np.diag(rng.uniform(0.75, 1.2, 2)))


def _moved(image: Image, rng: np.random.Generator) -> Image:
    right, down = rng.uniform(-3, 3, 2)
    return cv2.warpAffine(image, np.float32([[1, 0, right], [0, 1, down]]), (SIDE, SIDE))


def _lined(image: Image, rng: np.random.Generator) -> Image:
    left, right = rng.uniform(2, SIDE - 3, 2)
    drawn = image.copy()
    start, end = (0, round(left)), (SIDE - 1, round(right))
    return cv2.line(drawn, start, end, int(rng.integers(120, 256)), 1, cv2.LINE_AA)


def _compressed(image: Image, rng: np.random.Generator) -> Image:
    quality = int(rng.integers(5, 16))
    _, content = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(content, cv2.IMREAD_GRAYSCALE)


def _coarse(image: Image, rng: np.random.Generator) -> Image:
    small = cv2.resize(image, (14, 14), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)


def _pale(image: Image, rng: np.random.Generator) -> Image:
    return _clipped(image * rng.uniform(0.4, 0.7) + rng.uniform(0, 50))


def _covered(image: Image, rng: np.random.Generator) -> Image:
    covered = image.copy()
    row, column = rng.integers(4, 19, 2)
    covered[row : row + 5, column : column + 5] = 0
    return covered


def _mapped(image: Image, matrix: np.ndarray) -> Image:
    """The image under a linear map that leaves its middle where it is."""
    matrix = np.asarray(matrix, np.float64)
    moved = np.array([MIDDLE, MIDDLE]) - matrix @ np.array([MIDDLE, MIDDLE])
    return cv2.warpAffine(image, np.column_stack((matrix, moved)), (SIDE, SIDE))


def _clipped(values: np.ndarray) -> Image:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


DAMAGES: dict[str, Damage] = {
    "noise": _noise,
    "specks": _specks,
    "blur": _blur,
    "motion blur": _motion,
    "turned by up to 15 degrees": _turned,
    "sheared": _sheared,
    "scaled": _scaled,
    "moved": _moved,
    "lines": _lined,
    "JPEG": _compressed,
    "low resolution": _coarse,
    "pale": _pale,
    "partly covered": _covered,
}


def damaged(images: np.ndarray, kind: str) -> np.ndarray:
    """The images, uint8 [n, 28, 28], each damaged in its own way; the same on every call."""
    rng = np.random.default_rng([SEED, list(DAMAGES).index(kind)])
    return np.stack([DAMAGES[kind](image, rng) for image in images]).astype(np.uint8)


def main() -> None:
    """Measure models, print a table, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", default=bundled_names())
    arguments = parser.parse_args()
    test = mnist().test
    suites = {"none": test.images} | {kind: damaged(test.images, kind) for kind in DAMAGES}
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"models": {}}
    for name in arguments.models:
        recognizer = Recognizer.load(name)
        accuracy = {
            kind: float((recognizer.classify(images).argmax(1) == test.labels).mean())
            for kind, images in suites.items()
        }
        mean = statistics.mean(accuracy[kind] for kind in DAMAGES)
        results["models"][name] = {"mean": mean, "accuracy": accuracy}
        print(name, f"undamaged {accuracy['none']:.2%}, mean of all damages {mean:.2%}", flush=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    print("\n" + table(results["models"]))


def table(models: dict) -> str:
    """Models beside each other, in Markdown."""
    lines = ["| damage | " + " | ".join(models) + " |", "|---" * (1 + len(models)) + "|"]
    for kind in ("none", *DAMAGES):
        figures = [f"{model['accuracy'][kind]:.2%}" for model in models.values()]
        lines.append(f"| {kind} | " + " | ".join(figures) + " |")
    means = [f"{model['mean']:.2%}" for model in models.values()]
    return "\n".join([*lines, "| **mean of all damages** | " + " | ".join(means) + " |"])


if __name__ == "__main__":
    main()
