"""Training: whole processes from the command to the model file, and the passes within."""

from collections.abc import Mapping
from typing import Any

from benchmarks.speed.comparing import Contestant, Record
from benchmarks.speed.parts import Part
from benchmarks.speed.setting import Setting, ours, peer
from benchmarks.speed.tables import PEAK, PROCESSOR, WALL, Column, inner, percent, seconds

# Groups, in the order of the tables.
TO_ACCURACY = "CNN until it reads the test set as well as the chapter's (99.20 %)"
FIVE = "CNN, five passes at a constant rate in batches of 64"
ONE = "CNN, the same for one pass"
MLP = "multilayer perceptron (the chapter: 97.66 %)"
SOFTMAX = "softmax regression (the chapter: 92.34 %)"

# A mean of five seeds is what an accuracy is said to be reached on.
_FAST = ("--recipe", "fast")


def measure(setting: Setting) -> list[Record]:
    """Everybody in turn; each of our rounds, and the plain peer's, has another seed."""
    contestants = [*_cnn(setting), *_small(setting)]
    return setting.compare(contestants, setting.rounds(5, 2))


def _train(
    setting: Setting, group: str, network: str, *options: str, rounds: int, least: int = 1
) -> Contestant:
    def arguments(number: int) -> list[str]:
        folder = setting.work / f"{group.split()[0]}-{options[1]}-{network}-{number}"
        given = ["--seed", str(number), "--out", str(folder), "--json", "--quiet"]
        return ["train", network, *options, *given]

    return ours(
        arguments,
        f"`inkdigits train {network} {' '.join(options)}`",
        setting=setting,
        group=group,
        rounds=rounds,
        least=least,
    )


def _plain(
    setting: Setting, group: str, network: str, schedule: str, passes: int, rounds: int
) -> Contestant:
    saved, data = str(setting.work / "plain.pt"), str(setting.data)
    return peer(
        "pytorch",
        "pytorch_plain.py",
        lambda number: [data, str(passes), saved, network, schedule, str(number)],
        f"PyTorch, best plain way, {schedule}, {passes} passes",
        group=group,
        rounds=rounds,
    )


def _cnn(setting: Setting) -> list[Contestant]:
    data, saved = str(setting.data), str(setting.work / "saved")
    some, once, seeds = setting.rounds(2, 1), 1, setting.rounds(5, 2)
    few = [
        _train(setting, TO_ACCURACY, "cnn", *_FAST, rounds=seeds, least=seeds),
        _plain(setting, TO_ACCURACY, "cnn", "one-cycle", 3, some),
        _train(setting, FIVE, "cnn", "--recipe", "chapter", rounds=some),
        _plain(setting, FIVE, "cnn", "constant", 5, once),
    ]
    slow = [
        ("pytorch", "pytorch_example.py", "PyTorch in the style of its MNIST example"),
        ("keras", "keras_jax.py", "Keras 3 on JAX"),
        ("paddle", "paddle_loop.py", "PaddlePaddle"),
    ]
    for home, script, name in slow:
        few.append(peer(home, script, lambda _: [data, "1", saved], name, group=ONE, rounds=once))
    return few


def _small(setting: Setting) -> list[Contestant]:
    data, saved = str(setting.data), str(setting.work / "saved")
    rounds, few = setting.rounds(5, 2), setting.rounds(2, 1)
    contestants = [
        _train(setting, MLP, "mlp", *_FAST, rounds=rounds, least=rounds),
        _plain(setting, MLP, "mlp", "one-cycle", 5, few),
        _train(setting, SOFTMAX, "softmax-regression", *_FAST, rounds=rounds, least=rounds),
    ]
    for network, group in (("mlp", MLP), ("softmax-regression", SOFTMAX)):
        contestants.append(
            peer(
                "scikit-learn",
                "sklearn_classifiers.py",
                lambda _, network=network: [data, saved, network],  # type: ignore[misc]
                "scikit-learn",
                group=group,
                rounds=few,
            )
        )
    return contestants


def pass_seconds(record: Mapping[str, Any]) -> list[float]:
    """The median pass of each run: ours tell of each pass with its validation and saving."""
    told = record["inner"]
    runs = told.get("pass_seconds") or [
        [done["seconds"] for done in passes] for passes in told.get("passes", [])
    ]
    return [sorted(run)[len(run) // 2] for run in runs if run]


PART = Part(
    "Training, from the command to the model file on disk",
    measure,
    (
        WALL,
        Column("a pass", pass_seconds, seconds),
        Column("test accuracy", inner("test_accuracy"), percent),
        PROCESSOR,
        PEAK,
    ),
    "Our passes see 55,000 images, validate on 5,000 and save; the peers' see 60,000 and do not.",
)
