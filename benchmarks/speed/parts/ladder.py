"""The ladder: what each step of the speed-up of the CNN's training gains, one upon the other."""

import ast

from benchmarks.speed.comparing import Record
from benchmarks.speed.parts import Part
from benchmarks.speed.setting import PEERS, Setting, our_script
from benchmarks.speed.tables import Column, inner, seconds

_SCRIPT = PEERS / "training_ladder.py"


def measure(setting: Setting) -> list[Record]:
    """Each rung has what those above it in the table have, and its own step."""
    contestants = [
        our_script([str(_SCRIPT), str(rung)], step if rung == 0 else f"+ {step}", setting=setting)
        for rung, step in enumerate(steps())
    ]
    return setting.compare(contestants, setting.rounds(3, 1))


def steps() -> tuple[str, ...]:
    """The steps as the script that measures them lists them; it can't be imported without torch."""
    for node in ast.parse(_SCRIPT.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "STEPS":
            found: tuple[str, ...] = ast.literal_eval(node.value)
            return found
    raise AssertionError("training_ladder.py lists no STEPS")


PART = Part(
    "The ladder: a CNN pass of 60,000 images in batches of 128, training steps alone",
    measure,
    (Column("a pass", inner("pass_seconds"), seconds),),
)
