"""Start-up: from the command to one digit read, as whole processes."""

from pathlib import Path

from benchmarks.speed.comparing import Record
from benchmarks.speed.parts import Part
from benchmarks.speed.setting import Setting, our_script, ours, peer
from benchmarks.speed.tables import PEAK, PROCESSOR, WALL
from inkdigits.inference.bundled import bundled_model

PICTURE = Path(__file__).parents[3] / "examples" / "four-tiny.png"


def measure(setting: Setting) -> list[Record]:
    """One picture of 28 x 28 pixels; import and help beside it."""
    model, picture = str(bundled_model("cnn")), str(PICTURE)
    weights = str(setting.work / "weights.pt")
    name, small = "one digit read", "without reading"
    contestants = [
        ours(
            lambda _: ["read", "--single", "--json", "--model", "cnn", picture],
            "`inkdigits read --single`",
            setting=setting,
            group=name,
        ),
        ours(
            lambda _: ["read", "--single", "--json", picture],
            "`inkdigits read --single`, best model",
            setting=setting,
            group=name,
        ),
        peer(
            "onnxruntime",
            "onnxruntime_reader.py",
            lambda _: [model, picture],
            "ONNX Runtime, bare script",
            group=name,
        ),
        peer(
            "openvino",
            "openvino_reader.py",
            lambda _: [model, picture],
            "OpenVINO, bare script",
            group=name,
        ),
        peer(
            "pytorch",
            "pytorch_reader.py",
            lambda _: [weights, picture],
            "PyTorch, bare script",
            group=name,
            rounds=5,
        ),
        our_script(["-c", "pass"], "Python alone", setting=setting, group=small),
        our_script(["-c", "import inkdigits"], "`import inkdigits`", setting=setting, group=small),
        our_script(["-c", "import numpy"], "`import numpy`", setting=setting, group=small),
        ours(lambda _: ["--help"], "`inkdigits --help`", setting=setting, group=small),
    ]
    rounds = setting.rounds(20, 8)
    return setting.compare(contestants, rounds, warm_up=True)


PART = Part(
    "Start-up: one small picture, as a whole process",
    measure,
    (WALL, PROCESSOR, PEAK),
    "The bare scripts squeeze the picture to 28 x 28; inkdigits finds the ink and normalises it.",
)
