"""The model file: what one is, and what its metadata says.

A model file is one ONNX file without external data. Its input `img` is float32 [n, 1, 28, 28] in
[-1, 1] (ink +1, background -1), its output `probabilities` is float32 [n, 10]: the softmax and the
calibrated temperature are inside. Where the network knows what is not a digit, a second output
`not_a_digit`, float32 [n] in [0, 1], is the probability that the image shows none; the ten
probabilities then hold for the case that it shows one. ONNX's metadata properties hold the fields
of `ModelMetadata`, strings as they are and everything else as JSON. Training writes model files and
inference reads them; this module is all that the two share.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from inkdigits.errors import ModelFileError

FORMAT = "inkdigits-1"
INPUT = "img"
OUTPUT = "probabilities"
NOT_A_DIGIT_OUTPUT = "not_a_digit"
LICENCE = "Apache-2.0"


@dataclass(frozen=True)
class ModelMetadata:
    """What a model file says of itself.

    Attributes:
        network: the network's name.
        parameters: how many parameters were trained.
        recipe: the recipe's fields; and `weights`, `int8`, where they were quantised afterwards.
        data: `name`, `origin`, `checksum` (SHA-256 of the training set) and the sizes `train`,
            `validation` and `test`.
        seed: of the split, the initial weights, the order and the augmentation.
        best_pass: the pass (from 0) that the file holds.
        temperature: by which the logits are divided before the softmax.
        validation: `cost` and `accuracy` on the validation split; None without one.
        test: `cost`, `accuracy` and `looks`, how often this run looked at the test set; None if
            it never did.
        versions: of inkdigits and the libraries that trained it.
        date: the day, as in 2026-11-24.
        licence: of the file.
        format: the version of this format.
    """

    network: str
    parameters: int
    recipe: dict[str, Any]
    data: dict[str, Any]
    seed: int
    best_pass: int
    temperature: float
    validation: dict[str, float] | None
    test: dict[str, float] | None
    versions: dict[str, str]
    date: str
    licence: str = LICENCE
    format: str = field(default=FORMAT)

    def to_properties(self) -> dict[str, str]:
        """As ONNX metadata properties."""
        return {
            name: value if isinstance(value, str) else json.dumps(value, sort_keys=True)
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_properties(cls, properties: Mapping[str, str], name: str) -> "ModelMetadata":
        """From ONNX metadata properties.

        Raises:
            ModelFileError: they are not those of a model file of ours.
        """
        if properties.get("format") != FORMAT:
            made = properties.get("format", "")
            raise ModelFileError(
                f"{name} has the format '{made}' and this version reads '{FORMAT}'; "
                "train it again or install the matching inkdigits"
                if made.startswith("inkdigits-")
                else f"{name} is not a model file of inkdigits; make one with `inkdigits train`"
            )
        try:
            values: dict[str, Any] = {
                known.name: properties[known.name]
                if known.type is str
                else json.loads(properties[known.name])
                for known in fields(cls)
            }
        except (KeyError, json.JSONDecodeError) as error:
            raise ModelFileError(
                f"{name}: its metadata is damaged ({error}); train it again"
            ) from error
        return cls(**values)
