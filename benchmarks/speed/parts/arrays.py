"""Ready arrays: one digit through the Python API, and many at once, on all processors."""

from benchmarks.speed.comparing import Contestant, Record
from benchmarks.speed.parts import Part
from benchmarks.speed.setting import PEERS, Setting, our_script, peer
from benchmarks.speed.tables import PEAK, Column, a_second, inner, microseconds
from inkdigits.inference.bundled import bundled_model, bundled_names

# How many images are classified at once; more where a network is quick.
_IMAGES = {"cnn": 8192, "mlp": 65536, "softmax-regression": 65536}
_IMAGES_OF_OTHERS = 2048


def measure(setting: Setting) -> list[Record]:
    """Each bundled network in each engine that has it."""
    names = [name for name in bundled_names() if name != "softmax-regression"]
    if setting.quick:
        names = [name for name in names if name != "mlp"]
    contestants = [c for name in names for c in _of_network(name, setting)]
    return setting.compare(contestants, setting.rounds(3, 1))


def _of_network(name: str, setting: Setting) -> list[Contestant]:
    model, count = str(bundled_model(name)), str(_IMAGES.get(name, _IMAGES_OF_OTHERS))
    contestants = [
        our_script(
            [str(PEERS / "inkdigits_arrays.py"), name, count],
            "inkdigits, `Recognizer.classify`",
            setting=setting,
            group=name,
        ),
        peer(
            "onnxruntime",
            "onnxruntime_arrays.py",
            lambda _: [model, count],
            "ONNX Runtime",
            group=name,
        ),
        peer("openvino", "openvino_arrays.py", lambda _: [model, count], "OpenVINO", group=name),
    ]
    if name in _IMAGES:
        contestants.append(
            peer("pytorch", "pytorch_arrays.py", lambda _: [name, count], "PyTorch", group=name)
        )
    return contestants


PART = Part(
    "Ready arrays of 28 x 28, by network",
    measure,
    (
        Column("one digit, warm", inner("digit"), microseconds),
        Column("images a second, best batch", inner("a_second"), a_second),
        PEAK,
    ),
    "inkdigits takes bytes and scales them; the others get floats that are scaled already.",
)
