"""From a network in torch to the bytes of a model file."""

import io
import warnings

import onnx
import torch
from torch import nn

from inkdigits.data.clutter import NOT_A_DIGIT
from inkdigits.errors import TrainingError
from inkdigits.inference.model_file import INPUT, NOT_A_DIGIT_OUTPUT, OUTPUT, ModelMetadata

_OPSET = 17  # of July 2022; every ONNX Runtime, OpenVINO and onnxruntime-web of today reads it


class _Deployed(nn.Module):
    """The network with the temperature and the softmax inside.

    Of eleven logits the first ten give the probabilities of the digits, given that there is one,
    and all of them that there is none.
    """

    def __init__(self, network: nn.Module, temperature: float) -> None:
        super().__init__()
        self.network = network
        self.temperature = temperature

    def forward(self, images: torch.Tensor) -> torch.Tensor | tuple[torch.Tensor, torch.Tensor]:
        logits = self.network(images) / self.temperature
        if logits.shape[1] != NOT_A_DIGIT + 1:
            return torch.softmax(logits, 1)
        not_a_digit = torch.softmax(logits, 1)[:, NOT_A_DIGIT]
        return torch.softmax(logits[:, :NOT_A_DIGIT], 1), not_a_digit


def to_onnx(network: nn.Module, temperature: float) -> bytes:
    """The network as ONNX, without metadata; it is put in evaluation mode.

    Raises:
        TrainingError: it uses what can't be expressed in ONNX.
    """
    deployed = _Deployed(network, temperature).eval()
    image = torch.zeros(2, 1, 28, 28, device=next(network.parameters()).device)
    buffer = io.BytesIO()
    try:
        with warnings.catch_warnings(), torch.no_grad():
            both = isinstance(deployed(image), tuple)
            outputs = [OUTPUT, NOT_A_DIGIT_OUTPUT] if both else [OUTPUT]
            # The tracing exporter takes 0.02 s, its successor (dynamo=True) 5 s, and torch warns of
            # it each time.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                deployed,
                (image,),
                buffer,  # type: ignore[arg-type]
                dynamo=False,
                opset_version=_OPSET,
                input_names=[INPUT],
                output_names=outputs,
                dynamic_axes={name: {0: "n"} for name in (INPUT, *outputs)},
            )
    except Exception as error:  # whatever the exporter meets in somebody's network
        first = str(error).strip().split("\n")[0]
        raise TrainingError(f"this network can't be saved as ONNX: {first}") from error
    return buffer.getvalue()


def with_metadata(model: bytes, metadata: ModelMetadata) -> bytes:
    """The same model with this metadata in place of what it had."""
    proto = onnx.load_from_string(model)
    proto.producer_name, proto.producer_version = "inkdigits", metadata.versions["inkdigits"]
    del proto.metadata_props[:]
    onnx.helper.set_model_props(proto, metadata.to_properties())
    content: bytes = proto.SerializeToString(deterministic=True)
    return content
