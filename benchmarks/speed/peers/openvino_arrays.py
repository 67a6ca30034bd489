"""Ready arrays classified by OpenVINO. Arguments: model file, images."""

import sys

import openvino
from arrays import measure, pixels, scaled

core = openvino.Core()
quick = core.compile_model(sys.argv[1], "CPU", {"PERFORMANCE_HINT": "LATENCY"})
wide = core.compile_model(sys.argv[1], "CPU", {"PERFORMANCE_HINT": "THROUGHPUT"})


def classify(images):
    if len(images) == 1:
        return quick(images)
    requests = openvino.AsyncInferQueue(wide)
    for at in range(0, len(images), 64):
        requests.start_async({0: images[at : at + 64]})
    requests.wait_all()
    return None


measure(classify, scaled(pixels(int(sys.argv[2]))))
