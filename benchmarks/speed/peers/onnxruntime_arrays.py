"""Ready arrays classified by bare ONNX Runtime, as it comes. Arguments: model file, images."""

import sys

import onnxruntime
from arrays import measure, pixels, scaled

session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
measure(lambda images: session.run(None, {"img": images}), scaled(pixels(int(sys.argv[2]))))
