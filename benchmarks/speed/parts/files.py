"""Files: thousands of small PNG pictures decoded, normalised, classified and written as JSON."""

from pathlib import Path

import cv2

from benchmarks.speed.comparing import Record
from benchmarks.speed.parts import Part
from benchmarks.speed.setting import Setting, ours, peer
from benchmarks.speed.tables import PEAK, PROCESSOR, WALL
from inkdigits.data.idx import read_idx
from inkdigits.inference.bundled import bundled_model

_COUNT = 10_000


def measure(setting: Setting) -> list[Record]:
    """MNIST's test images as dark ink on white, a file each."""
    folder = setting.work / "pictures"
    paths = _write(folder, setting.data)
    model = str(bundled_model("cnn"))

    def arguments(workers: int) -> list[str]:
        options = ["--single", "--json", "--model", "cnn", "--workers", str(workers)]
        return ["read", *options, *map(str, paths)]

    contestants = [
        ours(lambda _: arguments(2), "`inkdigits read --workers 2`", setting=setting),
        ours(
            lambda _: arguments(1),
            "`inkdigits read --workers 1`",
            setting=setting,
            rounds=setting.rounds(2, 1),
        ),
        peer(
            "onnxruntime",
            "onnxruntime_reader.py",
            lambda _: [model, str(folder)],
            "ONNX Runtime and Pillow, bare script, resized only",
        ),
    ]
    return setting.compare(contestants, setting.rounds(3, 1))


def _write(folder: Path, data: Path) -> list[Path]:
    images = read_idx(data / "t10k-images-idx3-ubyte")[:_COUNT]
    folder.mkdir()
    paths = [folder / f"{number:05}.png" for number in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        cv2.imwrite(str(path), 255 - image)
    return paths


PART = Part(
    "10,000 small PNG files, as a whole process",
    measure,
    (WALL, PROCESSOR, PEAK),
    "MNIST's test images, dark on white. The bare script neither finds ink nor normalises.",
)
