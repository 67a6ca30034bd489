"""What is measured, one function a part; each gives its figures as plain values."""

import asyncio
import base64
import io
import json
import os
import platform
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.serve.client import Load, closed, paced, request
from benchmarks.serve.servers import TICKS, Server, inkdigits
from inkdigits.data import mnist

Figures = dict[str, Any]
_WARM_UP = 3.0
_PICTURES = 500
_BATCH = 64
_PAUSE = 0.1  # seconds after a refusal


def pictures() -> list[bytes]:
    """PNG files of 28x28 pixels, dark on light, of training digits."""
    made = []
    for image in mnist(download=False).train.images[:_PICTURES]:
        content = io.BytesIO()
        Image.fromarray(255 - image).save(content, "PNG")
        made.append(content.getvalue())
    return made


def noisy_pictures() -> list[bytes]:
    """The same as cut out of photos: pale ink, grey paper with noise."""
    chance = np.random.default_rng(0)
    made = []
    for image in mnist(download=False).train.images[:_PICTURES]:
        light = 225 - 0.7 * image + chance.normal(0, 3, image.shape)
        content = io.BytesIO()
        Image.fromarray(light.clip(0, 255).astype(np.uint8)).save(content, "PNG")
        made.append(content.getvalue())
    return made


def pictures_in_json() -> list[bytes]:
    """The pictures in JSON, for servers that take nothing else."""
    return [
        json.dumps({"picture": base64.b64encode(content).decode()}).encode()
        for content in pictures()
    ]


def run(load: Coroutine[Any, Any, Load]) -> Load:
    """Run a load, on uvloop where it is installed: the client should cost little."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(load)
    return uvloop.run(load)


def measured(server: Server, work: Callable[[], Load]) -> tuple[Load, Figures]:
    """A load, and what it cost: processors busy with server, client, and everything else."""
    before = server.processor_seconds(), time.process_time(), _machine_seconds(), time.time()
    load = work()
    after = server.processor_seconds(), time.process_time(), _machine_seconds(), time.time()
    of_server, of_client, of_all, seconds = (b - a for a, b in zip(before, after, strict=True))
    busy = {
        "server": round(of_server / seconds, 2),
        "client": round(of_client / seconds, 2),
        "others": round(max(0.0, of_all - of_server - of_client) / seconds, 2),
    }
    return load, busy


def start(workers: int, times: int = 5) -> Figures:
    """Seconds from the command to ready, the median and all; memory of each worker when idle."""
    seconds, memory = [], []
    for _ in range(times):
        with inkdigits(workers) as server:
            seconds.append(round(server.seconds_to_ready, 3))
            memory = server.memory()
    return {
        "seconds_to_ready": sorted(seconds)[len(seconds) // 2],
        "all": seconds,
        "idle_memory_mb": [round(m, 1) for m in memory],
    }


def single(
    server: Server,
    path: str,
    contents: list[bytes],
    connections: int,
    seconds: float,
    headers: str = "",
) -> Figures:
    """Pictures of one digit, each connection asking again as soon as it has its answer."""
    requests = [request(path, content, headers) for content in contents]
    run(closed(server.address, requests, connections, _WARM_UP))
    load, busy = measured(
        server, lambda: run(closed(server.address, requests, connections, seconds))
    )
    return {**load.figures(), **_failures(load), "busy": busy, "memory_mb": _memory(server)}


def steady(
    server: Server, path: str, contents: list[bytes], connections: int, seconds: float, rate: float
) -> Figures:
    """Pictures of one digit at a steady rate."""
    requests = [request(path, content) for content in contents]
    run(closed(server.address, requests, connections, _WARM_UP))
    load, busy = measured(
        server, lambda: run(paced(server.address, requests, connections, seconds, rate))
    )
    return {"rate": rate, **load.figures(), **_failures(load), "busy": busy}


def batches(server: Server, model: str, connections: int, seconds: float) -> Figures:
    """Batches of 64 digits by the Open Inference Protocol, as binary FP32 tensors."""
    images = mnist(download=False).train.images[: 8 * _BATCH, None]
    scaled = (images.astype(np.float32) / 127.5 - 1).reshape(8, _BATCH, 1, 28, 28)
    requests = [_inference(model, batch) for batch in scaled]
    run(closed(server.address, requests, connections, _WARM_UP))
    load, busy = measured(
        server, lambda: run(closed(server.address, requests, connections, seconds))
    )
    figures = load.figures()
    digits = round(figures["per_second"] * _BATCH)
    return {"digits_per_second": digits, **figures, **_failures(load), "busy": busy}


def saturated(
    server: Server, path: str, contents: list[bytes], connections: int, seconds: float
) -> Figures:
    """Four times the connections: refusals, health meanwhile, memory, and how soon it recovers.

    Who is refused asks again after a tenth of a second, far sooner than the answer asks for.
    """
    requests = [request(path, content) for content in contents]
    memory = _memory(server)
    before = run(closed(server.address, requests, connections, 3))

    command = [sys.executable, "-m", "benchmarks.serve.probe", *map(str, server.address)]
    with subprocess.Popen([*command, str(seconds)], stdout=subprocess.PIPE) as probe:
        flooded, busy = measured(
            server,
            lambda: run(closed(server.address, requests, 4 * connections, seconds, _PAUSE)),
        )
        assert probe.stdout is not None
        health = json.loads(probe.stdout.read())
    at_once = run(closed(server.address, requests, connections, 2))
    return {
        "answered": flooded.figures(200),
        "refused": flooded.figures(503),
        "other": {k: len(v) for k, v in flooded.latencies.items() if k not in (200, 503)},
        **_failures(flooded),
        "health": health,
        "busy": busy,
        "memory_before_mb": memory,
        "memory_after_mb": _memory(server),
        "per_second_before": before.figures()["per_second"],
        "per_second_in_the_2_s_after": at_once.figures()["per_second"],
    }


def slow(server: Server, content: bytes) -> Figures:
    """One byte a second: how long until the server closes, and what others wait meanwhile."""
    head = request("/v1/read?single=1", bytes(900))[:-900]
    began = time.perf_counter()
    waits = []
    with socket.create_connection(server.address) as client:
        client.sendall(head)
        client.settimeout(1)
        while time.perf_counter() - began < 60:
            try:
                client.sendall(b"x")
                if not client.recv(5000):
                    break
            except TimeoutError:
                once = run(closed(server.address, [request("/v1/read", content)], 1, 0.1))
                waits += once.latencies.get(200, [])
            except OSError:
                break
    return {
        "closed_after_s": round(time.perf_counter() - began, 1),
        "others_answered": len(waits),
        "others_most_ms": round(max(waits) * 1000, 1),
    }


def _inference(model: str, batch: np.ndarray) -> bytes:
    blob = batch.astype("<f4").tobytes()
    tensor = {"name": "img", "datatype": "FP32", "shape": list(batch.shape)}
    tensor["parameters"] = {"binary_data_size": len(blob)}
    head = {"inputs": [tensor], "parameters": {"binary_data_output": True}}
    text = json.dumps(head).encode()
    headers = f"inference-header-content-length: {len(text)}\r\n"
    return request(f"/v2/models/{model}/infer", text + blob, headers)


def _failures(load: Load) -> Figures:
    other = {str(k): len(v) for k, v in load.latencies.items() if k not in (200, 503)}
    return {"failures": {**load.failures, **other}}


def _memory(server: Server) -> list[float]:
    return [round(memory, 1) for memory in server.memory()]


def _machine_seconds() -> float:
    """Seconds that all processors were busy since the machine started."""
    user, nice, system, _, _, interrupts, soft, *_ = (
        int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + interrupts + soft) / TICKS


def machine() -> Figures:
    """What it was measured on."""
    return {
        "processors": len(os.sched_getaffinity(0)),
        "load_average": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
    }
