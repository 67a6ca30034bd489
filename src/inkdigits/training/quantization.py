"""From a model file in float32 to one in int8: down to a quarter of the size, for small processors.

Static quantisation after training (Jacob et al. 2018, "Quantization and training of neural networks
for efficient integer-arithmetic-only inference", section 3): weights to int8, for each channel of a
convolution by a scale of its own, values between the layers to uint8 by scales that training images
give. Input, outputs, softmax and metadata stay what they were, so that the file is read as any
other. ONNX Runtime's own quantisation does the work.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from inkdigits.data import Digits, split_validation
from inkdigits.errors import UsageError
from inkdigits.inference import Recognizer
from inkdigits.inference.evaluation import Evaluation
from inkdigits.inference.images import scaled_for_model
from inkdigits.inference.model_file import INPUT
from inkdigits.training.export import with_metadata

_CALIBRATION = 500  # training images that the values between the layers are measured on
_BATCH = 100  # images that the values between the layers are measured on at once
_QUANTISED = ["Conv", "Gemm", "MatMul"]  # the rest takes no time to speak of


@dataclass(frozen=True)
class Quantized:
    """A model file in int8, and what the change cost.

    Attributes:
        model: the file's bytes.
        before, after: the file in float32 and this one, on the validation split of the former.
    """

    model: bytes
    before: Evaluation
    after: Evaluation


def quantize(model: bytes, name: str, train: Digits) -> Quantized:
    """A model file in int8, measured beside the one that it is made from.

    Args:
        model: a model file in float32.
        name: of it, for messages.
        train: what it was trained on, validation split included.

    Raises:
        ModelFileError: it is not a model file of ours.
        UsageError: it is in int8 already, was trained on other data or without a validation split.
    """
    before = Recognizer(model, name)
    said = before.metadata
    if "weights" in said.recipe:
        raise UsageError(f"{name} is in {said.recipe['weights']} already")
    if said.data["checksum"] != train.checksum():
        raise UsageError(f"{name} was trained on other data than {train.name}; give it that data")
    if not said.data["validation"]:
        raise UsageError(
            f"{name} was trained without a validation split, which int8 is measured on"
        )
    kept, validation = split_validation(train, said.data["validation"], said.seed)
    smaller = to_int8(model, kept.images[:_CALIBRATION])
    after = Recognizer(smaller, f"{name} in int8").evaluate(validation)
    measured = {"cost": after.cost, "accuracy": after.accuracy}
    recipe = said.recipe | {"weights": "int8"}
    # The test set's figures were those of the file in float32.
    metadata = replace(said, recipe=recipe, validation=measured, test=None)
    return Quantized(with_metadata(smaller, metadata), before.evaluate(validation), after)


def to_int8(model: bytes, images: npt.NDArray[np.uint8]) -> bytes:
    """The same network with weights and values of 8 bits.

    Args:
        model: a model file, in float32.
        images: uint8 [n, 28, 28], some hundred of the training images; not the test set's.

    Returns:
        A model file with the same metadata.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, prepared, result = (
            Path(folder) / name for name in ("source.onnx", "prepared.onnx", "result.onnx")
        )
        source.write_bytes(model)
        quant_pre_process(source, prepared, skip_symbolic_shape=True)
        quantize_static(
            prepared,
            result,
            _Batches(images),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            op_types_to_quantize=_QUANTISED,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            # 7 bits of 8: processors without VNNI add two products in 16 bits.
            reduce_range=True,
        )
        proto = onnx.load(result)
    proto.metadata_props.extend(onnx.load_from_string(model).metadata_props)
    content: bytes = proto.SerializeToString(deterministic=True)
    return content


class _Batches(CalibrationDataReader):  # type: ignore[misc]
    """Batches of images in the form that ONNX Runtime's calibration asks for."""

    def __init__(self, images: npt.NDArray[np.uint8]) -> None:
        self._batches: Iterator[npt.NDArray[np.uint8]] = iter(
            np.array_split(images, max(1, len(images) // _BATCH))
        )

    def get_next(self) -> dict[str, npt.NDArray[np.float32]] | None:
        """The next batch, or None."""
        batch = next(self._batches, None)
        return None if batch is None else {INPUT: scaled_for_model(batch)}
