"""Pictures read with bare ONNX Runtime and Pillow, resized as the chapter does: no search for ink.

Arguments: model file, then a picture, or a folder of pictures; a line of JSON each.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
given = Path(sys.argv[2])
for path in sorted(given.glob("*.png")) if given.is_dir() else [given]:
    with Image.open(path) as image:
        grey = np.asarray(image.convert("L").resize((28, 28)), np.float32)
    pixels = (1 - grey / 127.5)[None, None]
    probabilities = session.run(None, {"img": pixels})[0][0]
    value = int(probabilities.argmax())
    read = {"picture": str(path), "value": value, "confidence": float(probabilities[value])}
    print(json.dumps(read))
