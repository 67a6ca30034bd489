"""ONNX Runtime sessions as all of inkdigits runs them."""

import onnxruntime


def open_session(content: bytes) -> onnxruntime.InferenceSession:
    """A session for an ONNX file, of one thread; ONNX Runtime raises errors of its own.

    One run is one thread's work, and a large array is several runs side by side: a digit waits for
    no other thread, and no idle thread spins.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # our own errors speak
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
