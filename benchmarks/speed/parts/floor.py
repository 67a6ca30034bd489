"""The floor: what the arithmetic of a CNN pass takes at least on this processor; a profile."""

from benchmarks.speed.comparing import Record
from benchmarks.speed.parts import Part
from benchmarks.speed.setting import PEERS, Setting, our_script
from benchmarks.speed.tables import Column, inner, seconds

# Multiplications and additions of a training pass over 60,000 images, forwards and twice back, as
# the two convolutions and the last layer are written down.
MULTIPLIES = 24 * 24 * 20 * 25 + 8 * 8 * 50 * 500 + 800 * 10
GFLOP = 60_000 * 3 * 2 * MULTIPLIES / 1e9


def measure(setting: Setting) -> list[Record]:
    """The fastest matrix products of NumPy's and torch's libraries, and our step's profile."""
    contestants = [
        our_script([str(PEERS / "products.py"), library], name, setting=setting, group="floor")
        for library, name in (
            ("numpy", "a pass as NumPy's matrix products (OpenBLAS)"),
            ("torch", "a pass as PyTorch's matrix products"),
        )
    ]
    contestants += [
        our_script(
            [str(PEERS / "training_profile.py"), str(batch)],
            f"a pass of inkdigits, batches of {batch}",
            setting=setting,
            group="where the time of a training step goes",
        )
        for batch in (64, 128)
    ]
    records = setting.compare(contestants, setting.rounds(3, 1))
    for record in records:
        if "gflop_a_second" in record.inner:
            rates = record.inner["gflop_a_second"]
            record.inner["pass_seconds"] = [GFLOP / rate for rate in rates]
        elif "pass_seconds" in record.inner:
            times = record.inner["pass_seconds"]
            record.inner["gflop_a_second"] = [GFLOP / time for time in times]
    return records


PART = Part(
    "The floor of a CNN pass (60,000 images) and the distance to it",
    measure,
    (
        Column("a pass", inner("pass_seconds"), seconds),
        Column("GFLOP/s", inner("gflop_a_second"), lambda value: f"{value:.0f}"),
    ),
    f"A pass is {GFLOP:.0f} GFLOP as the layers are written, which is what GFLOP/s counts; minimal "
    "filtering does with fewer.",
)
