"""FastAPI and ONNX Runtime, one by one: `python plain_fastapi.py PORT WORKERS MODEL`.

`POST /read` takes a picture's bytes and only resizes it, as the chapter does. That is what
`/v1/read?single=1&preprocess=resize` does, without a search for ink.
"""

import io
import sys

import numpy as np
import onnxruntime
import uvicorn
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from PIL import Image

app = FastAPI()
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[3], options, providers=["CPUExecutionProvider"])


def read(content: bytes) -> dict:
    """The digit in a picture, and the probabilities of all ten."""
    image = Image.open(io.BytesIO(content)).convert("L").resize((28, 28))
    scaled = np.asarray(image, np.float32)[None, None] / 127.5 - 1
    probabilities = session.run(["probabilities"], {"img": scaled})[0][0]
    return {"value": int(probabilities.argmax()), "probabilities": probabilities.tolist()}


@app.post("/read")
async def read_picture(request: Request) -> dict:
    """Read one picture, off the event loop."""
    return await run_in_threadpool(read, await request.body())


@app.get("/health")
def health() -> dict:
    """Say that it is there."""
    return {}


if __name__ == "__main__":
    uvicorn.run(
        "plain_fastapi:app",
        port=int(sys.argv[1]),
        workers=int(sys.argv[2]),
        access_log=False,
        timeout_worker_healthcheck=60,  # or else slow workers are ended before they have started
    )
