"""Adds to an answer what the network saw of each digit: 28x28 bytes, ink 255 on 0, in base64."""

import base64
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt


def add_crops(answer: dict[str, Any], crops: Iterable[npt.NDArray[np.uint8]]) -> dict[str, Any]:
    """The answer of a reading with `crop` in each of its digits; `crops` stand in their order."""
    digits = [
        {**digit, "crop": base64.b64encode(crop.tobytes()).decode()}
        for digit, crop in zip(answer["digits"], crops, strict=False)
    ]
    return {**answer, "digits": digits}
