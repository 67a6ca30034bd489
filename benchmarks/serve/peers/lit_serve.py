"""LitServe with its dynamic batching: `python lit_serve.py PORT WORKERS MODEL`.

The work is that of `plain_fastapi.py`.

LitServe hands JSON to its API, not the bytes of a body: pictures come as base64 in JSON.
"""

import base64
import io
import sys

import litserve
import numpy as np
import onnxruntime
from PIL import Image


class Digits(litserve.LitAPI):
    """Reads pictures of one digit."""

    def setup(self, device: str) -> None:
        """Load the model."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            sys.argv[3], options, providers=["CPUExecutionProvider"]
        )

    def decode_request(self, request: dict) -> np.ndarray:
        """From a picture's bytes, in base64, to what the model takes."""
        content = base64.b64decode(request["picture"])
        image = Image.open(io.BytesIO(content)).convert("L").resize((28, 28))
        return np.asarray(image, np.float32)[None] / 127.5 - 1

    def batch(self, inputs: list[np.ndarray]) -> np.ndarray:
        """Several pictures as one array."""
        return np.stack(inputs)

    def predict(self, images: np.ndarray) -> np.ndarray:
        """Run the model."""
        return self.session.run(["probabilities"], {"img": images})[0]

    def unbatch(self, output: np.ndarray) -> list[np.ndarray]:
        """One row for each picture."""
        return list(output)

    def encode_response(self, output: np.ndarray) -> dict:
        """The digit, and the probabilities of all ten."""
        return {"value": int(output.argmax()), "probabilities": output.tolist()}


if __name__ == "__main__":
    api = Digits(max_batch_size=16, batch_timeout=0.001, api_path="/read")
    server = litserve.LitServer(api, accelerator="cpu", workers_per_device=int(sys.argv[2]))
    server.run(port=int(sys.argv[1]), log_level="error", generate_client_file=False)
