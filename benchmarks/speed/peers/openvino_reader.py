"""A picture read with OpenVINO and Pillow. Arguments: model file, picture."""

import json
import sys

import numpy as np
import openvino
from PIL import Image

model = openvino.Core().compile_model(sys.argv[1], "CPU")
with Image.open(sys.argv[2]) as image:
    grey = np.asarray(image.convert("L").resize((28, 28)), np.float32)
probabilities = model((1 - grey / 127.5)[None, None])[0][0]
print(json.dumps({"value": int(probabilities.argmax())}))
